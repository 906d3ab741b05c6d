"""What stands in a calendar, and in which words. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from marketplace.calendars.rules.weeks import remark
from marketplace.orders.rules import NoteKind, OrderState, VisitState


class EntryKind(StrEnum):
    """What an entry of a calendar is."""

    VISIT = "visit"
    NOT_ORDERED = "standing"
    ACTIVITY = "activity"


class Sureness(StrEnum):
    """Whether it takes place."""

    SURE = "sure"
    UNSURE = "unsure"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Status:
    """How something stands: in words, in which tone, and whether it takes place."""

    words: str
    tone: str
    sureness: Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on one day."""

    kind: EntryKind
    key: str
    """The same for as long as it is the same thing, whatever becomes of it."""
    on: date | None
    """None: the day is yet to be agreed."""
    planned_at: datetime | None
    """When it begins; what has a day only, at noon of it."""
    timed: bool
    """There is a time, and not only a day."""
    ends_at: datetime | None
    what: str
    who: str
    """The other side: the provider for a person, the person for a store."""
    worker: str
    status: Status
    category: str = ""
    note: str = ""
    place: str = ""
    visit_id: UUID | None = None
    order_id: UUID | None = None
    standing_id: UUID | None = None
    listing_id: UUID | None = None
    person_id: UUID | None = None
    person_name: str = ""
    hidden: bool = False
    """It never came about: pages leave it out, and calendars elsewhere take it back."""

    @property
    def at(self) -> datetime | None:
        """The time at which it begins; None if there is only a day."""
        return self.planned_at if self.timed else None

    @property
    def is_off(self) -> bool:
        """Tell whether it does not take place."""
        return self.status.sureness is Sureness.OFF

    @property
    def to_confirm(self) -> bool:
        """Tell whether the person is asked: did it come?"""
        return self.status is TO_CONFIRM

    @property
    def to_note(self) -> bool:
        """Tell whether the provider has not said yet what happened; ask once its day has come."""
        return self.status in (AGREED, NO_WORD)

    @property
    def is_planned(self) -> bool:
        """Tell whether it is agreed and still to come, so that one can be reminded of it."""
        return self.status is AGREED


@dataclass(frozen=True, slots=True)
class Day:
    """A day and what is on it, in order of time; what has a day only comes first."""

    on: date
    entries: tuple[Entry, ...]
    remark: str
    """A bank holiday, the clocks; "" if nothing."""


AGREED = Status("Agreed", "good", Sureness.SURE)
TO_CONFIRM = Status("Did it come?", "notice", Sureness.SURE)
NO_WORD = Status("Nobody has said yet what happened", "quiet", Sureness.SURE)
_CAME = Status("It came", "good", Sureness.SURE)
_CAME_IN_PART = Status("Part of it came", "good", Sureness.SURE)
_MISSED = Status("It was missed", "bad", Sureness.SURE)
_NOT_IN = Status("Nobody was in", "quiet", Sureness.SURE)
_WRONG = Status("Something is wrong", "bad", Sureness.SURE)
_CALLED_OFF = Status("Called off", "quiet", Sureness.OFF)
_CALLED_OFF_LATE = Status("Called off late", "quiet", Sureness.OFF)
_SAID_NO = Status("They said no", "quiet", Sureness.OFF)
_NOT_AGREED_TO = Status("Not agreed to", "quiet", Sureness.OFF)
KEPT = Status("Kept on a list", "info", Sureness.UNSURE)

_OF_ORDER = {
    OrderState.PROPOSED: Status("Waits for a yes", "notice", Sureness.UNSURE),
    OrderState.PLACED: Status("Waits for the provider", "info", Sureness.UNSURE),
    OrderState.CHANGE_PROPOSED: Status("Another time suggested", "notice", Sureness.UNSURE),
    OrderState.DECLINED: _SAID_NO,
    OrderState.REFUSED: _NOT_AGREED_TO,
    OrderState.CANCELLED: _CALLED_OFF,
}
_OF_NOTE = {
    NoteKind.PART: _CAME_IN_PART,
    NoteKind.MISSED: _MISSED,
    NoteKind.CANCELLED_IN_TIME: _CALLED_OFF,
    NoteKind.CANCELLED_LATE: _CALLED_OFF_LATE,
    NoteKind.PERSON_NOT_IN: _NOT_IN,
}
NEVER = frozenset({OrderState.DECLINED, OrderState.REFUSED})
"""States of an order that never came about."""


def visit_status(
    order: OrderState, visit: VisitState, note: NoteKind | None, *, passed: bool
) -> Status:
    """Return how a visit stands; ``passed``: its day is over."""
    if visit is VisitState.QUERIED:
        return _WRONG
    if visit is VisitState.CONFIRMED:
        return _OF_NOTE.get(note, _CAME) if note else _CAME
    if visit is VisitState.RELEASED:
        if order in NEVER:
            return _OF_ORDER[order]
        return _MISSED if note is NoteKind.MISSED else _CALLED_OFF
    if visit is VisitState.NOTED:
        return TO_CONFIRM
    if order in _OF_ORDER:
        return _OF_ORDER[order]
    return NO_WORD if passed else AGREED


def not_ordered_status(label: str, tone: str, *, may_come: bool) -> Status:
    """Return how a day of a standing order stands for which there is no order."""
    return Status(label, tone, Sureness.UNSURE if may_come else Sureness.OFF)


def by_day(entries: Iterable[Entry], days: Sequence[date]) -> tuple[Day, ...]:
    """Put entries on their days, each day in order of time; those of other days are left out."""
    found: dict[date, list[Entry]] = {day: [] for day in days}
    for entry in entries:
        if entry.on in found:
            found[entry.on].append(entry)
    return tuple(Day(on, tuple(sorted(each, key=_order)), remark(on)) for on, each in found.items())


def _order(entry: Entry) -> tuple[bool, float, str, str]:
    begins = entry.at.timestamp() if entry.at else 0.0
    return entry.at is not None, begins, entry.what, entry.key
