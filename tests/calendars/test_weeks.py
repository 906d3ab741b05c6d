"""Weeks and months turn their pages without losing a day, whatever the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.calendars.errors import NoSuchTimeError
from marketplace.calendars.rules.weeks import FIRST_YEAR, LAST_YEAR, Month, Week, remark, span

DAY = timedelta(days=1)
DAYS = st.dates(date(FIRST_YEAR, 1, 6), date(LAST_YEAR, 12, 20))


class TestWeek:
    @given(DAYS)
    def test_has_every_day_once_and_the_pages_follow_each_other(self, day: date) -> None:
        week = Week.of(day)

        assert Week.at(week.year, week.number) == week
        assert day in week.days
        assert week.days == tuple(week.starts_on + n * DAY for n in range(7))
        assert week.starts_on.weekday() == 0
        assert week.next is not None
        assert week.next.previous == week
        assert week.next.starts_on == week.ends_before == week.days[-1] + DAY

    @given(DAYS)
    def test_lies_in_the_month_that_has_most_of_it(self, day: date) -> None:
        week = Week.of(day)

        inside = sum(Month.of(each) == week.month for each in week.days)
        assert inside >= 4
        assert week in week.month.weeks

    @pytest.mark.parametrize(
        ("year", "number"),
        [(2026, 0), (2026, 54), (2025, 53), (0, 1), (9999, 1), (-1, 1), (FIRST_YEAR - 1, 1)],
    )
    def test_refuses_a_week_that_is_not_there(self, year: int, number: int) -> None:
        with pytest.raises(NoSuchTimeError):
            Week.at(year, number)

    def test_knows_years_of_53_weeks(self) -> None:
        assert Week.at(2026, 53).days[-1] == date(2027, 1, 3)

    def test_ends_where_the_calendar_does(self) -> None:
        assert Week.at(FIRST_YEAR, 1).previous is None
        assert Week.at(LAST_YEAR, 53).next is None


class TestMonth:
    @given(DAYS)
    def test_is_made_of_whole_weeks_that_follow_each_other(self, day: date) -> None:
        month = Month.of(day)
        days = [each for week in month.weeks for each in week.days]

        assert Month.at(month.year, month.number) == month
        assert days == [days[0] + n * DAY for n in range(len(days))]
        own = [each for each in days if Month.of(each) == month]
        assert (own[0], own[-1] + DAY) == (month.starts_on, month.ends_before)
        assert day in own
        assert 28 <= len(own) <= 31
        # No week is there without a day of the month.
        assert days[6] >= month.starts_on
        assert days[-7] < month.ends_before

    @given(DAYS)
    def test_is_followed_by_the_next(self, day: date) -> None:
        month = Month.of(day)

        assert month.next is None or month.next.previous == month

    @pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 13), (0, 1), (9999, 12)])
    def test_refuses_a_month_that_is_not_there(self, year: int, number: int) -> None:
        with pytest.raises(NoSuchTimeError):
            Month.at(year, number)

    def test_ends_where_the_calendar_does(self) -> None:
        assert Month.at(FIRST_YEAR, 1).previous is None
        assert Month.at(LAST_YEAR, 12).next is None


class TestSpan:
    @given(DAYS)
    def test_lasts_from_midnight_to_midnight_where_the_people_are(self, day: date) -> None:
        begins, ends = span(day, day + DAY)

        assert ends - begins in {timedelta(hours=23), DAY, timedelta(hours=25)}
        assert span(day + DAY, day + 2 * DAY)[0] == ends

    def test_begins_an_hour_earlier_in_summer(self) -> None:
        assert span(date(2026, 7, 1), date(2026, 7, 2))[0] == datetime(2026, 6, 30, 23, tzinfo=UTC)


class TestRemark:
    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (date(2026, 3, 29), "The clocks go forward in the night: 1am becomes 2am."),
            (date(2026, 10, 25), "The clocks go back in the night: 2am becomes 1am."),
            (date(2026, 12, 25), "Christmas Day."),
            (date(2026, 3, 4), ""),
        ],
    )
    def test_says_what_is_special(self, day: date, said: str) -> None:
        assert remark(day) == said
