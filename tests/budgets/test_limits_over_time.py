"""Limits on the days on which time is odd: the clocks change, a leap day, a plan year ends."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.money import ZERO, Money
from tests.factories import Make
from tests.factories.money import Funded

TEN = Money(10_00)


def with_limit(make: Make, window: LimitWindow, starts_on: date) -> Funded:
    """Return somebody who may spend £10.00 in a window, since a day."""
    at = datetime(starts_on.year, starts_on.month, starts_on.day, 9, tzinfo=UTC)
    return make.funded_person(limits=[make.limit(TEN, window=window)], starts_on=starts_on, at=at)


def used(session: Session, funded: Funded, at: datetime) -> Money:
    """Return what of the limit is used at an instant."""
    [line] = queries.lines_of(session, person_id=funded.id, at=at)
    return line.limits[0].limit.used


@pytest.mark.parametrize(
    ("last", "first"),
    [
        # 29 March has 23 hours, and ends at 23:00 UTC: there it is summer already.
        ("2026-03-29 22:59", "2026-03-29 23:00"),
        # The day before it begins with winter time, at midnight UTC.
        ("2026-03-28 23:59", "2026-03-29 00:00"),
        # 25 October has 25 hours: it begins at 23:00 UTC, and ends at midnight UTC.
        ("2026-10-25 23:59", "2026-10-26 00:00"),
        ("2026-10-24 22:59", "2026-10-24 23:00"),
    ],
)
def test_a_day_ends_at_midnight_in_london(
    session: Session, make: Make, last: str, first: str
) -> None:
    funded = with_limit(make, LimitWindow.DAY, date(2026, 3, 4))
    late, early = (datetime.fromisoformat(f"{when}+00:00") for when in (last, first))
    make.hold(funded, TEN, at=late)

    with pytest.raises(SpendRefusedError, match=r"There is £0\.00 left under it until"):
        make.hold(funded, Money(1), at=late)
    assert used(session, funded, early) == ZERO
    make.hold(funded, TEN, at=early)


def test_four_weeks_from_a_lines_own_day_are_28_days_over_the_clock_change(
    session: Session, make: Make
) -> None:
    """From 4 March four weeks end with 31 March, in summer: at 23:00 UTC of that day."""
    funded = with_limit(make, LimitWindow.FOUR_WEEKS, date(2026, 3, 4))
    make.hold(funded, TEN, at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))

    with pytest.raises(SpendRefusedError):
        make.hold(funded, Money(1), at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    make.hold(funded, TEN, at=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("starts_on", "last", "first"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 3, 4), date(2027, 3, 3), date(2027, 3, 4)),
    ],
)
def test_a_plan_year_ends_on_the_day_before_the_line_began(
    session: Session, make: Make, starts_on: date, last: date, first: date
) -> None:
    funded = with_limit(make, LimitWindow.YEAR, starts_on)
    late, early = (datetime(on.year, on.month, on.day, 12, tzinfo=UTC) for on in (last, first))
    make.hold(funded, TEN, at=late)

    with pytest.raises(SpendRefusedError):
        make.hold(funded, Money(1), at=late)
    assert used(session, funded, early) == ZERO
    make.hold(funded, TEN, at=early)
