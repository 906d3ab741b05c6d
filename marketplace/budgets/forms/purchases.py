"""What somebody types about what they bought outside the market."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.budgets.commands import RecordPurchase
from marketplace.budgets.queries import LineRow, OutcomeRow
from marketplace.budgets.rules.purchases import WHAT_LENGTH_MAX
from marketplace.kernel.money import Money
from marketplace.web.fields import DayField, LineField, MoneyField, Needed, NoLonger, UuidField

NONE = "none"
ANY = "any"


class PurchaseForm(FlaskForm):  # type: ignore[misc]
    """Something bought outside the market."""

    purchase_id = UuidField()
    amount = MoneyField(
        "How much was it?", validators=[Needed("Enter how much it was, like 12.50.")]
    )
    what = LineField(
        "What did you buy?",
        description="A few words, like: cinema with Joe.",
        validators=[Needed("Say what you bought."), NoLonger(WHAT_LENGTH_MAX)],
    )
    outcome_id = RadioField(
        "What was it for?", choices=(), validators=[InputRequired("Choose what it was for.")]
    )
    paid_on = DayField(
        "When did you pay?", validators=[Needed("Enter the day you paid, like {past}.")]
    )
    photo = FileField(
        "Photo of the receipt, if you have one",
        description="A JPEG, PNG or WebP file of no more than 6 MB.",
    )
    line_id = RadioField("Which money paid?", choices=(), default=ANY)
    category = SelectField("What kind of thing is it?", choices=(), default=NONE)

    def offer(
        self,
        outcomes: Sequence[OutcomeRow],
        lines: Sequence[LineRow],
        categories: Sequence[tuple[str, str]],
        *,
        today: date,
    ) -> None:
        """Fill in what can be chosen, and today as the day it was paid."""
        self.outcome_id.choices = [
            *(SelectChoice(str(row.id), row.sentence) for row in outcomes),
            SelectChoice(NONE, "Something else"),
        ]
        if not outcomes:
            self.outcome_id.data = NONE
        self.line_id.choices = [
            SelectChoice(ANY, "The usual one"),
            *(SelectChoice(str(row.id), row.label) for row in lines),
        ]
        self.category.choices = [
            SelectChoice(NONE, "I do not know"),
            *(SelectChoice(slug, name) for slug, name in categories),
        ]
        if not self.is_submitted():
            self.paid_on.data = self.paid_on.data or today

    @property
    def sent_photo(self) -> bytes:
        """The photo's file; nothing if none was sent."""
        sent = cast("Any", self.photo.data)
        return sent.read() if hasattr(sent, "read") and sent.filename else b""

    def wish(self) -> RecordPurchase:
        """Return what was typed, as a command."""
        return RecordPurchase(
            purchase_id=self.purchase_id.data,
            amount=cast("Money", self.amount.data),
            what=self.what.data,
            paid_on=cast("date", self.paid_on.data),
            outcome_id=_chosen(self.outcome_id.data, NONE),
            category="" if self.category.data == NONE else self.category.data,
            line_id=_chosen(self.line_id.data, ANY),
            photo=self.sent_photo,
        )

    def say(self, field: str, sentence: str) -> None:
        """Put a refusal beside the field it is about."""
        getattr(self, field).errors = [sentence]


def _chosen(typed: str | None, nothing: str) -> UUID | None:
    return None if typed in {None, "", nothing} else UUID(typed)
