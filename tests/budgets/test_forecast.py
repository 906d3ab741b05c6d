"""How long the money lasts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import Calendar
from marketplace.budgets.rules.forecast import (
    LASTS,
    Coming,
    Forecast,
    Pace,
    days_of,
    forecast,
    line_forecast,
    middle,
)
from marketplace.kernel.money import ZERO, Money

TODAY = date(2026, 3, 4)
FORTY_ONE = Pace(12, Money(41_00))
FOUR_WEEKLY = Coming(due_on=date(2026, 4, 1), amount=Money(138_00), calendar=Calendar.FOUR_WEEKLY)

amounts = st.integers(0, 2_000_00).map(Money)
weeks_spent = st.lists(amounts, min_size=4, max_size=12)
comings = st.lists(
    st.builds(
        Coming,
        due_on=st.dates(date(2026, 3, 1), date(2026, 6, 1)),
        amount=amounts,
        calendar=st.sampled_from(Calendar),
    ),
    max_size=3,
)


def say(
    free: Money = Money(120_00),
    *,
    spent: list[Money] | None = None,
    set_aside: Money = ZERO,
    coming: list[Coming] | None = None,
) -> Forecast:
    """Say how long £120.00 lasts at £41.00 a week, if nothing else is said."""
    return forecast(
        free=free,
        set_aside=set_aside,
        pace=Pace.of([Money(41_00)] * 4 if spent is None else spent),
        coming=coming or [],
        today=TODAY,
    )


class TestForecast:
    def test_counts_whole_weeks(self) -> None:
        assert say().weeks == 2
        assert say(Money(123_00)).weeks == 3

    def test_says_why(self) -> None:
        assert say(coming=[FOUR_WEEKLY]).words == (
            "It lasts about 2 weeks: you spend about £41 a week, £120 is free, "
            "£138 comes every four weeks."
        )

    def test_counts_what_comes_in_time(self) -> None:
        assert say(Money(164_00), coming=[FOUR_WEEKLY]).weeks == 7

    def test_counts_what_is_set_aside(self) -> None:
        found = say(set_aside=Money(82_00))

        assert found.weeks == 4
        assert "£82 is set aside" in found.words

    def test_that_covers_the_weeks_for_ever_lasts(self) -> None:
        found = say(Money(500_00), coming=[FOUR_WEEKLY], spent=[Money(30_00)] * 12)

        assert found.weeks == LASTS
        assert found.words.startswith("It will last for a year or more")

    @pytest.mark.parametrize("weeks", range(4))
    def test_is_too_early_with_little_history(self, weeks: int) -> None:
        found = say(spent=[Money(41_00)] * weeks)

        assert found.weeks is None
        assert found.words == (
            "It is too early to tell how long it lasts. After four weeks we can say."
        )

    def test_without_spending_lasts(self) -> None:
        assert say(spent=[ZERO] * 12).weeks == LASTS

    def test_with_too_little_for_a_week_says_so(self) -> None:
        found = say(Money(3_00))

        assert found.weeks == 0
        assert found.words.startswith("It lasts for less than a week")
        assert "£3.00 is free" in found.words

    def test_one_week_is_one(self) -> None:
        assert say(Money(41_00)).words.startswith("It lasts about 1 week:")

    @given(amounts, amounts, weeks_spent, comings)
    def test_more_money_is_never_fewer_weeks(
        self, free: Money, more: Money, spent: list[Money], coming: list[Coming]
    ) -> None:
        less = say(free, spent=spent, coming=coming).weeks
        now = say(free + more, spent=spent, coming=coming).weeks

        assert less is not None
        assert now is not None
        assert now >= less

    @given(amounts, weeks_spent, st.data(), comings)
    def test_more_spending_is_never_more_weeks(
        self, free: Money, spent: list[Money], data: st.DataObject, coming: list[Coming]
    ) -> None:
        dearer = [each + data.draw(amounts) for each in spent]
        before = say(free, spent=spent, coming=coming).weeks
        after = say(free, spent=dearer, coming=coming).weeks

        assert before is not None
        assert after is not None
        assert after <= before


def say_of_line(
    money: Money = Money(120_00),
    *,
    pace: Pace = FORTY_ONE,
    coming: Coming | None = None,
    ends_before: date | None = None,
) -> Forecast:
    """Say how long £120.00 of one line lasts at £41.00 a week, if nothing else is said."""
    return line_forecast(money, pace, coming=coming, ends_before=ends_before, today=TODAY)


class TestOfOneLine:
    def test_counts_whole_weeks(self) -> None:
        assert say_of_line().weeks == 2
        assert say_of_line().words == "It lasts about 2 weeks: about £41 a week is paid from it."

    def test_counts_what_comes(self) -> None:
        assert say_of_line(Money(164_00), coming=FOUR_WEEKLY).weeks == 7

    def test_is_too_early_with_little_history(self) -> None:
        found = say_of_line(pace=Pace(3, Money(41_00)))

        assert found.weeks is None
        assert found.words == "It is too early to tell how long this money lasts."

    def test_that_is_not_used_lasts(self) -> None:
        found = say_of_line(pace=Pace(12, ZERO))

        assert found.weeks == LASTS
        assert "nothing was paid from it" in found.words

    def test_ends_on_its_last_day(self) -> None:
        found = say_of_line(pace=Pace(12, Money(1_00)), ends_before=date(2026, 4, 1))

        assert found.weeks == 4
        assert found.words == (
            "It lasts until its last day, 31 March 2026: about £1.00 a week is paid from it."
        )

    def test_that_is_spent_before_its_last_day_says_when(self) -> None:
        assert say_of_line(ends_before=date(2026, 4, 1)).weeks == 2

    def test_is_over_after_its_last_day(self) -> None:
        assert say_of_line(ends_before=TODAY).words == (
            "Its last day is over: it pays for no new orders."
        )

    @given(amounts, st.integers(4, 12), amounts, st.dates(TODAY, date(2027, 3, 4)))
    def test_never_lasts_longer_than_it_may_pay(
        self, money: Money, weeks: int, a_week: Money, ends_before: date
    ) -> None:
        found = say_of_line(money, pace=Pace(weeks, a_week), ends_before=ends_before)

        assert found.weeks is not None
        assert found.weeks * 7 <= (ends_before - TODAY).days


class TestMiddle:
    def test_is_not_moved_by_one_dear_week(self) -> None:
        assert middle([Money(4_00), Money(500_00), Money(5_00)]) == Money(5_00)

    def test_of_two_is_between_them(self) -> None:
        assert middle([Money(4_00), Money(5_01)]) == Money(4_51)

    def test_counts_a_week_of_refunds_as_nothing(self) -> None:
        assert middle([Money(-4_00), Money(2_00)]) == Money(1_00)


class TestDaysOf:
    def test_every_month_ends_with_the_month(self) -> None:
        coming = Coming(due_on=date(2026, 1, 31), amount=Money(1), calendar=Calendar.MONTHLY)

        assert list(days_of(coming, until=date(2026, 3, 31))) == [
            date(2026, 1, 31),
            date(2026, 2, 28),
            date(2026, 3, 31),
        ]

    def test_ends_before_the_line_ends(self) -> None:
        coming = Coming(
            due_on=date(2026, 3, 4),
            amount=Money(1),
            calendar=Calendar.FOUR_WEEKLY,
            ends_before=date(2026, 4, 1),
        )

        assert list(days_of(coming, until=date(2027, 1, 1))) == [date(2026, 3, 4)]

    def test_once_is_once(self) -> None:
        coming = Coming(due_on=TODAY, amount=Money(1), calendar=Calendar.ONE_OFF)

        assert list(days_of(coming, until=date(2027, 1, 1))) == [TODAY]
