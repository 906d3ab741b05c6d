"""On which days a standing order happens: weeks, bank holidays, clock changes, gaps, money."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.kernel.bank_holidays import bank_holiday
from marketplace.kernel.money import Money
from marketplace.orders.errors import StandingRefusedError
from marketplace.orders.rules import OrderState
from marketplace.orders.rules.overlaps import Booked, overlapping
from marketplace.orders.rules.standing import (
    BankHolidays,
    Course,
    Fate,
    Gap,
    Occasion,
    Pattern,
    four_weeks,
    monday,
    weeks_ahead,
)
from marketplace.orders.rules.standing_money import Due, cost_of, is_dearer, lasting
from marketplace.orders.rules.standing_moves import moved_pattern
from marketplace.orders.rules.standing_states import StandingState, in_force, standing_state
from marketplace.orders.rules.standing_wishes import Weekly, check_weekly
from marketplace.orders.rules.standing_words import pattern_words

MONDAY = date(2026, 3, 2)


def pattern(**changes: object) -> Pattern:
    usual: dict[str, object] = {
        "number": 1,
        "starts_on": MONDAY,
        "weekdays": frozenset({1}),
        "minutes": (14 * 60,),
        "quantity": 2,
        "counts_from": MONDAY,
    }
    return Pattern(**(usual | changes))  # type: ignore[arg-type]


def course(*patterns: Pattern, **changes: object) -> Course:
    usual: dict[str, object] = {"patterns": patterns or (pattern(),), "begins_on": MONDAY}
    return Course(**(usual | changes))  # type: ignore[arg-type]


def days(found: list[Occasion]) -> str:
    return " ".join(f"{each.on:%a}{each.on.day}/{each.on.month}" for each in found)


def happening(which: Course, first_on: date, before: date) -> list[Occasion]:
    return [each for each in which.between(first_on, before) if each.fate is Fate.HAPPENS]


class TestDays:
    def test_every_week_on_its_days(self) -> None:
        which = course(pattern(weekdays=frozenset({1, 4})))

        found = which.between(MONDAY, MONDAY + timedelta(weeks=2))

        assert days(found) == "Tue3/3 Fri6/3 Tue10/3 Fri13/3"

    def test_every_other_week_counts_from_its_own_week(self) -> None:
        which = course(pattern(every_weeks=2))

        assert days(which.between(MONDAY, MONDAY + timedelta(weeks=5))) == "Tue3/3 Tue17/3 Tue31/3"

    def test_once_a_month(self) -> None:
        which = course(pattern(month_day=15, weekdays=frozenset()))

        assert days(which.between(MONDAY, date(2026, 6, 1))) == "Sun15/3 Wed15/4 Fri15/5"

    def test_a_change_counts_from_its_day_and_the_old_days_stay(self) -> None:
        later = pattern(number=2, starts_on=date(2026, 3, 16), weekdays=frozenset({3}))

        found = course(pattern(), later).between(MONDAY, MONDAY + timedelta(weeks=4))

        assert days(found) == "Tue3/3 Tue10/3 Thu19/3 Thu26/3"
        assert [each.pattern.number for each in found] == [1, 1, 2, 2]

    def test_a_change_before_a_change_to_come_takes_its_place(self) -> None:
        waiting = pattern(number=2, starts_on=date(2026, 3, 23))
        sooner = pattern(number=3, starts_on=date(2026, 3, 16))

        assert [each.number for each in in_force([pattern(), waiting, sooner])] == [1, 3]

    def test_nothing_before_it_begins_or_after_it_ends(self) -> None:
        which = course(begins_on=date(2026, 3, 10), ends_before=date(2026, 3, 24))

        assert days(which.between(MONDAY, date(2026, 5, 1))) == "Tue10/3 Tue17/3"

    def test_a_skip_and_a_pause_are_told_and_do_not_happen(self) -> None:
        which = course(gaps=(Gap(date(2026, 3, 10), date(2026, 3, 11)),))

        found = which.between(MONDAY, MONDAY + timedelta(weeks=3))

        assert [each.fate for each in found] == [Fate.HAPPENS, Fate.SKIPPED, Fate.HAPPENS]

    @settings(max_examples=50)
    @given(
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        every=st.integers(1, 8),
        offset=st.integers(0, 400),
        length=st.integers(0, 120),
    )
    def test_week_by_week_is_the_same_as_all_at_once(
        self, weekdays: frozenset[int], every: int, offset: int, length: int
    ) -> None:
        begins = MONDAY + timedelta(days=offset)
        which = course(
            pattern(
                weekdays=weekdays, every_weeks=every, starts_on=begins, counts_from=monday(begins)
            ),
            begins_on=begins,
            ends_before=begins + timedelta(days=length),
        )
        weeks = [monday(begins) + timedelta(weeks=n) for n in range(20)]

        at_once = which.between(weeks[0], weeks[-1] + timedelta(weeks=1))

        assert which.weeks(weeks) == at_once
        assert all(each.on.weekday() in weekdays for each in at_once)
        assert all((monday(each.on) - monday(begins)).days % (7 * every) == 0 for each in at_once)
        assert all(each.week_on in weeks for each in at_once)

    @settings(max_examples=50)
    @given(
        starts=st.lists(st.integers(0, 60), min_size=1, max_size=5),
        weekdays=st.lists(st.frozensets(st.integers(0, 6), min_size=1), min_size=5, max_size=5),
    )
    def test_no_day_is_lost_or_doubled_between_changes(
        self, starts: list[int], weekdays: list[frozenset[int]]
    ) -> None:
        patterns = [
            pattern(number=n + 1, starts_on=MONDAY + timedelta(days=day), weekdays=weekdays[n])
            for n, day in enumerate([0, *starts[1:]])
        ]
        which = course(*in_force(patterns))

        found = which.between(MONDAY, MONDAY + timedelta(days=90))

        for day in (MONDAY + timedelta(days=n) for n in range(90)):
            counting = [each for each in which.patterns if each.starts_on <= day][-1]
            there = [each for each in found if each.on == day]
            assert len(there) == (day.weekday() in counting.weekdays)


class TestBankHolidays:
    """Easter 2026: Good Friday is 3 April, Easter Monday is 6 April."""

    def mondays(self, rule: BankHolidays) -> list[Occasion]:
        which = course(pattern(weekdays=frozenset({0}), bank_holidays=rule))
        return which.between(date(2026, 3, 30), date(2026, 4, 20))

    def test_as_usual(self) -> None:
        assert days(self.mondays(BankHolidays.AS_USUAL)) == "Mon30/3 Mon6/4 Mon13/4"

    def test_skipped_and_said_so(self) -> None:
        found = self.mondays(BankHolidays.SKIP)

        assert [each.fate for each in found] == [Fate.HAPPENS, Fate.HOLIDAY, Fate.HAPPENS]
        assert found[1].words == "Easter Monday: there is no visit."

    def test_the_day_after(self) -> None:
        found = self.mondays(BankHolidays.DAY_AFTER)

        assert days(found) == "Mon30/3 Tue7/4 Mon13/4"
        assert found[1].words == "Easter Monday is Monday 6 April, so it is moved."

    def test_the_day_before_belongs_to_its_own_week(self) -> None:
        found = self.mondays(BankHolidays.DAY_BEFORE)

        assert days(found) == "Mon30/3 Sun5/4 Mon13/4"
        assert found[1].week_on == date(2026, 4, 6)

    def test_it_falls_out_where_somebody_comes_anyway(self) -> None:
        every_day = frozenset(range(5))
        which = course(pattern(weekdays=every_day, bank_holidays=BankHolidays.DAY_AFTER))

        found = which.between(date(2026, 4, 6), date(2026, 4, 13))

        assert [each.fate for each in found][:2] == [Fate.HOLIDAY, Fate.HAPPENS]

    @settings(max_examples=40)
    @given(
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        rule=st.sampled_from(list(BankHolidays)),
        year=st.integers(2024, 2034),
    )
    def test_nobody_is_sent_on_a_bank_holiday_unless_as_usual(
        self, weekdays: frozenset[int], rule: BankHolidays, year: int
    ) -> None:
        begins = date(year, 1, 1)
        which = course(
            pattern(weekdays=weekdays, bank_holidays=rule, starts_on=begins), begins_on=begins
        )

        found = happening(which, begins, date(year + 1, 1, 1))

        assert rule is BankHolidays.AS_USUAL or not any(bank_holiday(each.on) for each in found)
        assert all(a.planned_at < b.planned_at for a, b in pairwise(found))


class TestWords:
    def test_patterns_read_as_people_say_them(self) -> None:
        said = [
            pattern_words(pattern()),
            pattern_words(pattern(weekdays=frozenset({0, 2, 4}), minutes=(9 * 60 + 30,))),
            pattern_words(pattern(every_weeks=2)),
            pattern_words(pattern(month_day=1, minutes=())),
        ]

        assert said == [
            "every Tuesday at 2pm",
            "every Monday, Wednesday and Friday at 9:30am",
            "every two weeks on Tuesday at 2pm",
            "on day 1 of every month",
        ]

    def test_states_follow_the_first_order_until_it_is_taken_on(self) -> None:
        def state(first: OrderState, **changes: object) -> StandingState:
            usual = {"accepted": False, "ended": False, "ends_before": None, "today": MONDAY}
            return standing_state(first, **(usual | changes))  # type: ignore[arg-type]

        assert state(OrderState.PROPOSED) is StandingState.SUGGESTED
        assert state(OrderState.DECLINED) is StandingState.ENDED
        assert state(OrderState.CANCELLED, accepted=True) is StandingState.RUNNING
        assert state(OrderState.ACCEPTED, accepted=True, ended=True) is StandingState.ENDING
        assert state(OrderState.ACCEPTED, accepted=True, ends_before=MONDAY) is StandingState.ENDED


class TestWeeksAhead:
    @settings(max_examples=50)
    @given(day=st.dates(date(2024, 1, 1), date(2034, 1, 1)))
    def test_four_weeks_are_always_covered_and_never_more_than_five(self, day: date) -> None:
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

        weeks = weeks_ahead(at)

        assert weeks[0] == monday(day)
        assert weeks[-1] + timedelta(weeks=1) >= day + timedelta(weeks=4)
        assert len(weeks) in {4, 5}

    def test_four_weeks_begin_with_the_first_visit(self) -> None:
        which = course(pattern(weekdays=frozenset({3})))

        assert days(four_weeks(which, today=date(2026, 3, 6))) == "Thu12/3 Thu19/3 Thu26/3 Thu2/4"


class TestMoved:
    def test_a_suggested_time_moves_all_days_along(self) -> None:
        first = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)

        asked = pattern(weekdays=frozenset({1, 3}))

        moved = moved_pattern(
            asked, old_first=course(asked).between(MONDAY, date(2026, 3, 9))[0], new_first=first
        )

        assert pattern_words(moved) == "every Wednesday and Friday at 4:30pm"
        assert moved.starts_on == date(2026, 3, 4)


class TestMoney:
    def test_a_rise_of_a_price_the_pattern_never_meets_is_none(self) -> None:
        visits = course().between(MONDAY, MONDAY + timedelta(weeks=4))
        agreed = PriceBands(Money(15_00), weekend=Money(18_00))

        assert not is_dearer(
            visits, agreed=agreed, now=PriceBands(Money(15_00), None, Money(20_00))
        )
        assert is_dearer(visits, agreed=agreed, now=PriceBands(Money(15_01)))

    def test_a_bank_holiday_on_which_somebody_comes_costs_its_own_price(self) -> None:
        easter = course(pattern(weekdays=frozenset({0}))).between(
            date(2026, 3, 30), date(2026, 4, 13)
        )
        agreed = PriceBands(Money(15_00))

        dear = [
            each.on
            for each in easter
            if cost_of(each, PriceBands(Money(15_00), bank_holiday=Money(30_00)))
            > cost_of(each, agreed)
        ]

        assert dear == [each.on for each in easter if bank_holiday(each.on)] != []

    def test_money_lasts_until_the_first_day_that_cannot_be_paid(self) -> None:
        due = [Due(on=MONDAY + timedelta(weeks=n), amount=Money(30_00)) for n in range(5)]
        coming = [Due(on=MONDAY + timedelta(weeks=2), amount=Money(20_00))]

        found = lasting(Money(70_00), coming=coming, due=due)

        assert found.missing_on == date(2026, 3, 23)
        assert found.until == date(2026, 3, 22)
        assert found.missing == Money(30_00)

    def test_money_that_comes_on_the_day_pays_for_it(self) -> None:
        due = [Due(on=MONDAY, amount=Money(30_00))]

        found = lasting(Money(0), coming=[Due(on=MONDAY, amount=Money(30_00))], due=due)

        assert found.missing_on is None

    @settings(max_examples=50)
    @given(
        free=st.integers(0, 500),
        coming=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 300)), max_size=6),
        due=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 300)), max_size=12),
    )
    def test_it_agrees_with_counting_day_by_day(
        self, free: int, coming: list[tuple[int, int]], due: list[tuple[int, int]]
    ) -> None:
        def on(rows: list[tuple[int, int]]) -> list[Due]:
            return [Due(on=MONDAY + timedelta(days=d), amount=Money(p)) for d, p in rows]

        found = lasting(Money(free), coming=on(coming), due=on(due))

        there, runs_out = free, None
        for day in range(41):
            there += sum(p for d, p in coming if d == day) - sum(p for d, p in due if d == day)
            if there < 0:
                runs_out = MONDAY + timedelta(days=day)
                break
        assert found.missing_on == runs_out


class TestOverlaps:
    def test_two_at_the_same_time_are_told_and_one_after_the_other_are_not(self) -> None:
        def booked(hour: int, hours: int) -> Booked:
            at = datetime(2026, 3, 3, hour, tzinfo=UTC)
            return Booked(title=f"at {hour}", at=at, unit=Unit.HOUR, quantity=hours)

        found = overlapping([booked(14, 2)], [booked(12, 2), booked(15, 1), booked(16, 1)])

        assert [other.title for _, other in found] == ["at 15"]

    def test_meals_get_in_nobodys_way(self) -> None:
        at = datetime(2026, 3, 3, 12, tzinfo=UTC)
        meal = Booked(title="Meal", at=at, unit=Unit.ITEM, quantity=1)
        visit = Booked(title="Visit", at=at, unit=Unit.HOUR, quantity=1)

        assert overlapping([meal], [meal]) == []
        assert visit.meets(visit)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": frozenset()}, "weekdays"),
        ({"weekdays": frozenset({9})}, "weekdays"),
        ({"quantity": 0}, "quantity"),
        ({"every_weeks": 9}, "every_weeks"),
        ({"month_day": 31}, "month_day"),
        ({"minutes": ()}, "at_time"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, object], field: str) -> None:
    wish: dict[str, object] = {"weekdays": frozenset({1}), "minutes": (60,)} | changes

    with pytest.raises(StandingRefusedError) as refused:
        check_weekly(Weekly(**wish), Unit.HOUR)  # type: ignore[arg-type]

    assert refused.value.field == field
