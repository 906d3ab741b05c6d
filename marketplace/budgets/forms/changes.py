"""What a practitioner types to change a line, share it out, hand it over or close it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.access.rules import NAME_LENGTH_MAX
from marketplace.budgets.commands import (
    ChangeLine,
    NewHolder,
    OfferLine,
    Share,
    TakeOver,
)
from marketplace.budgets.forms.parts import MoreThanNothing, Store, store_choices
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import WORDS_LENGTH_MAX, Funder, Holder, funder_rules
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import DayField, LineField, MoneyField, Needed, NoLonger, UuidField

COST_CODE_LENGTH_MAX = 40


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """What every change of a line needs: a reason, and an id so that twice is once."""

    change_id = UuidField()
    reason = LineField(
        "Why?",
        description="The person reads it.",
        validators=[Needed("Say why. The person reads it."), NoLonger(WORDS_LENGTH_MAX)],
    )

    def wish(self, line_id: UUID) -> ChangeLine:
        """Return which line is to be changed, and why."""
        return ChangeLine(line_id=line_id, reason=self.reason.data, change_id=self.change_id.data)

    def begin_with(self, line: LineRow) -> None:
        """Show what it is now where that can be changed a little."""

    def say(self, field: str, sentence: str) -> None:
        """Put a refusal beside the field it is about, or beside the reason."""
        name = {"ends_before": "ends_on"}.get(field, field)
        getattr(self, name if name in self else "reason").errors = [sentence]


class AmountForm(ChangeForm):
    """Another amount for a year."""

    yearly = MoneyField(
        "How much is it for a year from now on?",
        description="It counts from the next time money comes in. What is there stays.",
        validators=[Needed("Enter the amount for a year."), MoreThanNothing()],
    )

    def begin_with(self, line: LineRow) -> None:
        """Show the amount of now."""
        self.yearly.data = line.yearly

    @property
    def amount(self) -> Money:
        """The amount that was typed."""
        return cast("Money", self.yearly.data)


class FunderForm(ChangeForm):
    """Another fund of the same council."""

    funder = SelectField(
        "Where does the money come from now?",
        choices=[
            SelectChoice(funder.value, funder.label) for funder in Funder if not funder.is_private
        ],
    )

    def begin_with(self, line: LineRow) -> None:
        """Show the fund of now."""
        self.funder.data = line.funder.value


class CostCodeForm(ChangeForm):
    """Another cost code."""

    cost_code = LineField("Cost code", validators=[Optional(), NoLonger(COST_CODE_LENGTH_MAX)])

    def begin_with(self, line: LineRow) -> None:
        """Show the code of now."""
        self.cost_code.data = line.cost_code


class EndForm(ChangeForm):
    """Another last day."""

    ends_on = DayField(
        "What is the last day?",
        description="Leave this empty if there is none. For example, {far}.",
        validators=[Optional()],
    )

    def begin_with(self, line: LineRow) -> None:
        """Show the last day of now."""
        self.ends_on.data = line.last_day

    @property
    def ends_before(self) -> date | None:
        """The first day after it."""
        typed = cast("date | None", self.ends_on.data)
        return typed and typed + timedelta(days=1)


class HolderForm(ChangeForm):
    """Somebody else to look after the money."""

    holder = RadioField(
        "Who looks after the money from now on?",
        description="Looking after the money is not deciding: the person decides how it is used.",
        validators=[InputRequired("Choose who looks after the money.")],
    )
    holder_name = LineField(
        "What is the name of who looks after it?",
        description="Leave this empty if it is the person, the council, or a store here.",
        validators=[Optional(), NoLonger(NAME_LENGTH_MAX)],
    )
    store = SelectField("If it is a provider: which store?", choices=())

    def __init__(self, line: LineRow, stores: Sequence[Store]) -> None:
        super().__init__()
        self.holder.choices = _holders(line.funder)
        self.store.choices = store_choices(stores)

    @property
    def new(self) -> NewHolder:
        """Who it is to be."""
        return NewHolder(
            holder=Holder(self.holder.data),
            name=self.holder_name.data,
            provider_id=UUID(self.store.data) if self.store.data else None,
        )


class SplitForm(ChangeForm):
    """A part of the money for somebody else to look after."""

    percent = IntegerField(
        "How many percent go to somebody else?",
        description="A whole number from 1 to 99. The rest stays as it is. Each part keeps every "
        "limit in full: set lower ones afterwards if both together would let too much through.",
        validators=[
            InputRequired("Enter a whole number from 1 to 99."),
            NumberRange(1, 99, "Enter a whole number from 1 to 99."),
        ],
    )
    holder = RadioField(
        "Who looks after that part?",
        validators=[InputRequired("Choose who looks after that part.")],
    )
    holder_name = LineField(
        "What is the name of who looks after it?",
        description="Leave this empty if it is the person, the council, or a store here.",
        validators=[Optional(), NoLonger(NAME_LENGTH_MAX)],
    )
    store = SelectField("If it is a provider: which store?", choices=())

    def __init__(self, line: LineRow, stores: Sequence[Store]) -> None:
        super().__init__()
        self.holder.choices = _holders(line.funder)
        self.store.choices = store_choices(stores)

    @property
    def others(self) -> list[Share]:
        """The part, and who looks after it."""
        new = NewHolder(
            holder=Holder(self.holder.data),
            name=self.holder_name.data,
            provider_id=UUID(self.store.data) if self.store.data else None,
        )
        return [Share(percent=self.percent.data, new=new)]


class OfferForm(ChangeForm):
    """Another council to go on with a line."""

    to_council_id = SelectField("Which council goes on with it?", choices=())

    def __init__(self, councils: Sequence[Store]) -> None:
        super().__init__()
        self.to_council_id.choices = [
            SelectChoice(str(council_id), name) for council_id, name in councils
        ]

    def offer(self, line_id: UUID) -> OfferLine:
        """Return what is offered."""
        return OfferLine(
            handover_id=self.change_id.data,
            line_id=line_id,
            to_council_id=UUID(self.to_council_id.data),
            reason=self.reason.data,
        )


class TakeOverForm(FlaskForm):  # type: ignore[misc]
    """What the other council agrees to."""

    yearly = MoneyField("How much is it for a year?", validators=[Optional()])
    cost_code = LineField("Your cost code", validators=[Optional(), NoLonger(COST_CODE_LENGTH_MAX)])

    def wish(self, handover_id: UUID) -> TakeOver:
        """Return what is agreed to."""
        return TakeOver(
            handover_id=handover_id,
            yearly=cast("Money | None", self.yearly.data) or ZERO,
            cost_code=self.cost_code.data,
        )


class TurnDownForm(FlaskForm):  # type: ignore[misc]
    """Why the other council does not go on with a line."""

    words = LineField(
        "Why not?",
        validators=[Needed("Say why not. The other council reads it."), NoLonger(WORDS_LENGTH_MAX)],
    )


class CloseForm(ChangeForm):
    """What becomes of a line."""

    into = RadioField(
        "What becomes of it?", validators=[InputRequired("Choose what becomes of it.")]
    )

    STOP, CLOSE = "stop", "close"

    def __init__(self, lines: Sequence[LineRow]) -> None:
        super().__init__()
        self.into.choices = [
            SelectChoice(self.STOP, "No more comes in. What is there stays to be spent."),
            SelectChoice(self.CLOSE, "Close it. Nothing is left, or it is their own money."),
            *(
                SelectChoice(str(line.id), f"Close it. What is left goes to: {line.label}.")
                for line in lines
            ),
        ]

    @property
    def into_id(self) -> UUID | None:
        """The line that what is left goes to."""
        return None if self.into.data in {self.STOP, self.CLOSE} else UUID(self.into.data)


def _holders(funder: Funder) -> list[Any]:
    return [
        SelectChoice(holder.value, f"{holder.label}. {holder.explanation}")
        for holder in funder_rules(funder).may_hold
    ]


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Where a line goes in the sequence."""

    change_id = UuidField()
