"""How long the money lasts, and why we think so. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from marketplace.budgets.rules.windows import FOUR_WEEKS
from marketplace.budgets.rules.words import Calendar
from marketplace.kernel.money import ZERO, Money, total

WEEKS_LOOKED_AT = 12
WEEKS_MIN = 4
"""With fewer weeks than this nobody can say."""
LASTS = 52
"""Money for so many weeks lasts: nobody can see further."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Money that comes to one line: when next, how much, how often, and until when."""

    due_on: date
    amount: Money
    calendar: Calendar
    ends_before: date | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast money is spent: in how many weeks that are over that was seen, and how much."""

    weeks: int
    a_week: Money
    """In the middle one of those weeks."""

    @classmethod
    def of(cls, spent: Sequence[Money]) -> "Pace":
        """Return the pace of some weeks, one amount for each."""
        return cls(len(spent), middle(spent) if spent else ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many weeks the money lasts."""

    weeks: int | None
    """None: it is too early to tell. ``LASTS``: as far as anybody can see."""
    a_week: Money
    words: str
    """What we think, and why, as one or two sentences."""


def forecast(
    *,
    free: Money,
    set_aside: Money,
    pace: Pace,
    coming: Sequence[Coming],
    today: date,
) -> Forecast:
    """Say how many weeks all the money lasts, if they are like the middle one of the last weeks.

    What is set aside pays for weeks to come too. The pace is that of the weeks since it began.
    """
    if pace.weeks < WEEKS_MIN:
        return Forecast(
            weeks=None,
            a_week=ZERO,
            words=f"It is too early to tell how long it lasts. After {_WORDS[WEEKS_MIN]} weeks "
            "we can say.",
        )
    if pace.a_week <= ZERO:
        words = "In most of the last weeks nothing was spent, so it will last."
        return Forecast(weeks=LASTS, a_week=ZERO, words=words)
    weeks = _weeks(free + set_aside, pace.a_week, coming, today)
    why = _why(free, set_aside, pace.a_week, coming)
    return Forecast(weeks=weeks, a_week=pace.a_week, words=f"{_lasts(weeks)}: {why}")


def line_forecast(
    money: Money, pace: Pace, *, coming: Coming | None, ends_before: date | None, today: date
) -> Forecast:
    """Say how many weeks the money of one line lasts, what is set aside of it counted as well.

    Shorter than of all the money: what is there and what comes stands beside it. No line lasts
    beyond its last day.
    """
    if ends_before is not None and ends_before <= today:
        return _OVER
    if pace.weeks < WEEKS_MIN:
        return _TOO_EARLY
    a_week = pace.a_week
    comes = () if coming is None else (coming,)
    weeks = _weeks(money, a_week, comes, today) if a_week > ZERO else LASTS
    paid = f"about {_about(a_week)} a week is paid from it" if a_week > ZERO else _NOTHING_PAID
    if ends_before is not None and weeks * _WEEK.days >= (ends_before - today).days:
        last = ends_before - timedelta(days=1)
        lasts = f"It lasts until its last day, {last.day} {last:%B %Y}"
        weeks = (ends_before - today).days // _WEEK.days
    else:
        lasts = _lasts(weeks)
    return Forecast(weeks=weeks, a_week=a_week, words=f"{lasts}: {paid}.")


def middle(spent: Sequence[Money]) -> Money:
    """Return the middle amount of some weeks; one dear week does not change it much.

    A week in which more was given back than spent counts as nothing.
    """
    ordered = sorted([max(each.pence, 0) for each in spent])
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Money(ordered[half])
    return Money((ordered[half - 1] + ordered[half] + 1) // 2)


def days_of(coming: Coming, *, until: date) -> Iterator[date]:
    """Go through the days on which money comes, up to one."""
    due_on, number = coming.due_on, 0
    while due_on <= until and (coming.ends_before is None or due_on < coming.ends_before):
        yield due_on
        number += 1
        match coming.calendar:
            case Calendar.FOUR_WEEKLY:
                due_on = coming.due_on + number * FOUR_WEEKS
            case Calendar.MONTHLY:
                due_on = _months_later(coming.due_on, number)
            case _:  # once, or nobody knows when
                return


_WORDS = {4: "four"}
_TOO_EARLY = Forecast(
    weeks=None, a_week=ZERO, words="It is too early to tell how long this money lasts."
)
_OVER = Forecast(weeks=0, a_week=ZERO, words="Its last day is over: it pays for no new orders.")
_NOTHING_PAID = "nothing was paid from it in most of the last weeks"


def _lasts(weeks: int) -> str:
    if weeks >= LASTS:
        return "It will last for a year or more"
    if weeks == 0:
        return "It lasts for less than a week"
    return f"It lasts about {weeks} {'week' if weeks == 1 else 'weeks'}"


def _weeks(money: Money, a_week: Money, coming: Iterable[Coming], today: date) -> int:
    # Whole pence and one pass: this is asked at every look at the wallet.
    arrives = [0] * (LASTS + 1)
    for each in coming:
        for week in _weeks_of(each.due_on, each.calendar, each.ends_before, today):
            arrives[week] += each.amount.pence
    there = money.pence
    for week in range(LASTS):
        there += arrives[week] - a_week.pence
        if there < 0:
            return week
    return LASTS


@lru_cache(maxsize=1_000)
def _weeks_of(
    due_on: date, calendar: Calendar, ends_before: date | None, today: date
) -> tuple[int, ...]:
    """Return in how many weeks from today money comes; most lines of a market share their days."""
    days = Coming(due_on=due_on, amount=ZERO, calendar=calendar, ends_before=ends_before)
    until = today + LASTS * _WEEK
    return tuple(
        [-(-max((day - today).days, 0) // _WEEK.days) for day in days_of(days, until=until)]
    )


def _why(free: Money, set_aside: Money, a_week: Money, coming: Sequence[Coming]) -> str:
    parts = [f"you spend about {_about(a_week)} a week", f"{_about(free)} is free"]
    if set_aside:
        parts.append(f"{_about(set_aside)} is set aside")
    for calendar in (Calendar.FOUR_WEEKLY, Calendar.MONTHLY, Calendar.ONE_OFF):
        amount = total(each.amount for each in coming if each.calendar is calendar)
        if amount:
            parts.append(f"{_about(amount)} comes {calendar.label}")
    return f"{', '.join(parts)}."


def _about(amount: Money) -> str:
    """Write an amount in whole pounds; small ones to the penny."""
    pounds = (amount.pence + 50) // 100
    return f"£{pounds:,}" if pounds >= 5 else str(amount)  # noqa: PLR2004 - five pounds


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
