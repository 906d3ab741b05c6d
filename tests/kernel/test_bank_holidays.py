"""The bank holidays of England and Wales, held against the days the government published."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.bank_holidays import bank_holiday, bank_holidays, easter

PUBLISHED = {
    2020: "1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12",
    2021: "1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12",
    2022: "3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12",
    2023: "2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12",
    2024: "1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12",
    2025: "1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12",
    2026: "1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12",
    2027: "1/1 26/3 29/3 3/5 31/5 30/8 27/12 28/12",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_they_are_the_days_that_were_published(year: int) -> None:
    found = " ".join(f"{day.day}/{day.month}" for day in bank_holidays(year))

    assert found == PUBLISHED[year]


def test_a_day_says_which_one_it_is() -> None:
    assert bank_holiday(date(2026, 4, 6)) == "Easter Monday"
    assert bank_holiday(date(2026, 12, 28)) == "Boxing Day"
    assert bank_holiday(date(2026, 4, 7)) == ""


@given(year=st.integers(min_value=1900, max_value=2300))
def test_easter_is_a_sunday_between_its_earliest_and_latest_day(year: int) -> None:
    found = easter(year)

    assert found.weekday() == 6
    assert date(year, 3, 22) <= found <= date(year, 4, 25)


@given(year=st.integers(min_value=1978, max_value=2300))
def test_every_year_has_eight_working_days_at_least(year: int) -> None:
    days = list(bank_holidays(year))

    assert len(days) >= 8
    assert all(day.weekday() < 5 for day in days)
    assert days == sorted(set(days))
    assert min(b - a for a, b in pairwise(days)) >= timedelta(days=1)
