"""From a yearly amount to instalments every four weeks."""

from collections.abc import Iterator
from datetime import date, timedelta

from marketplace.budgets.rules.windows import FOUR_WEEKS
from marketplace.kernel.money import Money

INSTALMENTS_A_YEAR = 13


def instalment(yearly: Money, number: int) -> Money:
    """Return the amount of an instalment; the first of all is number 0.

    Any thirteen that begin a round add up to the yearly amount exactly. The odd pennies go to the
    first ones of each round, because early money helps more than late money.
    """
    assert number >= 0
    each, odd = divmod(yearly.pence, INSTALMENTS_A_YEAR)
    return Money(each + (number % INSTALMENTS_A_YEAR < odd))


def instalment_number(starts_on: date, due_on: date) -> int:
    """Return which instalment is due on a day."""
    number, rest = divmod(due_on - starts_on, FOUR_WEEKS)
    assert number >= 0, "nothing is due before the line starts"
    assert rest == timedelta(), "instalments are due every four weeks"
    return number


def due_after(due_on: date, *, ends_before: date | None) -> date | None:
    """Return when the next instalment is due, if the line has not ended by then."""
    following = due_on + FOUR_WEEKS
    return following if ends_before is None or following < ends_before else None


def due_by(day: date, *, first_due_on: date | None, ends_before: date | None) -> Iterator[date]:
    """Go through the days up to and including one on which instalments are due."""
    due_on = first_due_on
    while due_on is not None and due_on <= day:
        yield due_on
        due_on = due_after(due_on, ends_before=ends_before)
