"""What a practitioner types to open a funding line: its shape, not whether they may."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from marketplace.access.rules import NAME_LENGTH_MAX
from marketplace.budgets.commands import NewLimit, OpenLine
from marketplace.budgets.forms.parts import (
    MoreThanNothing,
    Store,
    limit_field,
    reason_field,
    store_choices,
)
from marketplace.budgets.rules import (
    OUTCOMES_MAX,
    WORDS_LENGTH_MAX,
    Calendar,
    Funder,
    Holder,
    LimitWindow,
)
from marketplace.kernel.money import Money
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    TickField,
    UuidField,
)

COST_CODE_LENGTH_MAX = 40


class OpenLineForm(FlaskForm):  # type: ignore[misc]
    """Where the money comes from, how much, who holds it, what for, and its limits."""

    line_id = UuidField()
    order_limit_id = UuidField()
    four_weeks_limit_id = UuidField()
    funder = SelectField(
        "Where does the money come from?",
        choices=[SelectChoice(funder.value, funder.label) for funder in Funder],
    )
    yearly = MoneyField(
        "How much is it for a year?",
        validators=[Needed("Enter the amount for a year."), MoreThanNothing()],
    )
    calendar = SelectField(
        "How does it come?",
        choices=[
            SelectChoice(Calendar.FOUR_WEEKLY.value, "Every four weeks, in 13 parts"),
            SelectChoice(Calendar.MONTHLY.value, "Every month, in 12 parts"),
            SelectChoice(Calendar.ONE_OFF.value, "Once, all of it"),
        ],
        default=Calendar.FOUR_WEEKLY.value,
    )
    only_for = TickField(
        "Is it only for some things?",
        description="Leave this empty if it is for all that this kind of money may buy.",
        choices=(),
    )
    starts_on = DayField(
        "When does it start?",
        description="The first part is paid on this day. For example, {day}.",
        validators=[Needed("Enter the day it starts, like {day}.")],
    )
    ends_on = DayField(
        "What is the last day?",
        description="Leave this empty if there is none.",
        validators=[Optional()],
    )
    cost_code = LineField("Cost code", validators=[Optional(), NoLonger(COST_CODE_LENGTH_MAX)])
    holder = RadioField(
        "Who looks after the money?",
        description="Looking after the money is not deciding: the person decides how it is used.",
        choices=[
            SelectChoice(holder.value, f"{holder.label}. {holder.explanation}") for holder in Holder
        ],
        validators=[InputRequired("Choose who looks after the money.")],
    )
    holder_name = LineField(
        "What is the name of who looks after it?",
        description="Leave this empty if it is the person, the council, or a store here.",
        validators=[Optional(), NoLonger(NAME_LENGTH_MAX)],
    )
    store = SelectField("If it is a provider: which store?", choices=())
    outcomes = TextAreaField(
        "What is the money for?",
        description="What the person wants to be true in their life. One on each line.",
        validators=[Needed("Enter at least one thing the person wants to be true.")],
    )
    order_limit = limit_field("The most for one order")
    order_reason = reason_field("Why is there a limit for one order?")
    four_weeks_limit = limit_field("The most for four weeks")
    four_weeks_reason = reason_field("Why is there a limit for four weeks?")

    def __init__(self, categories: Sequence[tuple[str, str]], stores: Sequence[Store]) -> None:
        super().__init__()
        self.store.choices = store_choices(stores)
        self.only_for.choices = [SelectChoice(slug, name) for slug, name in categories]

    def validate_outcomes(self, field: Field) -> None:
        """Refuse more than anybody reads."""
        if len(self.sentences) > OUTCOMES_MAX:
            raise ValidationError(f"There can be at most {OUTCOMES_MAX}.")
        if any(len(sentence) > WORDS_LENGTH_MAX for sentence in self.sentences):
            raise ValidationError(f"Use at most {WORDS_LENGTH_MAX} characters on each line.")

    def validate_order_reason(self, field: Field) -> None:
        """Refuse a limit without a reason, and a reason without a limit."""
        _refuse_half_a_limit(self.order_limit, field)

    def validate_four_weeks_reason(self, field: Field) -> None:
        """Refuse a limit without a reason, and a reason without a limit."""
        _refuse_half_a_limit(self.four_weeks_limit, field)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The outcomes, one for each line."""
        lines = cast("str", self.outcomes.data or "").splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def wish(self, person_id: UUID) -> OpenLine:
        """Return what was typed, as a command."""
        ends_on = cast("date | None", self.ends_on.data)
        return OpenLine(
            line_id=self.line_id.data,
            person_id=person_id,
            funder=Funder(self.funder.data),
            yearly=cast("Money", self.yearly.data),
            holder=Holder(self.holder.data),
            holder_name=self.holder_name.data,
            holder_provider_id=UUID(self.store.data) if self.store.data else None,
            cost_code=self.cost_code.data,
            starts_on=cast("date", self.starts_on.data),
            ends_before=ends_on and ends_on + timedelta(days=1),
            calendar=Calendar(self.calendar.data),
            only_for=tuple(self.only_for.data or ()),
            outcomes=self.sentences,
            limits=tuple(self._limits()),
        )

    def say(self, field: str, sentence: str) -> None:
        """Put a refusal beside the field it is about."""
        name = {"ends_before": "ends_on"}.get(field, field)
        getattr(self, name).errors = [sentence]

    def _limits(self) -> list[NewLimit]:
        parts = (
            (LimitWindow.ORDER, self.order_limit_id, self.order_limit, self.order_reason),
            (
                LimitWindow.FOUR_WEEKS,
                self.four_weeks_limit_id,
                self.four_weeks_limit,
                self.four_weeks_reason,
            ),
        )
        return [
            NewLimit(limit_id=limit_id.data, window=window, amount=amount.data, reason=reason.data)
            for window, limit_id, amount, reason in parts
            if amount.data is not None
        ]


def _refuse_half_a_limit(amount: Field, reason: Field) -> None:
    if amount.raw_data and amount.raw_data[0].strip() and not reason.data:
        raise ValidationError("Say why there is this limit.")
    if reason.data and not (amount.raw_data and amount.raw_data[0].strip()):
        raise ValidationError("Enter the amount of the limit too, or take the reason out.")
