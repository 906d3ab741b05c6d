"""From a yearly amount to what comes when: each line has a calendar of its own. Pure."""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from marketplace.budgets.rules.windows import FOUR_WEEKS
from marketplace.budgets.rules.words import Calendar
from marketplace.kernel.money import Money

INSTALMENTS_A_YEAR = 13
"""Of a line that is paid every four weeks."""
MONTHS_A_YEAR = 12

_A_YEAR: Mapping[Calendar, int] = MappingProxyType(
    {Calendar.FOUR_WEEKLY: INSTALMENTS_A_YEAR, Calendar.MONTHLY: MONTHS_A_YEAR}
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the money of a line comes, and how much of it. The first instalment is number 0."""

    calendar: Calendar
    starts_on: date
    ends_before: date | None = None

    @property
    def first_due_on(self) -> date | None:
        """When the first instalment is due; never, if the money comes when somebody pays it."""
        return None if self.calendar is Calendar.AS_IT_COMES else self.starts_on

    def due_on(self, number: int) -> date:
        """Return when an instalment is due, if the line lasts so long.

        A line that starts on the 31st is paid on the last day of a shorter month, and on the
        31st again where there is one.
        """
        assert number >= 0
        if self.calendar is Calendar.MONTHLY:
            return _months_after(self.starts_on, number)
        return self.starts_on + FOUR_WEEKS * number

    def number_of(self, due_on: date) -> int:
        """Return which instalment is due on a day."""
        if self.calendar is Calendar.MONTHLY:
            number = (due_on.year - self.starts_on.year) * MONTHS_A_YEAR
            number += due_on.month - self.starts_on.month
        else:
            number = (due_on - self.starts_on) // FOUR_WEEKS
        assert number >= 0, "nothing is due before the line starts"
        assert self.due_on(number) == due_on, "nothing is due on this day"
        return number

    def after(self, due_on: date) -> date | None:
        """Return when the next instalment is due, if there is one before the line ends."""
        if self.calendar in {Calendar.ONE_OFF, Calendar.AS_IT_COMES}:
            return None
        following = self.due_on(self.number_of(due_on) + 1)
        return following if self.ends_before is None or following < self.ends_before else None

    def amount(self, yearly: Money, due_on: date) -> Money:
        """Return how much is due on a day: any year's instalments add up to the yearly amount."""
        parts = _A_YEAR.get(self.calendar)
        if parts is None:
            return yearly
        return instalment(yearly, self.number_of(due_on), parts=parts)

    def first_from(self, day: date) -> date | None:
        """Return when the first instalment on or after a day is due, if there is one."""
        due_on = self.first_due_on
        while due_on is not None and due_on < day:
            due_on = self.after(due_on)
        return due_on

    def due_by(self, day: date, *, first_due_on: date | None) -> Iterator[date]:
        """Go through the days up to and including one on which instalments are due."""
        due_on = first_due_on
        while due_on is not None and due_on <= day:
            yield due_on
            due_on = self.after(due_on)


def instalment(yearly: Money, number: int, *, parts: int = INSTALMENTS_A_YEAR) -> Money:
    """Return the amount of an instalment; the first of all is number 0.

    Any year's worth of them, one after the other, adds up to the yearly amount exactly. The odd
    pennies go to the first ones of each year, because early money helps more than late money.
    """
    assert number >= 0
    each, odd = divmod(yearly.pence, parts)
    return Money(each + (number % parts < odd))


def _months_after(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def last_day(ends_before: date | None) -> date | None:
    """Return the last day of something whose end is the first day after it."""
    return ends_before and ends_before - timedelta(days=1)
