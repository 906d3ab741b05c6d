"""The single times at which something takes place, with what was cancelled or moved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from marketplace.community.rules.timetable import Timetable, start_of


class Change(StrEnum):
    """What is different on one day."""

    CANCELLED = "cancelled"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChange:
    """One day on which an entry does not take place as its timetable says."""

    on_day: date
    what: Change
    moved_on: date | None = None
    """Another day; None is the same one."""
    moved_starts: str = ""
    """Another time, ``10:30``; empty is the same one."""
    moved_venue: str = ""
    """Another place; empty is the same one."""
    words: str = ""

    @property
    def day_now(self) -> date:
        """The day on which it takes place after all."""
        return self.moved_on or self.on_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which something takes place, or would have."""

    day: date
    """The day its timetable says."""
    at: datetime
    """When it starts, with what was moved."""
    change: DateChange | None = None

    @property
    def cancelled(self) -> bool:
        """Tell whether it does not take place."""
        return self.change is not None and self.change.what is Change.CANCELLED

    @property
    def moved(self) -> bool:
        """Tell whether it takes place at another day, time or place."""
        return self.change is not None and self.change.what is Change.MOVED

    @property
    def words(self) -> str:
        """What whoever runs it says about the change."""
        return self.change.words if self.change else ""


def occurrences(
    timetable: Timetable,
    starts: time,
    changes: Sequence[DateChange],
    *,
    first: date,
    days: int,
) -> list[Occurrence]:
    """Return what takes place, or was cancelled, from a day on within so many days.

    A time that was moved is found on the day it was moved to. A change of a day on which the
    timetable no longer says anything counts for nothing.
    """
    last = first + timedelta(days=days - 1)
    changed = {change.on_day: change for change in changes}
    found = [
        _occurrence(on, starts, changed.get(on)) for on in timetable.days(first=first, days=days)
    ]
    from_elsewhere = [
        _occurrence(change.on_day, starts, change)
        for change in changes
        if first <= change.day_now <= last
        and not first <= change.on_day <= last
        and change.what is Change.MOVED
        and timetable.days(first=change.on_day, days=1)
    ]
    here = [
        each
        for each in found
        if each.change is None or each.cancelled or first <= each.change.day_now <= last
    ]
    return sorted([*here, *from_elsewhere], key=lambda each: (each.at, each.day))


def _occurrence(on: date, starts: time, change: DateChange | None) -> Occurrence:
    if change is None or change.what is Change.CANCELLED:
        return Occurrence(day=on, at=start_of(on, starts), change=change)
    begins = time.fromisoformat(change.moved_starts) if change.moved_starts else starts
    return Occurrence(day=on, at=start_of(change.day_now, begins), change=change)
