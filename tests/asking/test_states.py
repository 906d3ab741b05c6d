"""The life of an ask and of an answer: the table of moves, and when something is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.asking.errors import AskOverError
from marketplace.asking.rules import (
    ANSWER_MOVES,
    CHOOSING_DAYS,
    MOVES,
    AnswerMove,
    AnswerState,
    AskState,
    Move,
    lapses_on,
    looked_at_on,
    next_answer_state,
    next_state,
    takes_answers,
    unmet_on,
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
FOR_EVER = {
    AskState.CHOSEN,
    AskState.FOUND_ELSEWHERE,
    AskState.WITHDRAWN,
    AskState.LAPSED,
    AskState.TAKEN_DOWN,
}


@pytest.mark.parametrize("now", AskState)
@pytest.mark.parametrize("move", Move)
def test_an_ask_moves_as_the_table_says_and_not_otherwise(now: AskState, move: Move) -> None:
    wanted = MOVES.get((now, move))

    if wanted is None:
        with pytest.raises(AskOverError) as refused:
            next_state(now, move)
        assert str(refused.value).endswith(".")
    else:
        assert next_state(now, move) is wanted


@pytest.mark.parametrize("now", AnswerState)
@pytest.mark.parametrize("move", AnswerMove)
def test_an_answer_moves_as_the_table_says_and_not_otherwise(
    now: AnswerState, move: AnswerMove
) -> None:
    wanted = ANSWER_MOVES.get((now, move))

    if wanted is None:
        with pytest.raises(AskOverError):
            next_answer_state(now, move)
    else:
        assert next_answer_state(now, move) is wanted


@given(st.lists(st.sampled_from(Move), max_size=12))
def test_whatever_happens_what_is_chosen_or_closed_stays_so(moves: list[Move]) -> None:
    state = AskState.OPEN
    for move in moves:
        before = state
        try:
            state = next_state(state, move)
        except AskOverError:
            continue
        assert before not in FOR_EVER


@given(st.lists(st.sampled_from(AnswerMove), max_size=12))
def test_an_answer_is_decided_once(moves: list[AnswerMove]) -> None:
    state, decided = AnswerState.STANDING, 0
    for move in moves:
        try:
            state = next_answer_state(state, move)
        except AskOverError:
            continue
        decided += state in {AnswerState.CHOSEN, AnswerState.THANKED}

    assert decided <= 1


def test_the_last_day_counts_and_only_what_is_open_takes_answers() -> None:
    last = date(2026, 3, 11)

    assert takes_answers(AskState.OPEN, answers_until=last, on=last)
    assert not takes_answers(AskState.OPEN, answers_until=last, on=last + timedelta(days=1))
    for state in set(AskState) - {AskState.OPEN}:
        assert not takes_answers(state, answers_until=last, on=last)


def test_a_need_is_unmet_once_all_the_days_are_over() -> None:
    assert unmet_on(date(2026, 3, 4), 7) == date(2026, 3, 12)


def test_what_has_answers_ends_a_month_after_the_last_day() -> None:
    assert lapses_on(date(2026, 3, 11)) == date(2026, 4, 11)


@given(on=DAYS, unmet=st.none() | DAYS, until=DAYS, has_answers=st.booleans())
def test_it_is_looked_at_no_later_than_something_is_due(
    on: date, unmet: date | None, until: date, *, has_answers: bool
) -> None:
    found = looked_at_on(on, unmet=unmet, answers_until=until, has_answers=has_answers)

    over = until + timedelta(days=1)
    if has_answers:
        assert found == (over if on <= until else over + timedelta(days=CHOOSING_DAYS))
    else:
        assert found == min(filter(None, (unmet, over)))
