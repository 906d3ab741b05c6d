"""When a store can be reached, how soon it answers, and when it has room. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.catalogue.errors import BadTimesError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening", "night")
ROOM = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
"""Every part of a usual week."""
WEEKS_SHOWN = 4
WEEKS_ASKED = 8
OPENING_WORDS_MAX = 200


class AnswersWithin(StrEnum):
    """How soon a provider says it answers."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    THREE_DAYS = "three_days"
    WEEK = "week"

    @property
    def label(self) -> str:
        """The time in words, after "Usually answers …"."""
        return {
            AnswersWithin.SAME_DAY: "on the same day",
            AnswersWithin.NEXT_DAY: "by the next day",
            AnswersWithin.THREE_DAYS: "within three days",
            AnswersWithin.WEEK: "within a week",
        }[self]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """From when until when somebody is there on one day of the week, as 09:00 and 17:00."""

    day: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Days of the week that follow each other, on which the times are the same."""

    first: str
    last: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """When a provider says that there is room for somebody new."""

    usual: tuple[str, ...] = ()
    full_weeks: tuple[date, ...] = ()
    full_until: date | None = None
    said_at: datetime | None = None

    def is_said(self) -> bool:
        """Tell whether the provider has said anything."""
        return bool(self.usual) or self.full_until is not None

    def is_full_on(self, day: date) -> bool:
        """Tell whether there is no room for anybody new on a day."""
        if self.full_until is not None and day <= self.full_until:
            return True
        return monday_of(day) in self.full_weeks


@dataclass(frozen=True, slots=True)
class WeekOfRoom:
    """One of the next weeks: its Monday, and in which parts of which days there is room."""

    begins_on: date
    free: tuple[str, ...]


def weeks_of_room(room: Room, *, on: date) -> tuple[WeekOfRoom, ...]:
    """Return this week and those after it, with the parts in which there is still room."""
    begin = monday_of(on)
    return tuple(
        WeekOfRoom(monday, tuple(each for each in room.usual if _is_free(room, monday, each, on)))
        for monday in (begin + timedelta(weeks=week) for week in range(WEEKS_SHOWN))
    )


def weeks_to_ask(on: date) -> tuple[date, ...]:
    """Return the Mondays of the weeks for which a provider can say that it is full."""
    begin = monday_of(on)
    return tuple(begin + timedelta(weeks=week) for week in range(WEEKS_ASKED))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def open_days(spans: Iterable[OpenDay]) -> tuple[OpenDays, ...]:
    """Return a week's times with days that are alike drawn together: Monday to Friday."""
    found: list[OpenDays] = []
    for span in sorted(spans, key=lambda span: DAYS.index(span.day)):
        before = found[-1] if found else None
        if (
            before
            and (before.opens, before.closes) == (span.opens, span.closes)
            and DAYS.index(before.last) + 1 == DAYS.index(span.day)
        ):
            found[-1] = OpenDays(before.first, span.day, span.opens, span.closes)
        else:
            found.append(OpenDays(span.day, span.day, span.opens, span.closes))
    return tuple(found)


def checked_opening(spans: Collection[OpenDay]) -> list[list[str]]:
    """Return the times of a week in their order, as they are kept.

    Raises:
        BadTimesError: a day is there twice, or closes before it opens.
    """
    if len({span.day for span in spans}) < len(spans):
        raise BadTimesError("Each day of the week can have its times once.")
    for span in spans:
        if span.day not in DAYS or span.closes <= span.opens:
            raise BadTimesError("The time you close must be later than the time you open.")
    ordered = sorted(spans, key=lambda span: DAYS.index(span.day))
    return [[span.day, span.opens, span.closes] for span in ordered]


def _is_free(room: Room, monday: date, part: str, on: date) -> bool:
    day = monday + timedelta(days=DAYS.index(part.partition("-")[0]))
    return day >= on and not room.is_full_on(day)
