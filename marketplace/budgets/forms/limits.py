"""What somebody types to set or end a spending limit: its shape, not whether they may."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.budgets.commands import COUNT_MOST, NARROWED_TO_MOST, NewLimit
from marketplace.budgets.forms.parts import MoreThanNothing, reason_field
from marketplace.budgets.rules import (
    WORDS_LENGTH_MAX,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
)
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import LineField, MoneyField, NoLonger, TickField, TypedField, UuidField


class How(StrEnum):
    """How a limit limits."""

    AMOUNT = "amount"
    COUNT = "count"
    NEVER = "never"
    ONLY = "only"


_HOW: Mapping[How, str] = MappingProxyType(
    {
        How.AMOUNT: "Up to an amount of money",
        How.COUNT: "Up to a number of orders",
        How.NEVER: "None of these are to be bought",
        How.ONLY: "Only these are to be bought, and nothing else",
    }
)
_FIELD_OF: Mapping[Narrowing, str] = MappingProxyType(
    {
        Narrowing.NOTHING: "narrowed",
        Narrowing.CATEGORY: "categories",
        Narrowing.PROVIDER: "provider_names",
        Narrowing.OUTCOME: "outcomes",
    }
)


class OrdersField(TypedField):
    """A whole number of orders."""

    def read(self, typed: str) -> int:
        """Read a whole number; only digits are one."""
        fits = typed.isascii() and typed.isdigit() and len(typed) <= len(str(COUNT_MOST))
        if not fits or not 1 <= int(typed) <= COUNT_MOST:
            raise ValueError(f"Enter a whole number of orders from 1 to {COUNT_MOST:,}, like 3.")
        return int(typed)


class LimitForm(FlaskForm):  # type: ignore[misc]
    """One spending limit on one funding line."""

    limit_id = UuidField()
    how = RadioField(
        "How does it limit?",
        choices=[SelectChoice(how.value, words) for how, words in _HOW.items()],
        default=How.AMOUNT.value,
        validators=[InputRequired("Choose how it limits.")],
    )
    amount = MoneyField("How much money?", validators=[MoreThanNothing()])
    orders = OrdersField("How many orders?")
    window = SelectField("For how long does it count?", choices=())
    narrowed = RadioField(
        "What is it for?",
        choices=[
            SelectChoice(Narrowing.NOTHING.value, "Everything"),
            SelectChoice(Narrowing.CATEGORY.value, "Some kinds of support"),
            SelectChoice(Narrowing.PROVIDER.value, "Some providers"),
            SelectChoice(Narrowing.OUTCOME.value, "Some of the things that are to be true"),
        ],
        default=Narrowing.NOTHING.value,
        validators=[InputRequired("Choose what it is for.")],
    )
    categories = TickField("Which kinds of support?", choices=(), validate_choice=False)
    providers = TickField("Which providers?", choices=(), validate_choice=False)
    provider_names = TextAreaField(
        "Other providers",
        description="Write their names as they stand on their pages. One on each line.",
    )
    outcomes = TickField("Which things that are to be true?", choices=(), validate_choice=False)
    kind = RadioField(
        "What happens above it?",
        choices=[
            SelectChoice(LimitKind.REFUSE.value, "The order is stopped"),
            SelectChoice(LimitKind.ASK.value, "They are to ask first"),
        ],
        default=LimitKind.REFUSE.value,
        validators=[InputRequired("Choose what happens.")],
    )
    asks = SelectField("Who is asked to let something through once?", validate_choice=False)
    reason = reason_field()
    looked = BooleanField("I have looked at this, and it is right")
    second_look = LineField("Why is it right?", validators=[NoLonger(WORDS_LENGTH_MAX)])

    def __init__(self) -> None:
        super().__init__()
        self.window.choices = [
            SelectChoice(window.value, window.label[:1].upper() + window.label[1:])
            for window in LimitWindow
        ]

    def offer(
        self,
        *,
        categories: Iterable[tuple[str, str]],
        providers: Iterable[tuple[str, str]],
        outcomes: Iterable[tuple[str, str]],
        asks: Iterable[tuple[str, str]],
    ) -> None:
        """Offer what can be chosen."""
        self.categories.choices = [SelectChoice(*one) for one in categories]
        self.providers.choices = [SelectChoice(*one) for one in providers]
        self.outcomes.choices = [SelectChoice(*one) for one in outcomes]
        self.asks.choices = [SelectChoice(*one) for one in asks]

    def validate_amount(self, field: Field) -> None:
        """Refuse a limit of money without an amount."""
        if self.how.data == How.AMOUNT and field.data is None and not field.typed:
            raise ValidationError("Enter an amount.")

    def validate_orders(self, field: Field) -> None:
        """Refuse a number of orders without a number, or for one order."""
        if self.how.data == How.COUNT and field.data is None and not field.typed:
            raise ValidationError("Enter how many orders.")

    def validate_window(self, field: Field) -> None:
        """Refuse to count the orders of one order."""
        if self.how.data == How.COUNT and field.data == LimitWindow.ORDER:
            raise ValidationError("Choose over what time the orders are counted.")

    def validate_narrowed(self, field: Field) -> None:
        """Refuse a list with nothing on it."""
        if self.how.data in {How.NEVER, How.ONLY} and field.data == Narrowing.NOTHING:
            raise ValidationError("Choose what stands on the list.")

    def validate_categories(self, field: Field) -> None:
        """Refuse no kind of support where some are to be chosen."""
        if self.narrowed.data == Narrowing.CATEGORY and not field.data:
            raise ValidationError("Choose at least one kind of support.")

    def validate_outcomes(self, field: Field) -> None:
        """Refuse no outcome where some are to be chosen."""
        if self.narrowed.data == Narrowing.OUTCOME and not field.data:
            raise ValidationError("Choose at least one thing that is to be true.")

    def validate_provider_names(self, _field: Field) -> None:
        """Refuse no provider where some are to be chosen, and more than anybody reads."""
        if self.narrowed.data != Narrowing.PROVIDER:
            return
        chosen = len(self.providers.data or []) + len(self.names_typed)
        if not chosen:
            raise ValidationError("Choose at least one provider, or write a name.")
        if chosen > NARROWED_TO_MOST:
            raise ValidationError(f"Choose at most {NARROWED_TO_MOST} providers, not {chosen}.")

    def validate_reason(self, field: Field) -> None:
        """Refuse a limit without a reason."""
        if not field.data:
            raise ValidationError("Say why there is this limit.")

    @property
    def names_typed(self) -> tuple[str, ...]:
        """The providers written by name, one for each line."""
        lines = (" ".join(line.split()) for line in (self.provider_names.data or "").splitlines())
        return tuple(dict.fromkeys(filter(None, lines)))

    def resolve(self, found: Mapping[str, Sequence[UUID]]) -> list[str] | None:
        """Return the ids of the providers that were written by name; None if one is not known."""
        ids = []
        for name in self.names_typed:
            matches = found.get(name.casefold(), ())
            if len(matches) != 1:
                self.say("provider_names", _unknown(name, len(matches)))
                return None
            ids.append(str(matches[0]))
        return ids

    def wish(self, named: Sequence[str] = ()) -> NewLimit:
        """Return what was typed, as part of a command; ``named`` are providers written by name."""
        how, narrowed = How(self.how.data), Narrowing(self.narrowed.data)
        lists = how in {How.NEVER, How.ONLY}
        return NewLimit(
            limit_id=self.limit_id.data,
            # A list counts nothing, so it needs no time to count in.
            window=LimitWindow.ORDER if lists else LimitWindow(self.window.data),
            measure=Measure.COUNT if how is How.COUNT else Measure.AMOUNT,
            amount=cast("Money", self.amount.data) if how is How.AMOUNT else ZERO,
            count_max=cast("int", self.orders.data) if how is How.COUNT else 0,
            narrowed=narrowed,
            narrowed_to=tuple(dict.fromkeys(self._chosen(narrowed, named))),
            others=how is How.ONLY,
            kind=LimitKind(self.kind.data),
            asks_id=_id(self.asks.data),
            reason=self.reason.data,
            second_look=self.second_look.data if self.looked.data else "",
        )

    def say(self, field: str, sentence: str) -> None:
        """Put a refusal beside the field it is about."""
        names = {"narrowed_to": _FIELD_OF[Narrowing(self.narrowed.data)], "count_max": "orders"}
        getattr(self, names.get(field, field)).errors = [sentence]

    def ask_to_look(self) -> None:
        """Ask for the tick and the reason that are missing."""
        if not self.looked.data:
            self.looked.errors = ["Tick this when you have looked at it."]
        if not self.second_look.data:
            self.second_look.errors = ["Say why it is right."]

    def _chosen(self, narrowed: Narrowing, named: Sequence[str]) -> list[str]:
        match narrowed:
            case Narrowing.CATEGORY:
                return list(self.categories.data)
            case Narrowing.PROVIDER:
                return [*self.providers.data, *named]
            case Narrowing.OUTCOME:
                return list(self.outcomes.data)
            case _:
                return []


class EndLimitForm(FlaskForm):  # type: ignore[misc]
    """Why a limit ends."""

    reason = LineField(
        "Why does it end?",
        description="Who set it and the person can read this.",
        validators=[NoLonger(WORDS_LENGTH_MAX)],
    )


def _unknown(name: str, matches: int) -> str:
    if matches:
        return f"More than one provider is called {name}. Tick the one you mean, if it is listed."
    return f"We know no provider called {name}. Check how it is written."


def _id(typed: str | None) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return UUID(int=0)  # nobody: the command refuses it
