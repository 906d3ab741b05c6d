"""Several times a day, and the nights on which the clocks change: when a standing order happens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.kernel.clock import LONDON
from marketplace.kernel.money import Money
from marketplace.orders.errors import StandingRefusedError
from marketplace.orders.rules import moved_times
from marketplace.orders.rules.standing import BankHolidays, Fate, Gap
from marketplace.orders.rules.standing_money import cost_of
from marketplace.orders.rules.standing_moves import moved_pattern
from marketplace.orders.rules.standing_wishes import Weekly, check_weekly
from marketplace.orders.rules.standing_words import pattern_words
from tests.orders.test_standing_rules import MONDAY, course, days, pattern

WEEK = timedelta(weeks=1)
TWICE = (8 * 60, 18 * 60)
times_of_day = st.lists(st.integers(0, 1439), min_size=1, max_size=4, unique=True).map(
    lambda minutes: tuple(sorted(minutes))
)


class TestClockChanges:
    def test_a_time_that_does_not_exist_is_an_hour_later_and_said_so(self) -> None:
        # The clocks go forward on Sunday 29 March 2026 at 1am.
        which = course(pattern(weekdays=frozenset({6}), minutes=(90,)))

        found = which.between(date(2026, 3, 23), date(2026, 3, 30))[0]

        assert found.planned_at.astimezone(LONDON).strftime("%d %H:%M") == "29 02:30"
        assert found.words == (
            "The clocks go forward that night and there is no 1:30am, so it is at 2:30am."
        )

    def test_a_time_that_comes_twice_is_the_first_and_said_so(self) -> None:
        # The clocks go back on Sunday 25 October 2026 at 2am.
        which = course(pattern(weekdays=frozenset({6}), minutes=(90,)))

        found = which.between(date(2026, 10, 19), date(2026, 10, 26))[0]

        assert found.planned_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert found.words == (
            "The clocks go back that night and 1:30am comes twice. It is the first of the two."
        )

    @settings(max_examples=40)
    @given(minute=st.integers(0, 1439), weekday=st.integers(0, 6))
    def test_the_wall_clock_stays_the_same_all_year(self, minute: int, weekday: int) -> None:
        which = course(pattern(weekdays=frozenset({weekday}), minutes=(minute,)))

        for each in which.between(MONDAY, MONDAY + timedelta(weeks=52)):
            local = each.planned_at.astimezone(LONDON)
            same = (local.hour * 60 + local.minute) == minute
            assert same or "clocks go forward" in each.words

    def test_two_times_that_become_one_are_one_visit_and_it_is_said(self) -> None:
        which = course(pattern(weekdays=frozenset({6}), minutes=(90, 150)))

        gone, there = which.between(date(2026, 3, 23), date(2026, 3, 30))

        assert (gone.fate, there.fate) == (Fate.CLOCKS, Fate.HAPPENS)
        assert gone.words == "The clocks go forward that night and there is no 1:30am."
        assert there.planned_at.astimezone(LONDON).strftime("%d %H:%M") == "29 02:30"


class TestSeveralTimes:
    def test_each_happens_on_each_day_in_turn(self) -> None:
        which = course(pattern(weekdays=frozenset({0, 4}), minutes=TWICE))

        found = which.between(MONDAY, MONDAY + WEEK)

        assert days(found) == "Mon2/3 Mon2/3 Fri6/3 Fri6/3"
        assert [each.minute for each in found] == [*TWICE, *TWICE]

    def test_they_read_as_people_say_them(self) -> None:
        twice = pattern(weekdays=frozenset({0, 4}), minutes=TWICE)
        often = pattern(minutes=(8 * 60, 12 * 60 + 30, 18 * 60, 22 * 60))

        assert pattern_words(twice) == "every Monday and Friday at 8am and 6pm"
        assert pattern_words(often) == "every Tuesday at 8am, 12:30pm, 6pm and 10pm"

    def test_one_of_them_is_left_out_and_the_other_happens(self) -> None:
        tuesday = date(2026, 3, 3)
        gap = Gap(tuesday, tuesday + timedelta(days=1), 18 * 60)
        which = course(pattern(minutes=TWICE), gaps=(gap,))

        found = which.between(MONDAY, MONDAY + 2 * WEEK)

        assert [each.fate for each in found] == [
            Fate.HAPPENS,
            Fate.SKIPPED,
            Fate.HAPPENS,
            Fate.HAPPENS,
        ]

    def test_all_of_a_bank_holiday_are_moved_together(self) -> None:
        which = course(
            pattern(weekdays=frozenset({0}), minutes=TWICE, bank_holidays=BankHolidays.DAY_AFTER)
        )

        found = which.between(date(2026, 4, 6), date(2026, 4, 13))

        assert days(found) == "Tue7/4 Tue7/4"
        assert [each.minute for each in found] == list(TWICE)

    def test_each_costs_what_its_own_time_costs(self) -> None:
        bands = PriceBands(Money(10_00), Money(12_00), Money(15_00))
        which = course(pattern(weekdays=frozenset({4, 5}), minutes=(8 * 60, 20 * 60), quantity=2))

        found = which.between(MONDAY, MONDAY + WEEK)

        assert [cost_of(each, bands) for each in found] == [
            Money(20_00),
            Money(24_00),
            Money(30_00),
            Money(30_00),
        ]

    @settings(max_examples=60)
    @given(
        minutes=times_of_day,
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        every=st.integers(1, 4),
        offset=st.integers(0, 400),
        left_out=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=4),
    )
    def test_it_agrees_with_each_time_as_a_pattern_of_its_own(
        self,
        minutes: tuple[int, ...],
        weekdays: frozenset[int],
        every: int,
        offset: int,
        left_out: list[tuple[int, int]],
    ) -> None:
        begins = MONDAY + timedelta(days=offset)
        gaps = tuple(
            Gap(day, day + timedelta(days=1), minutes[n % len(minutes)])
            for day, n in ((begins + timedelta(days=after), n) for after, n in left_out)
        )

        def happening(which: tuple[int, ...]) -> set[datetime]:
            one = pattern(weekdays=weekdays, every_weeks=every, starts_on=begins, minutes=which)
            found = course(one, begins_on=begins, gaps=gaps).between(begins, begins + 6 * WEEK)
            times = [each.planned_at for each in found if each.fate is Fate.HAPPENS]
            assert sorted(set(times)) == times  # in turn, and none twice
            return set(times)

        assert happening(minutes) == set().union(*(happening((each,)) for each in minutes))

    @settings(max_examples=60)
    @given(minutes=times_of_day, weekdays=st.frozensets(st.integers(0, 6), min_size=1))
    def test_all_of_them_happen_all_year_but_what_the_clocks_take(
        self, minutes: tuple[int, ...], weekdays: frozenset[int]
    ) -> None:
        found = course(pattern(weekdays=weekdays, minutes=minutes)).between(
            MONDAY, MONDAY + 52 * WEEK
        )

        assert len(found) == 52 * len(weekdays) * len(minutes)
        gone = [each for each in found if each.fate is not Fate.HAPPENS]
        assert all(each.on == date(2026, 3, 29) and each.fate is Fate.CLOCKS for each in gone)


class TestMoved:
    def test_the_others_keep_their_distance(self) -> None:
        asked = pattern(minutes=TWICE)
        first = course(asked).between(MONDAY, MONDAY + WEEK)[0]

        moved = moved_pattern(
            asked, old_first=first, new_first=datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
        )

        assert pattern_words(moved) == "every Wednesday at 9:30am and 7:30pm"

    @settings(max_examples=60)
    @given(
        minutes=times_of_day,
        later=st.integers(0, 20),
        shift=st.integers(-600, 600),
        first_on=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    )
    def test_visits_move_as_their_pattern_does(
        self, minutes: tuple[int, ...], later: int, shift: int, first_on: date
    ) -> None:
        clocks = [minute + shift for minute in minutes]
        if not all(180 <= minute < 1440 for minute in (*minutes, *clocks)):
            return  # what would be on another day is refused, and no clock changes by day
        asked = pattern(
            weekdays=frozenset(range(7)), starts_on=first_on, minutes=minutes, counts_from=first_on
        )
        before = course(asked, begins_on=first_on).between(first_on, first_on + WEEK)
        new_on = first_on + timedelta(days=later)
        new_first = datetime.combine(new_on, datetime.min.time(), LONDON) + timedelta(
            minutes=clocks[0]
        )

        times = moved_times([each.planned_at for each in before], first_at=new_first)

        moved = moved_pattern(asked, old_first=before[0], new_first=new_first)
        after = course(moved, begins_on=new_on).between(new_on, new_on + WEEK)
        assert times == [each.planned_at for each in after]


@pytest.mark.parametrize(
    ("minutes", "unit", "sentence"),
    [
        ((60, 120, 60), Unit.SESSION, "You wrote 1am twice."),
        ((480, 570), Unit.HOUR, "The visit at 8am is not over at 9:30am."),
        ((600, 480, 720, 840, 960), Unit.HOUR, "Choose no more than 4 times a day."),
        ((480, 900), Unit.NIGHT, "The visit at 8am is not over at 3pm."),
    ],
)
def test_times_that_make_no_sense_are_refused(
    minutes: tuple[int, ...], unit: Unit, sentence: str
) -> None:
    wish = Weekly(weekdays=frozenset({1}), minutes=minutes, quantity=2)

    with pytest.raises(StandingRefusedError, match=sentence) as refused:
        check_weekly(wish, unit)

    assert refused.value.field == "at_time"


def test_one_right_after_the_other_is_fine() -> None:
    check_weekly(Weekly(weekdays=frozenset({1}), minutes=(600, 480), quantity=2), Unit.HOUR)
