"""How templates write days, times and distances."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.kernel.money import Money
from marketplace.web import templating


class TestTimes:
    @pytest.mark.parametrize(
        ("hour", "minute", "words"),
        [
            (14, 0, "2pm"),
            (10, 30, "10:30am"),
            (12, 0, "midday"),
            (0, 0, "midnight"),
            (0, 5, "12:05am"),
            (12, 5, "12:05pm"),
        ],
    )
    def test_are_written_as_people_say_them(self, hour: int, minute: int, words: str) -> None:
        assert templating.time_of_day(datetime(2026, 3, 4, hour, minute, tzinfo=UTC)) == words

    def test_are_london_s_in_summer(self) -> None:
        evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

        assert templating.moment(evening) == "Thursday 2 July 2026, 12:30am"

    def test_days_have_their_names(self) -> None:
        assert templating.day(date(2026, 3, 4)) == "Wednesday 4 March 2026"
        assert templating.short_day(datetime(2026, 3, 4, 9, tzinfo=UTC)) == "4 March"

    def test_notice_is_in_hours_or_whole_days(self) -> None:
        said = [templating.notice(hours) for hours in (1, 24, 36, 48, 672)]
        assert said == ["1 hour", "24 hours", "36 hours", "2 days", "28 days"]

    def test_spans_are_minutes(self) -> None:
        assert templating.minutes(timedelta(hours=1, minutes=30)) == "90 minutes"


class TestAmounts:
    @pytest.mark.parametrize(
        ("metres", "words"),
        [(0, "0.0 miles"), (1609, "1.0 mile"), (1931, "1.2 miles"), (20000, "12 miles")],
    )
    def test_distances_are_miles(self, metres: int, words: str) -> None:
        assert templating.miles(metres) == words

    def test_money_has_its_pence(self) -> None:
        assert templating.money(Money(123450)) == "£1,234.50"
