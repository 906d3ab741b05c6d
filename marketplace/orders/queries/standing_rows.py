"""What pages see of standing orders."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from marketplace.budgets.rules import first_name
from marketplace.catalogue.queries.instead import Instead
from marketplace.kernel.money import Money
from marketplace.orders.queries.standing_away import Absence
from marketplace.orders.queries.standing_stops import LastDay
from marketplace.orders.queries.standing_together import Together
from marketplace.orders.rules.clock_changes import time_of, time_words
from marketplace.orders.rules.standing import Pattern, Reply
from marketplace.orders.rules.standing_money import LASTS, Lasting, Rise
from marketplace.orders.rules.standing_states import StandingState
from marketplace.orders.rules.standing_words import pattern_words


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day in the next weeks of a standing order."""

    standing_id: UUID
    title: str
    provider_name: str
    on: date
    planned_at: datetime
    timed: bool
    """It has a time of day."""
    minute: int | None
    """Which of the day's times."""
    what: str
    amount: Money
    status: str
    """Covered, Not covered, Left out."""
    tone: str
    words: str = ""
    """Why, if it is not as the pattern says."""
    worker: str = ""
    order_id: UUID | None = None
    can_skip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRow:
    """What was said of when and how much, from a day on."""

    number: int
    pattern: Pattern
    what: str
    said_by_name: str
    said_at: datetime
    answer: Reply
    reason: str

    @property
    def words(self) -> str:
        """When it happens, in words."""
        return pattern_words(self.pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """Days that are left out."""

    id: UUID
    starts_on: date
    ends_before: date
    minute: int | None
    reason: str
    said_by_name: str

    @property
    def at_words(self) -> str:
        """Say which visit of the day it is about; "" if about all."""
        return "" if self.minute is None else f", {time_words(time_of(self.minute))}"

    @property
    def is_one_day(self) -> bool:
        """Tell whether it is about a single day."""
        return (self.ends_before - self.starts_on).days == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RiseRow:
    """A price that waits for an answer, and what it does."""

    price: str
    old_price: str
    four_weeks: Rise
    plan_ends_before: date
    old_price_kept: bool
    seen_at: datetime

    @property
    def a_week(self) -> Money:
        """How much more a week it is, taken over four weeks, to the penny above."""
        return Money(-(-self.four_weeks.more.pence // 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """One line of a list of standing orders."""

    id: UUID
    number: int
    person_id: UUID
    person_name: str
    provider_name: str
    title: str
    unit: str
    what: str
    """What happens each time: Gardening, 2 hours."""
    words: str
    four_weeks: Money
    state: StandingState
    waits: bool
    """Something about it waits for an answer."""
    pool: str = ""
    """The name of the pool that pays, if one does."""
    whose: str = ""
    """The first name of the other member of that pool whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """A standing order, as those see it whom it concerns."""

    row: StandingRow
    provider_id: UUID
    offer_id: UUID
    price: str
    begins_on: date
    ends_before: date | None
    end_reason: str
    ended_by_name: str
    first_order_id: UUID
    placed_by_name: str
    placed_at: datetime
    by_supporter: bool
    worker: str
    wishes: tuple[tuple[str, str], ...]
    """What was asked for: (Who, Wren Ashby)."""
    outcome: str
    note: str
    patterns: tuple[PatternRow, ...]
    """Newest first."""
    days: tuple[DayRow, ...]
    gaps: tuple[GapRow, ...]
    rise: RiseRow | None
    workers_this_month: tuple[str, ...]
    lasting: Lasting = LASTS
    """How long the person's money lasts; a provider is not told."""
    absences: tuple[Absence, ...] = ()
    """When the provider is away, and which visits are not planned because of it."""
    over_from: date | None = None
    """The first day for which the offer is over, if it is."""
    over_words: str = ""
    who_else: tuple[Instead, ...] = ()
    """Who else does the same, if the provider is away or it is over; a provider is not told."""
    together: Together | None = None
    """The pool that pays, if one does; a provider is not told."""
    last_day: LastDay | None = None
    """Of a provider who stops, as long as nothing was decided about it."""

    @property
    def minutes(self) -> tuple[int, ...]:
        """All times of a day at which it happens now, or will, in turn."""
        agreed = [row.pattern for row in self.patterns if row.answer is Reply.YES]
        now = {day.minute for day in self.days if day.minute is not None}
        return tuple(sorted(now.union(*(pattern.minutes for pattern in agreed[:1]))))

    @property
    def waiting_change(self) -> PatternRow | None:
        """The change that waits for the provider's answer."""
        return next((row for row in self.patterns if row.answer is Reply.WAITING), None)

    @property
    def not_covered(self) -> tuple[DayRow, ...]:
        """The days nobody comes to unless something is done; apart from what is over."""
        days = (row for row in self.days if row.status == NOT_COVERED)
        return tuple(row for row in days if self.over_from is None or row.on < self.over_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The next four weeks of all somebody's standing orders."""

    rows: tuple[StandingRow, ...]
    days: tuple[DayRow, ...]
    lasting: Lasting | None = None
    """How long the person's own money lasts, where it pays for any of them and is seen."""

    @property
    def covered(self) -> Money:
        """What is set aside for them."""
        return Money(sum(day.amount.pence for day in self.days if day.status == COVERED))


def with_theirs(mine: Weeks, theirs: Weeks) -> Weeks:
    """Return somebody's standing orders with those of others that a pool of theirs pays for.

    They can look at those, and do nothing about a single day.
    """
    days = (replace(day, order_id=None, can_skip=False) for day in theirs.days)
    rows = (replace(row, whose=first_name(row.person_name)) for row in theirs.rows)
    by_time = sorted([*mine.days, *days], key=lambda day: (day.planned_at, day.title))
    return replace(mine, rows=(*mine.rows, *rows), days=tuple(by_time))


COVERED = "Covered"
NOT_COVERED = "Not covered"
