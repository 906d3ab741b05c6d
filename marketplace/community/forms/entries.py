"""What a keeper types about an entry, and about one of its days."""

from datetime import date
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from marketplace.community.commands import ChangeDate, WriteListing
from marketplace.community.forms.common import RealPlace, WebAddress
from marketplace.community.queries import ListingCard, category_names
from marketplace.community.rules import (
    DAY_CODES,
    DAY_NAMES,
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    ORDINALS,
    TEXT_LENGTH_MAX,
    Break,
    Change,
    ListingKind,
    Timetable,
    monthly_rule,
    rule_parts,
    weekly_rule,
)
from marketplace.kernel.money import ZERO, Money
from marketplace.web.ages import AgesForm
from marketplace.web.example_days import near_today
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    TimeField,
    UuidField,
    choices,
    one_of,
    read_day,
    ticks,
    tidy,
)

WEEKLY, SECOND, MONTHLY, DATES, KEEP = "weekly", "second", "monthly", "dates", "keep"
_REPEATS = (
    (WEEKLY, "Every week"),
    (SECOND, "Every second week"),
    (MONTHLY, "Once a month, on the same weekday"),
    (DATES, "On single days that I write down"),
)
_LINES_MAX = 100
_MINUTES_OF_HOUR = 60


class ListingForm(AgesForm):
    """An entry. Which of the fields are shown and needed depends on its kind."""

    listing_id = UuidField()
    title = LineField(
        "Title",
        [Needed("Enter a title."), NoLonger(NAME_LENGTH_MAX)],
        description="Short and plain, like: Tea and talk.",
    )
    about = TextAreaField(
        "What is it?",
        [Needed("Say in a few words what it is."), NoLonger(TEXT_LENGTH_MAX)],
        description="What happens, who is there, what to bring.",
    )
    category = SelectField("What kind of support is it?", [Needed("Choose a kind.")])
    repeats = RadioField("How often?", choices=choices(_REPEATS), validate_choice=False)
    days = ticks("On which days?", "days", "For every week and every second week.")
    ordinal = SelectField(
        "If once a month: which one?",
        validate_choice=False,
        choices=one_of((value, f"The {words}") for value, words in ORDINALS.items()),
    )
    ordinal_day = SelectField(
        "If once a month: on which weekday?",
        validate_choice=False,
        choices=one_of(zip(DAY_CODES, DAY_NAMES, strict=True)),
    )
    dates = TextAreaField(
        "The days, one on each line", [Optional()], description="Like {day}, then {later}."
    )
    first_on = DayField(
        "First day", [Optional()], description="Needed for every second week. Like {day}."
    )
    last_on = DayField("Last day, if there is one", [Optional()])
    breaks = TextAreaField(
        "When do you pause?",
        [Optional()],
        description="School holidays and the like. One on each line: {day} to {later}.",
    )
    not_bank_holidays = BooleanField("Not on bank holidays")
    on_day = DayField("Which day?", description="Like {day}.")
    starts = TimeField("From", description="Like 10:30am.")
    ends = TimeField("To", description="Like 2pm.")
    venue = LineField(
        "Name of the place",
        [NoLonger(LINE_LENGTH_MAX)],
        description="Leave it empty if it is online or by phone only.",
    )
    postcode = LineField("Postcode of the place", [RealPlace()])
    online = LineField(
        "Link, if it is online", [Optional(), WebAddress()], description="Everybody can see it."
    )
    cost = MoneyField("What does it cost?", [Optional()], description="Leave empty if it is free.")
    cost_asked = BooleanField("It is not always the same: people have to ask")
    cost_words = LineField(
        "More about the cost",
        [Optional(), NoLonger(LINE_LENGTH_MAX)],
        description="Like: £3, tea included. The first time is free.",
    )
    for_whom = ticks("Who is it for?", "for_whom", "Leave empty if it is for everybody.")
    access = ticks("What is there for access?", "access")
    languages = ticks("In which languages?", "languages")
    contact = LineField(
        "How can people ask?",
        [Optional(), NoLonger(LINE_LENGTH_MAX)],
        description="Like: Ring Alma on 01632 960123. Everybody can see it.",
    )

    kind: ListingKind
    kept: Timetable | None = None
    """A timetable that these questions cannot ask for, which may stay as it is."""

    def begin(self, kind: ListingKind) -> None:
        """Prepare the questions for one kind of entry."""
        self.kind = kind
        self.category.choices = one_of(category_names().items())

    def offer_to_keep(self, card: ListingCard) -> None:
        """Offer to leave a timetable as it is, where these questions could not say it."""
        if card.kind is ListingKind.ACTIVITY and _asked(card.schedule) == KEEP:
            self.kept = card.schedule
            self.repeats.choices = choices([(KEEP, f"As now: {card.timetable}"), *_REPEATS])

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field, then what several say together."""
        good = super().validate(extra_validators)
        wrong = list(self._faults())
        for name, sentence in wrong:
            if not self[name].errors:
                self[name].errors = [sentence]
        return bool(good) and not wrong

    def _faults(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.kind is ListingKind.ACTIVITY:
            found += self._faults_of_days()
        if self.kind is ListingKind.EVENT and self.on_day.data is None:
            found.append(("on_day", near_today("Enter the day, like {day}.")))
        if self.kind.has_times:
            found += self._faults_of_times()
            if not (self.venue.data or self.online.data):
                found.append(("venue", "Say where it is, or give a link if it is online."))
            if self.venue.data and not self.postcode.data:
                found.append(("postcode", "Enter the postcode of the place."))
        return found

    def _faults_of_days(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        chosen = self.repeats.data
        if chosen not in {choice.value for choice in self.repeats.choices}:
            return [("repeats", "Choose how often.")]
        if chosen in {WEEKLY, SECOND} and not self.days.chosen:
            found.append(("days", "Choose at least one day."))
        if chosen == SECOND and self.first_on.data is None:
            found.append(("first_on", "Enter the first day, so that we know which weeks."))
        if chosen == MONTHLY and not (self.ordinal.data and self.ordinal_day.data):
            missing = "ordinal_day" if self.ordinal.data else "ordinal"
            found.append((missing, "Choose which weekday of the month."))
        found += self._faults_of_lines()
        if chosen == DATES and not (self.dates.data or "").strip():
            found.append(("dates", near_today("Enter at least one day, like {day}.")))
        first, last = self.first_on.data, self.last_on.data
        if first is not None and last is not None and last < first:
            found.append(("last_on", "The last day has to come after the first."))
        return found

    def _faults_of_lines(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name, reads in (("dates", self._read_dates), ("breaks", self._read_breaks)):
            try:
                reads()
            except ValueError as refusal:
                found.append((name, str(refusal)))
        return found

    def _faults_of_times(self) -> list[tuple[str, str]]:
        asked = (
            ("starts", "Enter when it starts, like 10:30am."),
            ("ends", "Enter when it ends, like 2pm."),
        )
        missing = [(name, sentence) for name, sentence in asked if self[name].data is None]
        if not missing and self._minutes() <= 0:
            return [("ends", "It has to end after it starts.")]
        return missing

    def _minutes(self) -> int:
        first, last = (cast("tuple[int, int]", field.data) for field in (self.starts, self.ends))
        return (last[0] - first[0]) * _MINUTES_OF_HOUR + last[1] - first[1]

    def _read_dates(self) -> tuple[date, ...]:
        lines = _lines(self.dates.data)
        return tuple(sorted({read_day(line) for line in lines}))

    def _read_breaks(self) -> tuple[Break, ...]:
        found = []
        for line in _lines(self.breaks.data):
            first, _, last = line.lower().partition(" to ")
            begins = read_day(first)
            ends = read_day(last) if last.strip() else begins
            if ends < begins:
                raise ValueError(f"This pause ends before it begins: {line[:40]}")
            found.append((begins, ends))
        return tuple(sorted(found))

    def _timetable(self) -> Timetable:
        if self.kind is ListingKind.EVENT:
            return Timetable(on_day=self.on_day.data)
        if self.kind is not ListingKind.ACTIVITY:
            return Timetable()
        chosen = self.repeats.data
        rule = ""
        also_on: tuple[date, ...] = ()
        if chosen in {WEEKLY, SECOND}:
            rule = weekly_rule(self.days.chosen, 2 if chosen == SECOND else 1)
        elif chosen == MONTHLY:
            rule = monthly_rule(self.ordinal.data, self.ordinal_day.data)
        elif chosen == DATES:
            also_on = self._read_dates()
        elif self.kept is not None:
            rule, also_on = self.kept.rule, self.kept.also_on
        return Timetable(
            rule=rule,
            also_on=also_on,
            first_on=self.first_on.data if rule else None,
            last_on=self.last_on.data if rule else None,
            breaks=self._read_breaks(),
            not_bank_holidays=self.not_bank_holidays.data,
        )

    def wish(self, listing_id: UUID | None = None) -> WriteListing:
        """Return what was typed as a command."""
        cost = cast("Money | None", self.cost.data) or ZERO
        times = self.kind.has_times
        return WriteListing(
            listing_id=listing_id or self.listing_id.data,
            kind=self.kind,
            title=self.title.data,
            category=self.category.data,
            about=tidy(self.about.data or ""),
            venue=self.venue.data or "",
            postcode=self.postcode.data or "",
            online=self.online.data or "",
            cost=cost,
            cost_known=bool(cost) or not self.cost_asked.data,
            cost_words=self.cost_words.data or self._usual_words(cost),
            for_whom=self.for_whom.chosen,
            ages=self.chosen_ages(),
            access=self.access.chosen,
            languages=self.languages.chosen,
            timetable=self._timetable(),
            starts=_clock(self.starts) if times else "",
            minutes=self._minutes() if times else 0,
            contact=self.contact.data or "",
        )

    def _usual_words(self, cost: Money) -> str:
        if cost:
            return str(cost)
        return "Ask them what it costs" if self.cost_asked.data else "Free"

    def show(self, card: ListingCard) -> None:
        """Fill in what an entry says now."""
        for name in ("title", "about", "category", "venue", "postcode", "online", "contact"):
            self[name].data = getattr(card, name)
        for name in ("for_whom", "access", "languages"):
            self[name].data = list(getattr(card, name))
        self.youngest.data, self.oldest.data = card.ages.youngest, card.ages.oldest
        self.cost.data = card.cost or None
        self.cost_asked.data = not card.cost_known
        default = self._usual_words(card.cost)
        self.cost_words.data = "" if card.cost_words == default else card.cost_words
        if card.starts:
            begins = card.starts_at
            minutes = begins.hour * _MINUTES_OF_HOUR + begins.minute + card.minutes
            self.starts.data = (begins.hour, begins.minute)
            self.ends.data = divmod(min(minutes, 24 * _MINUTES_OF_HOUR - 1), _MINUTES_OF_HOUR)
        self._show_days(card.schedule)

    def _show_days(self, timetable: Timetable) -> None:
        self.on_day.data = timetable.on_day
        self.first_on.data, self.last_on.data = timetable.first_on, timetable.last_on
        self.not_bank_holidays.data = timetable.not_bank_holidays
        self.dates.data = "\n".join(_written(each) for each in timetable.also_on)
        self.breaks.data = "\n".join(
            f"{_written(first)} to {_written(last)}" for first, last in timetable.breaks
        )
        if self.kind is not ListingKind.ACTIVITY:
            return
        self.repeats.data = _asked(timetable)
        parts = rule_parts(timetable.rule)
        if self.repeats.data in {WEEKLY, SECOND}:
            self.days.data = sorted(timetable.weekdays, key=DAY_CODES.index)
        elif self.repeats.data == MONTHLY:
            self.ordinal.data = parts["BYDAY"][:-2].removeprefix("+")
            self.ordinal_day.data = next(iter(timetable.weekdays))


class DateForm(FlaskForm):  # type: ignore[misc]
    """What is different on one day."""

    what = RadioField(
        "What is different?",
        [InputRequired("Choose what is different.")],
        choices=choices(
            [
                (Change.CANCELLED.value, "It does not take place"),
                (Change.MOVED.value, "It takes place at another day, time or place"),
            ]
        ),
    )
    moved_on = DayField("The new day", [Optional()], description="Leave empty if it is the same.")
    moved_starts = TimeField(
        "The new time", [Optional()], description="Leave empty if it is the same."
    )
    moved_venue = LineField(
        "The new place",
        [Optional(), NoLonger(LINE_LENGTH_MAX)],
        description="Leave empty if it is the same.",
    )
    words = LineField(
        "A word to people",
        [Optional(), NoLonger(LINE_LENGTH_MAX)],
        description="Like: the hall is closed. See you next week.",
    )

    def wish(self, listing_id: UUID, on_day: date) -> ChangeDate:
        """Return what was typed as a command."""
        what = Change(self.what.data)
        moved = what is Change.MOVED
        return ChangeDate(
            listing_id=listing_id,
            on_day=on_day,
            what=what,
            moved_on=self.moved_on.data if moved else None,
            moved_starts=_clock(self.moved_starts) if moved else "",
            moved_venue=(self.moved_venue.data or "") if moved else "",
            words=self.words.data or "",
        )


def _asked(timetable: Timetable) -> str:
    """Return which answer to "how often" says a timetable; ``keep`` if none does."""
    if not timetable.rule:
        return DATES if timetable.also_on else ""
    parts = rule_parts(timetable.rule)
    often, every = parts.pop("FREQ"), parts.pop("INTERVAL", "1")
    by_day = parts.pop("BYDAY", "")
    parts.pop("WKST", "")
    if parts or timetable.also_on or not by_day:
        return KEEP
    if often == "WEEKLY":
        return {"1": WEEKLY, "2": SECOND}.get(every, KEEP)
    single = "," not in by_day and by_day[:-2].removeprefix("+") in ORDINALS
    return MONTHLY if often == "MONTHLY" and every == "1" and single else KEEP


def _lines(text: str | None) -> list[str]:
    lines = [line.strip() for line in tidy(text or "").splitlines() if line.strip()]
    if len(lines) > _LINES_MAX:
        raise ValueError(f"Enter at most {_LINES_MAX} lines.")
    return lines


def _clock(field: TimeField) -> str:
    """Return a time as it is kept, 10:30; empty if there is none."""
    typed = cast("tuple[int, int] | None", field.data)
    return "" if typed is None else f"{typed[0]:02}:{typed[1]:02}"


def _written(on: date) -> str:
    return f"{on.day} {on.month} {on.year}"
