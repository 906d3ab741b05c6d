"""What a practitioner or a person types about money: its shape, not whether they may."""

from marketplace.budgets.forms.limits import EndLimitForm, LimitForm
from marketplace.budgets.forms.lines import OpenLineForm
from marketplace.budgets.forms.parts import MoreThanNothing, limit_field, reason_field
from marketplace.budgets.forms.people import AddPersonForm, OutcomeForm
from marketplace.budgets.forms.requests import AnswerForm, AskOnceForm

__all__ = [
    "AddPersonForm",
    "AnswerForm",
    "AskOnceForm",
    "EndLimitForm",
    "LimitForm",
    "MoreThanNothing",
    "OpenLineForm",
    "OutcomeForm",
    "limit_field",
    "reason_field",
]
