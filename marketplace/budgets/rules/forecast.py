"""How long the money lasts, and why we think so. Pure."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    spent: Sequence[Money],
    coming: Sequence[Coming],
    today: date,
) -> Forecast:
    """Say how many weeks the money lasts, if they are like the middle one of the last weeks.

    What is set aside pays for weeks to come too. ``spent`` has one amount for each week that is
    over, since the money began.
    """
    if len(spent) < WEEKS_MIN:
        return Forecast(
            weeks=None,
            a_week=ZERO,
            words=f"It is too early to tell how long it lasts. After {_WORDS[WEEKS_MIN]} weeks "
            "we can say.",
        )
    a_week = middle(spent)
    if a_week <= ZERO:
        words = "In most of the last weeks nothing was spent, so it will last."
        return Forecast(weeks=LASTS, a_week=ZERO, words=words)
    weeks = _weeks(free + set_aside, a_week, coming, today)
    why = _why(free, set_aside, a_week, coming)
    if weeks >= LASTS:
        return Forecast(weeks=LASTS, a_week=a_week, words=f"It will last for a year or more: {why}")
    if weeks == 0:
        return Forecast(weeks=0, a_week=a_week, words=f"It lasts for less than a week: {why}")
    unit = "week" if weeks == 1 else "weeks"
    return Forecast(weeks=weeks, a_week=a_week, words=f"It lasts about {weeks} {unit}: {why}")


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


def _weeks(money: Money, a_week: Money, coming: Iterable[Coming], today: date) -> int:
    until = today + LASTS * _WEEK
    # Whole pence and one pass: this is asked at every look at the wallet.
    arrives = [0] * (LASTS + 1)
    for each in _together(coming):
        for due_on in days_of(each, until=until):
            late = max((due_on - today).days, 0)
            arrives[-(-late // _WEEK.days)] += each.amount.pence
    there = money.pence
    for week in range(LASTS):
        there += arrives[week] - a_week.pence
        if there < 0:
            return week
    return LASTS


def _together(coming: Iterable[Coming]) -> Iterator[Coming]:
    """Put together what comes on the same days, as most lines do: those are gone through once."""
    found: dict[tuple[date, Calendar, date | None], Money] = defaultdict(lambda: ZERO)
    for each in coming:
        found[each.due_on, each.calendar, each.ends_before] += each.amount
    for (due_on, calendar, ends_before), amount in found.items():
        yield Coming(due_on=due_on, amount=amount, calendar=calendar, ends_before=ends_before)


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
