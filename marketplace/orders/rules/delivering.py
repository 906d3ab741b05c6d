"""What a provider can say of a visit, what each answer costs, and how long it can be undone. Pure.

The sentence and the amount beside each answer come from the terms that were agreed when the visit
was ordered, and are shown before anything is sent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import MINUTES_AN_HOUR, length_words
from marketplace.kernel.money import Money, percent_of
from marketplace.orders.errors import BadLineError
from marketplace.orders.rules.money import due, share_due
from marketplace.orders.rules.states import NoteKind
from marketplace.orders.rules.words import moment_words

UNDO_FOR = timedelta(minutes=15)
"""So long a note that nobody has answered can be taken back."""
PUT_RIGHT_DAYS = 7
"""So many days a note after which the money went back can be put right, if it is still there."""
ALT_LENGTH_MAX = 250
_WHOLE = 100
_STEPS = (
    (4 * MINUTES_AN_HOUR, 15),
    (12 * MINUTES_AN_HOUR, 30),
    (500 * MINUTES_AN_HOUR, MINUTES_AN_HOUR),
)
"""Up to so many minutes, parts of a visit are offered in steps of so many."""
_PARTS = ((25, "A quarter"), (50, "Half"), (75, "Three quarters"))
_HOW_MUCH = re.compile(r"([0-9]{1,5}) ?(%|m|mins?|minutes?)?", re.IGNORECASE)
_NOTHING = "Nothing is to be paid. Their money goes back at once."


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed about a visit when it was ordered."""

    unit: Unit
    quantity: int
    amount: Money
    planned_at: datetime | None
    notice_hours: int
    late_percent: int

    @property
    def minutes(self) -> int | None:
        """How long it is to be, if time is what was ordered."""
        return self.quantity * MINUTES_AN_HOUR if self.unit is Unit.HOUR else None


@dataclass(frozen=True, slots=True)
class HowMuch:
    """How much of a visit happened: so many minutes, or so many percent of it."""

    minutes: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a provider can give: what its button says, and what would come of it."""

    kind: NoteKind
    words: str
    sentence: str


def choices(agreed: Agreed) -> tuple[Choice, ...]:
    """Return every answer with the sentence and the amount that belong to it."""
    full, late = agreed.amount, share_due(agreed.amount, agreed.late_percent)
    share = (
        f"{late} is to be paid: {agreed.late_percent}% of {full}, as agreed in the order."
        if late
        else "Nothing is to be paid, as agreed in the order. Their money goes back at once."
    )
    by = _last_call(agreed)
    return (
        Choice(NoteKind.FULL, "Done as agreed", f"{full} is to be paid."),
        Choice(NoteKind.PART, "Part of it", "Choose how much of it. Only that is to be paid."),
        Choice(NoteKind.MISSED, "We missed it", _NOTHING),
        Choice(
            NoteKind.CANCELLED_IN_TIME,
            f"They cancelled in time{f', before {by}' if by else ''}",
            _NOTHING,
        ),
        Choice(
            NoteKind.CANCELLED_LATE, f"They cancelled late{f', after {by}' if by else ''}", share
        ),
        Choice(NoteKind.PERSON_NOT_IN, "Nobody was in", share),
    )


def _last_call(agreed: Agreed) -> str:
    if agreed.planned_at is None or not agreed.notice_hours:
        return ""
    return moment_words(agreed.planned_at - timedelta(hours=agreed.notice_hours))


def parts(agreed: Agreed) -> Iterator[tuple[str, str]]:
    """Yield the parts of a visit that can be chosen, each with what it comes to."""
    if agreed.minutes is None:
        for percent, words in _PARTS:
            yield f"{percent}%", f"{words}: {part_due(agreed, HowMuch(percent=percent))}"
        return
    step = next(step for most, step in _STEPS if agreed.minutes <= most)
    for minutes in range(step, agreed.minutes, step):
        comes_to = part_due(agreed, HowMuch(minutes=minutes))
        yield f"{minutes} minutes", f"{length_words(minutes)}: {comes_to}"


def read_how_much(typed: str) -> HowMuch:
    """Read 45, 45 minutes or 50%.

    Raises:
        BadLineError: it is neither.
    """
    found = _HOW_MUCH.fullmatch(typed.strip())
    if not found:
        raise BadLineError("Say how much of it happened, like 45 minutes or 50%.")
    number = int(found[1])
    return HowMuch(percent=number) if found[2] == "%" else HowMuch(minutes=number)


def part_due(agreed: Agreed, part: HowMuch) -> Money:
    """Return what a part of a visit comes to, the odd part of a penny rounded down."""
    if part.minutes and agreed.minutes:
        return Money(agreed.amount.pence * part.minutes // agreed.minutes)
    return percent_of(agreed.amount, part.percent)


def note_due(agreed: Agreed, kind: NoteKind, part: HowMuch) -> Money:
    """Return what a visit comes to, as it was noted.

    Raises:
        BadLineError: it is more than was ordered, or does not say how much of it happened.
    """
    if kind is NoteKind.PART:
        check_part(agreed, part)
        return part_due(agreed, part)
    _no_more(agreed, part)
    return due(kind, agreed.amount, part=0, late_percent=agreed.late_percent)


def check_part(agreed: Agreed, part: HowMuch) -> None:
    """Refuse a part that is no part of what was ordered.

    Raises:
        BadLineError: it is nothing, all of it or more, or is said in minutes where none were
            ordered.
    """
    if not part.minutes and not part.percent:
        raise BadLineError("Choose how much of it happened.")
    _no_more(agreed, part)
    if part.minutes and agreed.minutes is None:
        raise BadLineError("This was not ordered by the hour. Say how much of it, like 50%.")
    if part.minutes == agreed.minutes or part.percent == _WHOLE:
        raise BadLineError("That is all of it. Choose “Done as agreed”.")


def _no_more(agreed: Agreed, part: HowMuch) -> None:
    too_long = agreed.minutes is not None and part.minutes > agreed.minutes
    if too_long or part.percent > _WHOLE:
        ordered = length_words(agreed.minutes) if agreed.minutes else "all of it once"
        raise BadLineError(
            f"That is more than was ordered, which is {ordered}. Note it as done as agreed, and "
            "ask them to order the rest."
        )


def can_undo(noted_at: datetime | None, *, at: datetime) -> bool:
    """Tell whether a note was sent so lately that it can be taken back."""
    return noted_at is not None and at - noted_at < UNDO_FOR


def can_put_right(noted_at: datetime | None, *, at: datetime) -> bool:
    """Tell whether a note that gave the money back was sent so lately that it can be put right."""
    return noted_at is not None and at - noted_at <= timedelta(days=PUT_RIGHT_DAYS)
