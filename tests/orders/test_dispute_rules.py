"""Which moves a query allows in which state, and that no penny is lost when it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules.disputes import (
    ENDED,
    DisputeState,
    Move,
    Outcome,
    QueryKind,
    Remedy,
    StepKind,
    answer_by,
    asked_for,
    divide,
    is_silent,
    may_move,
    may_query_late,
    next_dispute_state,
    outcome_of,
    pay_for_minutes,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""


@given(st.lists(st.sampled_from(Move), max_size=12))
def test_no_sequence_of_moves_leaves_an_end_or_comes_back_from_the_council(
    moves: list[Move],
) -> None:
    state, was_with_council = DisputeState.ASKED, False
    for move in moves:
        if not may_move(state, move):
            with pytest.raises(WrongStateError):
                next_dispute_state(state, move)
            continue
        assert state not in ENDED
        state = next_dispute_state(state, move)
        was_with_council |= state is DisputeState.COUNCIL
        if was_with_council:
            assert state in ENDED | {DisputeState.COUNCIL}


@given(st.sampled_from(sorted(ENDED)), st.sampled_from(Move))
def test_nothing_can_be_done_about_what_has_ended(state: DisputeState, move: Move) -> None:
    with pytest.raises(WrongStateError, match="This has ended"):
        next_dispute_state(state, move)


def test_every_open_state_has_a_way_to_its_end() -> None:
    ways = {
        state: {move for move in Move if may_move(state, move)}
        for state in DisputeState
        if state not in ENDED
    }

    assert all(Move.WITHDRAW in moves and Move.ACCEPT in moves for moves in ways.values())
    assert Move.DECIDE in ways[DisputeState.COUNCIL]
    assert all(
        Move.PASS_ON in moves for state, moves in ways.items() if state is not DisputeState.COUNCIL
    )


@given(st.integers(0, 10**6), st.integers(0, 100))
def test_what_is_paid_and_what_goes_back_are_the_whole(pence: int, percent: int) -> None:
    settled = Money(pence * percent // 100)

    divided = divide(Money(pence), settled)

    assert divided.settled + divided.back == Money(pence)
    assert min(divided.settled, divided.back) >= ZERO


@given(st.integers(0, 10**6), st.integers(1, 600), st.data())
def test_minutes_never_cost_more_than_their_share(
    pence: int, whole: int, data: st.DataObject
) -> None:
    minutes = data.draw(st.integers(0, whole))

    paid = pay_for_minutes(Money(pence), minutes, of_minutes=whole)

    assert ZERO <= paid <= Money(pence)
    assert paid.pence * whole <= pence * minutes


def test_ninety_of_a_hundred_and_twenty_minutes_of_thirty_pounds_cost_twenty_two_fifty() -> None:
    assert pay_for_minutes(Money(30_00), 90, of_minutes=120) == Money(22_50)


@pytest.mark.parametrize(
    ("settled", "outcome"), [(0, Outcome.NOTHING), (10_00, Outcome.PART), (30_00, Outcome.FULL)]
)
def test_an_amount_says_what_came_of_it(settled: int, outcome: Outcome) -> None:
    assert outcome_of(Money(settled), claimed=Money(30_00)) is outcome


@pytest.mark.parametrize(
    ("remedy", "wanted"),
    [(Remedy.NOTHING_DUE, ZERO), (Remedy.PART_DUE, Money(5_00)), (Remedy.AGAIN, None)],
)
def test_what_is_asked_for_is_an_amount_or_another_visit(
    remedy: Remedy, wanted: Money | None
) -> None:
    assert asked_for(remedy, Money(5_00)) == wanted


def test_five_working_days_skip_the_weekend_and_good_friday() -> None:
    assert answer_by(NOON, days=5) == date(2026, 3, 11)
    before_easter = datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert answer_by(before_easter, days=5) == date(2026, 4, 10)


def test_silence_begins_the_day_after_the_last_day() -> None:
    assert not is_silent(date(2026, 3, 4), at=NOON)
    assert is_silent(date(2026, 3, 3), at=NOON)
    assert not is_silent(None, at=NOON)


@pytest.mark.parametrize(("days_later", "may"), [(0, True), (14, True), (15, False)])
def test_what_confirmed_itself_can_be_queried_for_so_many_days(days_later: int, may: bool) -> None:  # noqa: FBT001
    at = NOON + timedelta(days=days_later)

    assert may_query_late(NOON, days=14, at=at) is may


def test_everything_has_words() -> None:
    said = [
        each.label for kind in (QueryKind, Remedy, DisputeState, StepKind, Outcome) for each in kind
    ]

    assert all(said)
    assert DisputeState.SETTLED.tone == "good"
    assert DisputeState.COUNCIL.tone == "notice"
