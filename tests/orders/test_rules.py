"""What is due, when visits are, and where orders may go: without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.kernel.clock import LONDON
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import rules
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules import NoteKind, OrderState, Silence, VisitState

THURSDAY = datetime(2026, 3, 5, 10, tzinfo=UTC)

amounts = st.builds(Money, st.integers(min_value=0, max_value=1_000_000))
percents = st.integers(min_value=0, max_value=100)


class TestDue:
    @pytest.mark.parametrize(
        ("note", "due"),
        [
            (NoteKind.FULL, Money(30_00)),
            (NoteKind.PART, Money(7_50)),
            (NoteKind.MISSED, ZERO),
            (NoteKind.CANCELLED_IN_TIME, ZERO),
            (NoteKind.CANCELLED_LATE, Money(15_00)),
            (NoteKind.PERSON_NOT_IN, Money(15_00)),
        ],
    )
    def test_of_thirty_pounds(self, note: NoteKind, due: Money) -> None:
        assert rules.due(note, Money(30_00), part=25, late_percent=50) == due

    @given(note=st.sampled_from(NoteKind), amount=amounts, part=percents, late=percents)
    def test_is_never_below_nothing_nor_above_the_price(
        self, note: NoteKind, amount: Money, part: int, late: int
    ) -> None:
        assert ZERO <= rules.due(note, amount, part=part, late_percent=late) <= amount

    @given(agreed=amounts, new=amounts)
    def test_a_moved_visit_is_never_dearer(self, agreed: Money, new: Money) -> None:
        assert rules.moved_amount(agreed, new) <= agreed

    def test_is_promised_in_five_days_of_london(self) -> None:
        late_evening = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London

        assert rules.promised_on(late_evening) == date(2026, 7, 6)


class TestPrices:
    def test_of_each_visit_are_those_of_its_own_time(self) -> None:
        bands = PriceBands(Money(10_00), Money(12_00), Money(14_00))
        evening, saturday = THURSDAY.replace(hour=18), THURSDAY + timedelta(days=2)

        prices = rules.visit_amounts(bands, [THURSDAY, evening, saturday, None], quantity=2)

        assert prices == [Money(20_00), Money(24_00), Money(28_00), Money(20_00)]

    def test_are_said_in_words(self) -> None:
        bands = PriceBands(Money(10_00), Money(12_00), None, Money(20_00))

        assert rules.price_words(bands, Unit.HOUR) == (
            "£10.00 an hour, £12.00 in the evening, £20.00 on a bank holiday"
        )


class TestTimes:
    def test_stay_the_same_by_the_clock_on_the_wall(self) -> None:
        before_summer_time = datetime(2026, 3, 26, 10, tzinfo=UTC)

        first, second = rules.visit_times(before_summer_time, visits=2, every_days=7)

        assert first is not None
        assert second is not None
        assert second.astimezone(LONDON).hour == first.astimezone(LONDON).hour == 10
        assert second.hour == 9

    def test_in_an_hour_that_is_skipped_are_an_hour_later(self) -> None:
        half_past_one = datetime(2026, 3, 22, 1, 30, tzinfo=UTC)

        _, second = rules.visit_times(half_past_one, visits=2, every_days=7)

        assert second is not None
        assert second.astimezone(LONDON).strftime("%H:%M") == "02:30"

    def test_without_a_first_time_are_open(self) -> None:
        assert rules.visit_times(None, visits=2, every_days=7) == [None, None]

    def test_move_along_with_the_first(self) -> None:
        planned = rules.visit_times(THURSDAY, visits=2, every_days=7)

        moved = rules.moved_times(planned, first_at=THURSDAY + timedelta(days=1, hours=2))

        assert moved == [
            THURSDAY + timedelta(days=1, hours=2),
            THURSDAY + timedelta(days=8, hours=2),
        ]

    @given(hours=st.integers(min_value=0, max_value=200), notice=st.integers(0, 100))
    def test_to_cancel_end_with_the_notice(self, hours: int, notice: int) -> None:
        planned = THURSDAY + timedelta(hours=hours)

        in_time = rules.in_time_to_cancel(planned, notice_hours=notice, at=THURSDAY)

        assert in_time is (hours >= notice)

    def test_to_note_begin_with_the_day_in_london(self) -> None:
        planned = datetime(2026, 7, 1, 9, tzinfo=UTC)

        assert not rules.may_be_noted(planned, at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
        assert rules.may_be_noted(planned, at=datetime(2026, 6, 30, 23, 0, tzinfo=UTC))

    def test_are_said_in_words(self) -> None:
        assert rules.moment_words(THURSDAY) == "Thursday 5 March 2026, 10am"
        assert rules.when_words(THURSDAY, Unit.HOUR) == "Thursday 5 March 2026, 10am"
        assert rules.when_words(THURSDAY, Unit.ITEM) == "Thursday 5 March 2026"
        assert rules.when_words(None, Unit.ITEM) == "at a time you agree"
        assert rules.times_words(3, 14) == "3 times, every two weeks"


class TestStates:
    @given(now=st.sampled_from(sorted(rules.FINISHED)), wanted=st.sampled_from(OrderState))
    def test_nothing_happens_to_a_finished_order(self, now: OrderState, wanted: OrderState) -> None:
        with pytest.raises(WrongStateError):
            rules.next_order_state(now, wanted)

    @given(steps=st.lists(st.sampled_from(VisitState), max_size=12))
    def test_a_settled_visit_stays_settled(self, steps: list[VisitState]) -> None:
        now, settled = VisitState.PLANNED, False
        for wanted in steps:
            try:
                now = rules.next_visit_state(now, wanted)
            except WrongStateError:
                continue
            assert not settled
            settled = now not in rules.OPEN_VISITS

    def test_an_order_ends_when_its_last_visit_is_settled(self) -> None:
        confirmed = (VisitState.CONFIRMED, NoteKind.FULL)
        missed = (VisitState.RELEASED, NoteKind.MISSED)
        planned = (VisitState.PLANNED, None)

        assert rules.state_when_settled([confirmed, planned]) is None
        assert rules.state_when_settled([confirmed, missed]) is OrderState.COMPLETED
        assert rules.state_when_settled([missed]) is OrderState.CANCELLED


class TestSilence:
    @given(days=st.integers(min_value=1, max_value=60), hour=st.integers(1, 48))
    def test_is_told_twice_before_it_confirms(self, days: int, hour: int) -> None:
        told: list[datetime] = []
        at = THURSDAY
        while True:
            at += timedelta(hours=hour)
            step = rules.next_step(
                noted_at=THURSDAY,
                told_first_at=told[0] if told else None,
                told_second_at=told[1] if len(told) > 1 else None,
                days=days,
                at=at,
            )
            if step is Silence.CONFIRM:
                break
            if step is not Silence.WAIT:
                told.append(at)

        assert len(told) == 2
        assert at - THURSDAY >= timedelta(days=days)
        assert at - told[1] >= timedelta(days=1)

    def test_of_seven_days_is_told_half_way_and_a_day_before(self) -> None:
        def step(days: float, *told: float) -> Silence:
            first, second = (*told, None, None)[:2]
            return rules.next_step(
                noted_at=THURSDAY,
                told_first_at=None if first is None else THURSDAY + timedelta(days=first),
                told_second_at=None if second is None else THURSDAY + timedelta(days=second),
                days=7,
                at=THURSDAY + timedelta(days=days),
            )

        assert [step(3.4), step(3.5)] == [Silence.WAIT, Silence.TELL_FIRST]
        assert [step(5.9, 3.5), step(6, 3.5)] == [Silence.WAIT, Silence.TELL_SECOND]
        assert [step(6.9, 3.5, 6), step(7, 3.5, 6)] == [Silence.WAIT, Silence.CONFIRM]
