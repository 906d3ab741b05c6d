"""Values that a feed should not hold and does: huge numbers, days as instants, days one by one."""

from datetime import date
from typing import Any

import pytest

from marketplace.feeds.rules.cleaning import Cleaner
from marketplace.feeds.rules.times import Times, times_of


def times(*rows: dict[str, Any]) -> Times:
    """Return when something with some schedules takes place."""
    return times_of(rows, Cleaner("here"))


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e308, "1e308", "9" * 400])
def test_a_number_past_all_numbers_is_left_out_with_a_line(value: object) -> None:
    for read in (Cleaner.number, Cleaner.pence):
        cleaner = Cleaner("here")

        found = read(cleaner, {"amount": value}, "amount")

        assert found is None or (read is Cleaner.number and found == 1e308)
        assert found is not None or cleaner.remarks


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-06-08", date(2026, 6, 8)),
        ("2026-06-08T00:00:00Z", date(2026, 6, 8)),
        ("2026-06-07T23:00:00Z", date(2026, 6, 8)),  # midnight in London, in summer
        ("2026-06-07T23:00:00.000Z", date(2026, 6, 8)),
        ("2026-12-07T23:00:00Z", date(2026, 12, 7)),
        ("2026-06-08T00:00:00+01:00", date(2026, 6, 8)),
        ("2026-06-07T23:00:00", date(2026, 6, 7)),
        ("2026-06-08T25:00:00Z", date(2026, 6, 8)),
    ],
)
def test_a_day_written_as_an_instant_is_a_day_of_our_time(written: str, meant: date) -> None:
    assert Cleaner("here").day({"dtstart": written}, "dtstart") == meant


class TestTimesOf:
    def test_days_of_a_month_row_by_row_are_one_timetable(self) -> None:
        rows = [{"freq": "MONTHLY", "byday": day, "opens_at": "10:00"} for day in ("3MO", "1MO")]

        assert times(*rows).rrule == "FREQ=MONTHLY;BYDAY=3MO,1MO"

    def test_numbered_days_of_a_month_row_by_row_are_one_timetable(self) -> None:
        rows = [{"freq": "MONTHLY", "bymonthday": n, "opens_at": "10:00"} for n in ("15", "1")]

        assert times(*rows).rrule == "FREQ=MONTHLY;BYMONTHDAY=15,1"

    def test_what_is_no_day_of_a_week_stays_apart(self) -> None:
        rows = [
            {"freq": "MONTHLY", "byday": "1MO", "opens_at": "10:00"},
            {"freq": "MONTHLY", "bymonthday": "15", "opens_at": "10:00"},
        ]

        found = times(*rows)

        assert (found.rrule, found.words) == ("FREQ=MONTHLY;BYDAY=1MO", "15th of the month 10:00")

    def test_further_single_days_are_said_by_their_dates(self) -> None:
        days = ("2026-12-01", "2026-12-09", "2027-01-05")
        rows = [{"dtstart": day, "opens_at": "10:00", "closes_at": "11:00"} for day in days]

        found = times(*rows)

        assert found.on_day == date(2026, 12, 1)
        assert found.words == "9 December 2026 10:00 to 11:00; 5 January 2027 10:00 to 11:00"
