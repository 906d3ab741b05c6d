"""What a practitioner or a person types about money: its shape, not whether they may."""

from marketplace.budgets.forms.limits import LimitForm
from marketplace.budgets.forms.lines import OpenLineForm
from marketplace.budgets.forms.parts import MoreThanNothing, limit_field, reason_field
from marketplace.budgets.forms.people import AddPersonForm, OutcomeForm

__all__ = [
    "AddPersonForm",
    "LimitForm",
    "MoreThanNothing",
    "OpenLineForm",
    "OutcomeForm",
    "limit_field",
    "reason_field",
]
