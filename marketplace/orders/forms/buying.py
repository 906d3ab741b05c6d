"""What is typed about baskets, orders and visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.budgets.queries import OutcomeRow
from marketplace.catalogue.queries import OrderableOffer
from marketplace.catalogue.rules import unit_words
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands import (
    Credit,
    PlaceOrder,
    ProposeChange,
    PutInBasket,
)
from marketplace.orders.forms.wishes import check_chosen, chosen_in, offer_menu, offer_wishes
from marketplace.orders.rules import (
    EVERY_WORDS,
    NOTE_LENGTH_MAX,
    QUANTITY_MAX,
    VISITS_MAX,
    WORDS_LENGTH_MAX,
)
from marketplace.orders.rules.standing import TIMED
from marketplace.web.example_days import near_today
from marketplace.web.fields import (
    DayField,
    MoneyField,
    Needed,
    NoLonger,
    TimeField,
    TypedField,
    UuidField,
    instant,
    pence_shown,
    tidy,
)

EVERY_WEEK = 7
MIDDAY = (12, 0)


class WholeField(TypedField):
    """A whole number between 1 and some most."""

    def __init__(self, *args: object, most: int, **kwargs: object) -> None:
        self.most = most
        super().__init__(*args, **kwargs)

    def read(self, typed: str) -> int:
        """Read the number."""
        fits = typed.isascii() and typed.isdigit() and len(typed) <= len(str(self.most))
        if not fits or not 1 <= int(typed) <= self.most:
            raise ValueError(f"Enter a whole number between 1 and {self.most}.")
        return int(typed)


def _find_id(chosen: str | None) -> UUID | None:
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        return None


class MomentForm(FlaskForm):  # type: ignore[misc]
    """A day and a time of day that together are one moment."""

    on_day = DayField("Which day?", description="For example {day}")
    at_time = TimeField("What time?", description="For example 2pm or 14:30")

    def validate_at_time(self, field: TimeField) -> None:
        """Refuse a time without a day, a day without a time, and a time that does not exist."""
        if self.on_day.errors or field.errors:
            return
        if self.on_day.data is not None and field.data is None:
            raise ValidationError("Enter a time as well, like 2pm.")
        if self.on_day.data is None and field.data is not None:
            raise ValidationError("Enter a day as well.")
        if self.on_day.data is not None and field.data is not None:
            try:
                instant(self.on_day.data, field.data)
            except ValueError as refusal:
                raise ValidationError(str(refusal)) from refusal

    @property
    def moment(self) -> datetime | None:
        """The moment that was typed, if one was; midday where only the day is agreed."""
        clock = self.at_time.data if "at_time" in self else MIDDAY
        if self.on_day.data is None or clock is None:
            return None
        return instant(self.on_day.data, clock)


class BasketLineForm(MomentForm):
    """How much of an offer, when, who, and what for."""

    line_id = UuidField()
    offer_id = UuidField()
    quantity = WholeField(
        "How many each time?",
        most=QUANTITY_MAX,
        default=1,
        validators=[Needed("Enter how many, like 2.")],
    )
    # Asked after how many: what is wrong is listed in the order of the page.
    on_day = DayField("Which day?", description="For example {day}")
    at_time = TimeField("What time?", description="For example 2pm or 14:30")
    visits = WholeField(
        "How many times?",
        most=VISITS_MAX,
        default=1,
        validators=[Needed("Enter how many times, like 1.")],
    )
    every_days = SelectField(
        "If it is more than once: how often?",
        coerce=int,
        default=EVERY_WEEK,
        choices=[SelectChoice(days, words.capitalize()) for days, words in EVERY_WORDS.items()],
    )
    choice = RadioField("What would you like?", validate_choice=False)
    worker_wish = SelectField("Who would you like to come?", default="")
    language_wish = SelectField("Which language should they speak?", default="")
    gender_wish = SelectField("Who should it be?", default="")
    outcome_id = RadioField(
        "What is it for?",
        validate_choice=False,
        validators=[Needed("Choose what it is for.")],
    )
    note = TextAreaField(
        "Anything they should know?",
        validators=[Optional(), NoLonger(NOTE_LENGTH_MAX)],
        description="Do not write anything here that should stay private.",
    )

    def offer_choices(self, offer: OrderableOffer, outcomes: Sequence[OutcomeRow]) -> None:
        """Offer the store's workers and the person's outcomes; leave out questions without any."""
        self.offer_id.data = offer.offer_id
        if offer.unit not in TIMED:
            del self.at_time
        units = unit_words(offer.unit, QUANTITY_MAX).partition(" ")[2]
        self.quantity.label.text = f"How many {units} each time?"
        offer_wishes(self, offer)
        offer_menu(self, offer.menu, must_choose=offer.must_choose)
        self.outcome_id.choices = [SelectChoice(str(row.id), row.sentence) for row in outcomes]
        if not outcomes:
            del self.outcome_id

    def validate_choice(self, field: RadioField) -> None:
        """Refuse what is not on the menu any more, and no choice where one has to choose."""
        check_chosen(field)

    @property
    def wish(self) -> PutInBasket:
        """What was typed, as a command."""
        chosen = self.outcome_id.data if "outcome_id" in self else None
        return PutInBasket(
            line_id=self.line_id.data,
            offer_id=self.offer_id.data,
            quantity=cast("int", self.quantity.data),
            visits=cast("int", self.visits.data),
            first_at=self.moment,
            every_days=cast("int", self.every_days.data),
            worker_wish=chosen_in(self, "worker_wish"),
            language_wish=chosen_in(self, "language_wish"),
            gender_wish=chosen_in(self, "gender_wish"),
            choice=chosen_in(self, "choice"),
            outcome_id=_find_id(chosen),
            note=self.note.data or "",
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """One order of the basket as its form carries it: ids and the price that was shown."""

    order_id: UUID
    provider_id: UUID
    seen: Money

    def __str__(self) -> str:
        """Write it into a hidden field."""
        return f"{self.order_id}/{self.provider_id}/{self.seen.pence}"

    @classmethod
    def read(cls, typed: str) -> "Ticket | None":
        """Read it from a hidden field; one that was tampered with is none."""
        try:
            order_id, provider_id, pence = typed.split("/")
            return cls(UUID(order_id), UUID(provider_id), Money(int(pence)))
        except ValueError:
            return None


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """The orders of a basket, each with its id and the price that was shown."""

    orders = FieldList(HiddenField())
    propose = HiddenField()

    @property
    def wishes(self) -> list[PlaceOrder]:
        """What is to be placed, as commands, in the order of the page."""
        tickets = [Ticket.read(entry.data or "") for entry in self.orders]
        return [
            PlaceOrder(
                order_id=ticket.order_id,
                provider_id=ticket.provider_id,
                seen=ticket.seen,
                propose=self.propose.data == "yes",
            )
            for ticket in tickets
            if ticket is not None
        ]


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Which visits were delivered."""

    visits = SelectMultipleField(coerce=UUID, validate_choice=False)


class WordsForm(FlaskForm):  # type: ignore[misc]
    """A few words."""

    words = TextAreaField(
        "In your own words",
        validators=[Needed("Write a few words."), NoLonger(WORDS_LENGTH_MAX)],
    )


class DecideForm(FlaskForm):  # type: ignore[misc]
    """Words to a yes or a no, for whoever wants to say some."""

    words = TextAreaField(
        "Why not? (you do not have to say)", validators=[NoLonger(WORDS_LENGTH_MAX)]
    )

    @property
    def said(self) -> str:
        """The words; more than there is room for are cut off."""
        return tidy(self.words.data or "")[:WORDS_LENGTH_MAX]


class DeclineForm(WordsForm):
    """Why an order cannot be taken."""

    words = TextAreaField(
        "Why can you not take it?",
        validators=[
            Needed("Say why, so that they can look elsewhere."),
            NoLonger(WORDS_LENGTH_MAX),
        ],
        description="The person reads this.",
    )


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why something is called off, and the share that was shown."""

    agreed_pence = HiddenField(default="0")
    reason = TextAreaField(
        "Why? (you do not have to say)", validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)]
    )

    @property
    def agreed(self) -> Money:
        """The share that was shown with the button."""
        return pence_shown(self.agreed_pence.data) or ZERO


class ChangeForm(MomentForm):
    """Another first time for one line of an order."""

    line_id = RadioField(
        "For what?", validate_choice=False, validators=[Needed("Choose for what.")]
    )
    on_day = DayField("Which day?", description="For example {day}")
    at_time = TimeField("What time?", description="For example 2pm or 14:30")
    words = TextAreaField(
        "A few words to the person",
        validators=[
            Needed("Say a few words about the new time."),
            NoLonger(WORDS_LENGTH_MAX),
        ],
    )

    def validate_on_day(self, field: DayField) -> None:
        """Refuse no day at all."""
        if field.data is None and not field.errors:
            raise ValidationError(near_today("Enter a day, like {day}."))

    def wish(self, order_id: UUID) -> ProposeChange:
        """What was typed, as a command."""
        chosen = self.line_id.data if "line_id" in self else None
        assert self.moment is not None, "a valid form has its moment"
        return ProposeChange(
            order_id=order_id,
            first_at=self.moment,
            words=self.words.data or "",
            line_id=_find_id(chosen),
        )


class CreditForm(FlaskForm):  # type: ignore[misc]
    """How much of an invoice to give back, and why."""

    credit_id = UuidField()
    amount = MoneyField(
        "How much do you give back?", validators=[Needed("Enter an amount, like 12.50.")]
    )
    reason = TextAreaField(
        "Why?",
        validators=[Needed("Say why you give this back."), NoLonger(WORDS_LENGTH_MAX)],
        description="The person reads this on the credit note.",
    )

    def wish(self, invoice_id: UUID) -> Credit:
        """What was typed, as a command."""
        return Credit(
            credit_id=self.credit_id.data,
            invoice_id=invoice_id,
            amount=cast("Money", self.amount.data),
            reason=self.reason.data or "",
        )
