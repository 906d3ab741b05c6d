"""How long the money lasts, and why we think so. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

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


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and the amount in it: a page says it in its own language."""

    sentence: str
    amount: str = ""

    def __str__(self) -> str:
        return self.sentence % {"amount": self.amount}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many weeks the money lasts."""

    weeks: int | None
    """None: it is too early to tell. ``LASTS``: as far as anybody can see."""
    a_week: Money
    lasts: str
    """What we think: a whole sentence, or, with reasons, what stands before them."""
    because: tuple[Reason, ...] = ()
    last_day: date | None = None
    """The day until which it lasts, if it ends before it is spent."""

    @property
    def words(self) -> str:
        """What we think, and why, as one or two sentences in English."""
        last = self.last_day
        day = f"{last.day} {last:%B %Y}" if last else ""
        lasts = self.lasts % {"weeks": self.weeks, "day": day}
        return f"{lasts}: {', '.join(map(str, self.because))}." if self.because else lasts


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
        return _TOO_EARLY_FOR_ALL
    if pace.a_week <= ZERO:
        return _NOTHING_SPENT
    weeks = _weeks(free + set_aside, pace.a_week, coming, today)
    because = _because(free, set_aside, pace.a_week, coming)
    return Forecast(weeks=weeks, a_week=pace.a_week, lasts=_lasts(weeks), because=because)


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
    paid = Reason(_PAID, _about(a_week)) if a_week > ZERO else _NOTHING_PAID
    if ends_before is not None and weeks * _WEEK.days >= (ends_before - today).days:
        return Forecast(
            weeks=(ends_before - today).days // _WEEK.days,
            a_week=a_week,
            lasts="It lasts until its last day, %(day)s",
            because=(paid,),
            last_day=ends_before - timedelta(days=1),
        )
    return Forecast(weeks=weeks, a_week=a_week, lasts=_lasts(weeks), because=(paid,))


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


_TOO_EARLY_FOR_ALL = Forecast(
    weeks=None,
    a_week=ZERO,
    lasts="It is too early to tell how long it lasts. After four weeks we can say.",
)
_NOTHING_SPENT = Forecast(
    weeks=LASTS,
    a_week=ZERO,
    lasts="In most of the last weeks nothing was spent, so it will last.",
)
_TOO_EARLY = Forecast(
    weeks=None, a_week=ZERO, lasts="It is too early to tell how long this money lasts."
)
_OVER = Forecast(weeks=0, a_week=ZERO, lasts="Its last day is over: it pays for no new orders.")
_PAID = "about %(amount)s a week is paid from it"
_NOTHING_PAID = Reason("nothing was paid from it in most of the last weeks")
_COMES: Mapping[Calendar, str] = MappingProxyType(
    {
        Calendar.FOUR_WEEKLY: "%(amount)s comes every four weeks",
        Calendar.MONTHLY: "%(amount)s comes every month",
        Calendar.ONE_OFF: "%(amount)s comes once",
    }
)


def _lasts(weeks: int) -> str:
    if weeks >= LASTS:
        return "It will last for a year or more"
    if weeks == 0:
        return "It lasts for less than a week"
    return "It lasts about 1 week" if weeks == 1 else "It lasts about %(weeks)s weeks"


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


def _because(
    free: Money, set_aside: Money, a_week: Money, coming: Sequence[Coming]
) -> tuple[Reason, ...]:
    said = [
        Reason("you spend about %(amount)s a week", _about(a_week)),
        Reason("%(amount)s is free", _about(free)),
    ]
    if set_aside:
        said.append(Reason("%(amount)s is set aside", _about(set_aside)))
    for calendar, sentence in _COMES.items():
        amount = total(each.amount for each in coming if each.calendar is calendar)
        if amount:
            said.append(Reason(sentence, _about(amount)))
    return tuple(said)


def _about(amount: Money) -> str:
    """Write an amount in whole pounds; small ones to the penny."""
    pounds = (amount.pence + 50) // 100
    return f"£{pounds:,}" if pounds >= 5 else str(amount)  # noqa: PLR2004 - five pounds


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
