"""What was planned against what was delivered, added up. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.kernel.clock import length_words
from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders.rules.states import NoteKind, VisitState

_MONTHS_A_YEAR = 12
_YEARS_AROUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OneVisit:
    """What is known of one visit, planned or past."""

    amount: Money
    due: Money | None
    state: VisitState
    note_kind: NoteKind | None
    by_silence: bool
    minutes_planned: int
    """Nothing, if it was not ordered by the hour."""
    minutes: int | None
    """How long it was, if only part of it happened."""
    worker: str

    @property
    def minutes_delivered(self) -> int:
        """How long it was."""
        match self.note_kind:
            case NoteKind.FULL:
                return self.minutes_planned
            case NoteKind.PART:
                if self.minutes is not None or not self.amount:
                    return self.minutes or 0
                # Said as a share of it: as much of the time as is paid for.
                return self.minutes_planned * (self.due or ZERO).pence // self.amount.pence
            case _:
                return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What was planned, and what came of it."""

    planned: int
    full: int
    part: int
    missed: int
    cancelled_in_time: int
    cancelled_late: int
    person_not_in: int
    to_come: int
    """Planned, and nobody has said yet what became of it."""
    by_silence: int
    """Confirmed by itself, because nobody answered."""
    planned_for: Money
    to_pay: Money
    minutes_planned: int
    minutes_delivered: int

    @property
    def hours(self) -> str:
        """How much time was given, of how much that was planned; "" if none was by the hour."""
        if not self.minutes_planned:
            return ""
        given = length_words(self.minutes_delivered) if self.minutes_delivered else "none"
        return f"{given} of {length_words(self.minutes_planned)}"


def add_up_delivered(visits: Iterable[OneVisit]) -> Delivered:
    """Return what was planned and delivered in some visits together."""
    seen = list(visits)

    def count(kind: NoteKind | None) -> int:
        return sum(visit.note_kind is kind for visit in seen)

    return Delivered(
        planned=len(seen),
        full=count(NoteKind.FULL),
        part=count(NoteKind.PART),
        missed=count(NoteKind.MISSED),
        cancelled_in_time=count(NoteKind.CANCELLED_IN_TIME),
        cancelled_late=count(NoteKind.CANCELLED_LATE),
        person_not_in=count(NoteKind.PERSON_NOT_IN),
        to_come=count(None),
        by_silence=sum(visit.by_silence for visit in seen),
        planned_for=total(visit.amount for visit in seen),
        to_pay=total(visit.due or ZERO for visit in seen),
        minutes_planned=sum(visit.minutes_planned for visit in seen),
        minutes_delivered=sum(visit.minutes_delivered for visit in seen),
    )


def month_of(typed: str | None, *, today: date) -> date:
    """Return the first day of a month as addresses write it (2026-03); this month if it is none."""
    try:
        first = date.fromisoformat(f"{typed}-01")
    except ValueError:
        first = today
    known = abs(first.year - today.year) <= _YEARS_AROUND
    return (first if known else today).replace(day=1)


def month_beside(first: date, by: int) -> date:
    """Return the first day of the month so many before or after another."""
    months = first.year * _MONTHS_A_YEAR + first.month - 1 + by
    return date(months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, 1)
