"""Periods, protecting small groups, and prices with their spread. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from marketplace.kernel.clock import local_instant
from marketplace.kernel.money import Money
from marketplace.reports.errors import BadPeriodError

MONTHS_SHOWN = 12
MONTHS_MAX = 60
_DAY = timedelta(days=1)

Value = int | Money | str


@dataclass(frozen=True, slots=True)
class Period:
    """Some days; the end is not one of them."""

    starts_on: date
    ends_before: date

    @property
    def last_on(self) -> date:
        """The last day of it."""
        return self.ends_before - _DAY

    @property
    def starts_at(self) -> datetime:
        """The instant at which it starts, where the people are."""
        return local_instant(self.starts_on, 0, 0)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return local_instant(self.ends_before, 0, 0)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month that it touches."""
        found, month = [], self.starts_on.replace(day=1)
        while month < self.ends_before:
            found.append(month)
            month = next_month(month)
        return tuple(found)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def period(since: date | None, until: date | None, *, today: date) -> Period:
    """Return the period from one day to another; without them, twelve months up to today.

    Raises:
        BadPeriodError: it ends before it starts, or is longer than five years.
    """
    last = until or today
    first = since or months_before(last, MONTHS_SHOWN - 1)
    if last < first:
        raise BadPeriodError("The last day is before the first. Change one of them.")
    found = Period(first, last + _DAY)
    if len(found.months) > MONTHS_MAX:
        raise BadPeriodError("Choose a period of no more than five years.")
    return found


def quarter_start(day: date) -> date:
    """Return the first day of a day's quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before a day's."""
    counted = day.year * 12 + day.month - 1 - months
    return date(counted // 12, counted % 12 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose market is looked at, when, and how small a group may not be seen."""

    council_id: UUID
    period: Period
    category: str = ""
    threshold: int = 5


class Hidden(StrEnum):
    """Why a row is not shown."""

    FEW = "few"
    """It rests on too few people."""
    PROTECTS = "protects"
    """It is large enough, but would give the one small row away."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as counted. ``people`` is None in tables that are not about people."""

    label: str
    people: int | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row as shown: its values are there, or the reason why not."""

    label: str
    values: tuple[Value | None, ...]
    hidden: Hidden | None = None


def protect(rows: Sequence[Row], *, threshold: int) -> tuple[ShownRow, ...]:
    """Return rows of which none rests on fewer people than the threshold.

    If only one row had to be hidden, the total would give it away: then the smallest of the others
    is hidden too. Nobody at all is nobody's secret and is shown as 0.
    """
    hidden = {
        place: Hidden.FEW
        for place, row in enumerate(rows)
        if row.people is not None and 0 < row.people < threshold
    }
    others = [
        (row.people, place) for place, row in enumerate(rows) if (row.people or 0) >= threshold
    ]
    if len(hidden) == 1 and others:
        hidden[min(others)[1]] = Hidden.PROTECTS
    return tuple(_shown(row, hidden.get(place)) for place, row in enumerate(rows))


def without_giveaways(
    counted: Iterable[tuple[str | None, str, int]], *, threshold: int
) -> list[tuple[str, str, int]]:
    """Return words with their group and people, the most first, that nobody can be found in.

    ``counted`` has everything, also what has no words because too few share it. The people of a
    whole group may be known from elsewhere: where those left over would be fewer than the
    threshold, the smallest words of the group are left out too.
    """
    shown: dict[str, list[tuple[int, str]]] = {}
    left: dict[str, int] = {}
    for words, group, people in counted:
        if words is None or people < threshold:
            left[group] = left.get(group, 0) + people
        else:
            shown.setdefault(group, []).append((people, words))
    told = []
    for group, some in shown.items():
        some.sort(key=lambda each: (-each[0], each[1]))
        if 0 < left.get(group, 0) < threshold:
            some.pop()
        told += [(words, group, people) for people, words in some]
    return sorted(told, key=lambda each: (-each[2], each[0]))


def hidden_last(rows: Iterable[ShownRow]) -> tuple[ShownRow, ...]:
    """Return the rows that are shown as they stand, then the hidden ones by name.

    Where rows stand by size, the place of a hidden one would tell its size.
    """
    some = list(rows)
    shown = [row for row in some if row.hidden is None]
    hidden = sorted((row for row in some if row.hidden is not None), key=lambda row: row.label)
    return (*shown, *hidden)


def _shown(row: Row, hidden: Hidden | None) -> ShownRow:
    counted: tuple[Value, ...] = () if row.people is None else (row.people,)
    values = (*counted, *row.values)
    return ShownRow(row.label, (None,) * len(values) if hidden else values, hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures with their title, how they were counted, and nothing that must not be seen."""

    key: str
    title: str
    about: str
    head: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    threshold: int

    def cells(self) -> list[list[Value]]:
        """Return the rows as they are written, on the page and in the file."""
        return [
            [row.label, *(self._cell(row, at) for at in range(len(row.values)))]
            for row in self.rows
        ]

    def visible(self) -> "Table":
        """Return the table without the rows that are not shown."""
        return replace(self, rows=tuple(row for row in self.rows if row.hidden is None))

    @property
    def too_small(self) -> tuple[str, ...]:
        """The labels of the rows that rest on too few people."""
        return tuple(row.label for row in self.rows if row.hidden is Hidden.FEW)

    @property
    def protecting(self) -> tuple[str, ...]:
        """The labels of the rows that would give a small one away."""
        return tuple(row.label for row in self.rows if row.hidden is Hidden.PROTECTS)

    def bars(self, column: int) -> list[tuple[str, int, str]]:
        """Return one column of values (from 0) as label, length and words of a chart's bars."""
        return [
            (row.label, _length(row.values[column]), str(self._cell(row, column)))
            for row in self.rows
        ]

    def _cell(self, row: ShownRow, column: int) -> Value:
        value = row.values[column]
        if value is not None:
            return value
        if row.hidden is Hidden.FEW and column == 0:
            return f"fewer than {self.threshold}"
        return "not shown"


def _length(value: Value | None) -> int:
    if isinstance(value, Money):
        return max(value.pence, 0)
    return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class Spread:
    """A middle price, and between which prices the middle half lies."""

    lower: Money
    median: Money
    upper: Money


def spread(prices: Iterable[tuple[int, int]]) -> Spread:
    """Return the quartiles of prices, given as (pence, how many times)."""
    counted = sorted(prices)
    count = sum(times for _, times in counted)
    assert count > 0, "there is no middle of nothing"
    lower, median, upper = (_at(counted, -(-count * quarter // 4)) for quarter in (1, 2, 3))
    return Spread(Money(lower), Money(median), Money(upper))


def _at(counted: Sequence[tuple[int, int]], place: int) -> int:
    seen = 0
    for pence, times in counted:
        seen += times
        if seen >= place:
            return pence
    raise AssertionError("the place is within the count")


def share(part: int, whole: int) -> str:
    """Write a share in whole percent, half rounded up."""
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else "–"


def table_of(
    scope: Scope,
    key: str,
    title: str,
    about: str,
    head: tuple[str, ...],
    rows: Iterable[ShownRow],
) -> Table:
    """Return a table of what was looked at."""
    return Table(
        key=key, title=title, about=about, head=head, rows=tuple(rows), threshold=scope.threshold
    )
