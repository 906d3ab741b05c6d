"""What somebody types to set a spending limit."""

from typing import cast

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.budgets.commands import NewLimit
from marketplace.budgets.forms.parts import MoreThanNothing, reason_field
from marketplace.budgets.rules import LimitKind, LimitWindow
from marketplace.kernel.money import Money
from marketplace.web.fields import MoneyField, Needed, UuidField


class LimitForm(FlaskForm):  # type: ignore[misc]
    """One spending limit on one funding line."""

    limit_id = UuidField()
    window = SelectField("For how long does it count?", choices=())
    amount = MoneyField(
        "The most that may be spent", validators=[Needed("Enter an amount."), MoreThanNothing()]
    )
    kind = RadioField(
        "What happens above it?",
        choices=[
            SelectChoice(LimitKind.REFUSE.value, "The order is stopped"),
            SelectChoice(LimitKind.ASK.value, "They are to ask first"),
        ],
        default=LimitKind.REFUSE.value,
        validators=[InputRequired("Choose what happens.")],
    )
    reason = reason_field()

    def __init__(self) -> None:
        super().__init__()
        self.window.choices = [
            SelectChoice(window.value, window.label[:1].upper() + window.label[1:])
            for window in LimitWindow
        ]

    def validate_reason(self, field: Field) -> None:
        """Refuse a limit without a reason."""
        if not field.data:
            raise ValidationError("Say why there is this limit.")

    @property
    def wish(self) -> NewLimit:
        """What was typed, as part of a command."""
        return NewLimit(
            limit_id=self.limit_id.data,
            window=LimitWindow(self.window.data),
            amount=cast("Money", self.amount.data),
            kind=LimitKind(self.kind.data),
            reason=self.reason.data,
        )
