"""What is typed about standing orders."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import starmap
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.budgets.queries import OutcomeRow, PoolCard
from marketplace.catalogue.queries import OrderableOffer
from marketplace.catalogue.rules import Unit, unit_words
from marketplace.kernel.money import Money
from marketplace.orders.commands import ChangeStanding, StartStanding
from marketplace.orders.forms.buying import WholeField
from marketplace.orders.forms.wishes import check_chosen, chosen_in, offer_menu, offer_wishes
from marketplace.orders.queries import Menu
from marketplace.orders.rules import NOTE_LENGTH_MAX, QUANTITY_MAX
from marketplace.orders.rules.standing import (
    EVERY_WEEKS_MAX,
    LASTING,
    MONTH_DAY_MAX,
    TIMED,
    WEEKDAYS,
    BankHolidays,
    Pattern,
)
from marketplace.orders.rules.standing_wishes import Weekly
from marketplace.web.fields import (
    DayField,
    Needed,
    NoLonger,
    TimeField,
    TypedField,
    UuidField,
    pence_shown,
)

MONTHLY = "month"
_DAY = timedelta(days=1)
_TIMES = ("at_time", "second_time", "third_time", "fourth_time")
_AMOUNTS = ("second_quantity", "third_quantity", "fourth_quantity")
_EVERY = {
    "1": "Every week",
    "2": "Every two weeks",
    "3": "Every three weeks",
    "4": "Every four weeks",
    "6": "Every six weeks",
    str(EVERY_WEEKS_MAX): "Every eight weeks",
    MONTHLY: "Once a month, on the day it begins",
}


class WeekdaysField(SelectMultipleField):  # type: ignore[misc]
    """Days of the week to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WeeklyForm(FlaskForm):  # type: ignore[misc]
    """When something happens, again and again."""

    quantity = WholeField(
        "How many each time?",
        most=QUANTITY_MAX,
        default=1,
        validators=[Needed("Enter how many, like 2.")],
    )
    every = SelectField(
        "How often?",
        default="1",
        choices=[SelectChoice(value, words) for value, words in _EVERY.items()],
    )
    weekdays = WeekdaysField(
        "On which days?",
        validate_choice=False,
        choices=[SelectChoice(str(n), words) for n, words in enumerate(WEEKDAYS)],
    )
    at_time = TimeField("What time?", description="For example 2pm or 14:30")
    second_time = TimeField("Second time")
    third_time = TimeField("Third time")
    fourth_time = TimeField("Fourth time")
    second_quantity = WholeField("", most=QUANTITY_MAX, validators=[Optional()])
    third_quantity = WholeField("", most=QUANTITY_MAX, validators=[Optional()])
    fourth_quantity = WholeField("", most=QUANTITY_MAX, validators=[Optional()])
    choice = RadioField("What would you like?", validate_choice=False)
    bank_holidays = RadioField(
        "What if it is a bank holiday?",
        default=BankHolidays.AS_USUAL.value,
        choices=[SelectChoice(rule.value, rule.label) for rule in BankHolidays],
        validators=[Needed("Choose what happens on a bank holiday.")],
    )
    begins_on = DayField(
        "From which day?",
        description="For example {day}",
        validators=[Needed("Enter a day, like {day}.")],
    )

    def fit(self, unit: Unit) -> None:
        """Ask what makes sense for a unit: a time for a visit, none for a meal or a membership."""
        units = unit_words(unit, QUANTITY_MAX).partition(" ")[2]
        self.quantity.label.text = f"How many {units} each time?"
        for name in _AMOUNTS:
            self[name].label.text = f"How many {units} the {name.partition('_')[0]} time?"
        if unit not in TIMED:
            for name in (*_TIMES, *_AMOUNTS):
                delattr(self, name)
        if unit in LASTING and not self.is_submitted():
            self.every.data = MONTHLY

    def show(self, pattern: Pattern) -> None:
        """Show how it is now, for changing it."""
        if self.is_submitted():
            return
        self.quantity.data = pattern.quantity
        if "choice" in self:
            self.choice.data = pattern.choice
        self.every.data = MONTHLY if pattern.month_day else str(pattern.every_weeks)
        self.weekdays.data = [str(day) for day in sorted(pattern.weekdays)]
        self.bank_holidays.data = pattern.bank_holidays.value
        for field, minute in zip(self.times, pattern.minutes, strict=False):
            field.data = divmod(minute, 60)
        for field, quantity in zip(self.amounts, pattern.quantities[1:], strict=False):
            field.data = quantity

    @property
    def times(self) -> list[TimeField]:
        """The times of a day that can be typed; none for what has no time."""
        return [self[name] for name in _TIMES if name in self]

    @property
    def amounts(self) -> list[WholeField]:
        """How much it is at each of the later times."""
        return [self[name] for name in _AMOUNTS if name in self]

    @property
    def more_times(self) -> list[tuple[TimeField, WholeField]]:
        """The times besides the first, and how much: they are folded away until they are needed."""
        return list(zip(self.times[1:], self.amounts, strict=True))

    @property
    def shows_more_times(self) -> bool:
        """Tell whether one of them was typed."""
        typed = (field for pair in self.more_times for field in pair)
        return any(field.data or field.errors for field in typed)

    def validate_choice(self, field: RadioField) -> None:
        """Refuse what is not on the menu any more, and no choice where one has to choose."""
        check_chosen(field)

    def validate_begins_on(self, field: DayField) -> None:
        """Refuse a day of the month that not every month has."""
        if self.every.data == MONTHLY and field.data and field.data.day > MONTH_DAY_MAX:
            raise ValidationError(
                f"Choose a day between 1 and {MONTH_DAY_MAX}: every month has it."
            )

    @property
    def weekly(self) -> Weekly:
        """What was typed."""
        monthly = self.every.data == MONTHLY
        usual = cast("int", self.quantity.data)
        each_time = [usual, *(cast("int", field.data or usual) for field in self.amounts)]
        pairs = [
            (field.data[0] * 60 + field.data[1], amount)
            for field, amount in zip(self.times, each_time, strict=False)
            if field.data
        ]
        days = {int(day) for day in self.weekdays.data or () if day in set("0123456")}
        return Weekly(
            weekdays=frozenset() if monthly else frozenset(days),
            month_day=cast("date", self.begins_on.data).day if monthly else None,
            minutes=tuple(minute for minute, _ in pairs),
            quantities=tuple(amount for _, amount in pairs),
            choice=chosen_in(self, "choice"),
            every_weeks=1 if monthly else int(self.every.data),
            quantity=usual,
            bank_holidays=BankHolidays(self.bank_holidays.data),
        )

    def refuse(self, field: str, sentence: str) -> None:
        """Put a refusal beside its field."""
        names = {"every_weeks": "every", "month_day": "begins_on", "starts_on": "begins_on"}
        name = names.get(field, field)
        if name in self:
            self[name].errors = [sentence]
        else:
            self.form_errors = [sentence]


class StandingForm(WeeklyForm):
    """A standing order: what, when, who, and what for."""

    standing_id = UuidField()
    offer_id = UuidField()
    step = HiddenField(default="ask")
    seen_pence = HiddenField(default="")
    last_on = DayField(
        "Is there a last day?", description="Leave this empty if it goes on until you end it."
    )
    worker_wish = SelectField("Who would you like to come?", default="")
    language_wish = SelectField("Which language should they speak?", default="")
    gender_wish = SelectField("Who should it be?", default="")
    pool_id = RadioField("Who pays?", default="", validate_choice=False)
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
        """Offer the store's workers and languages and the person's outcomes, if there are any."""
        self.offer_id.data = offer.offer_id
        self.fit(offer.unit)
        offer_wishes(self, offer)
        offer_menu(self, offer.menu, must_choose=offer.must_choose)
        self.outcome_id.choices = [SelectChoice(str(row.id), row.sentence) for row in outcomes]
        if not outcomes:
            del self.outcome_id

    def validate_pool_id(self, field: RadioField) -> None:
        """Refuse a pool that they have left while they filled this in."""
        if field.data not in {value for value, *_ in field.iter_choices()}:
            raise ValidationError("You are not in this pool any more. Choose who pays.")

    def offer_payers(self, pools: Sequence[PoolCard], own: str) -> None:
        """Offer the person's own money and the pools they are in; nothing, if there is no pool."""
        if not (pools or self.pool_id.data):
            del self.pool_id
            return
        choices = [(str(pool.id), f"The pool {pool.name}") for pool in pools]
        self.pool_id.choices = [SelectChoice("", own), *starmap(SelectChoice, choices)]

    @property
    def payer(self) -> UUID | None:
        """The pool that is to pay; None for the person's own money."""
        return _find_id(self.pool_id.data) if "pool_id" in self else None

    @property
    def seen(self) -> Money | None:
        """What four weeks cost on the page."""
        return pence_shown(self.seen_pence.data)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as hidden fields carry it to the next page."""
        pairs: list[tuple[str, str]] = []
        for field in self:
            if field.name in {"csrf_token", "step", "seen_pence"}:
                continue
            values = [field.typed] if isinstance(field, TypedField) else field.data or ""
            several = values if isinstance(values, list) else [values]
            pairs.extend((field.name, str(value)) for value in several)
        return pairs

    def wish(self, *, propose: bool) -> StartStanding:
        """What was typed, as a command."""
        chosen = self.outcome_id.data if "outcome_id" in self else None
        return StartStanding(
            standing_id=self.standing_id.data,
            offer_id=self.offer_id.data,
            weekly=self.weekly,
            begins_on=cast("date", self.begins_on.data),
            ends_before=self.last_on.data + _DAY if self.last_on.data else None,
            worker_wish=chosen_in(self, "worker_wish"),
            language_wish=chosen_in(self, "language_wish"),
            gender_wish=chosen_in(self, "gender_wish"),
            outcome_id=_find_id(chosen),
            note=self.note.data or "",
            seen=self.seen,
            propose=propose,
            pool_id=self.payer,
        )


class ChangeStandingForm(WeeklyForm):
    """Other days, times or quantities from a day on."""

    def offer_menu_of(self, menu: Menu | None, now: str) -> None:
        """Offer what is on the menu; of an offer that is over only what was chosen is known."""
        known = menu.items if menu else (now,) if now else ()
        offer_menu(self, known, must_choose=bool(menu and menu.must_choose))

    def wish(self, standing_id: UUID) -> ChangeStanding:
        """What was typed, as a command."""
        return ChangeStanding(
            standing_id=standing_id, weekly=self.weekly, starts_on=cast("date", self.begins_on.data)
        )


def _find_id(chosen: str | None) -> UUID | None:
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        return None
