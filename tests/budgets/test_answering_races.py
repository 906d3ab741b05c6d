"""Many who ask and answer at once: one request, one answer, one order."""

from functools import partial
from itertools import count
from uuid import UUID

import pytest

from marketplace.budgets import queries
from marketplace.budgets.errors import (
    AnsweredAlreadyError,
    AskedAlreadyError,
    SpendRefusedError,
)
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from tests.budgets.asking import answer, ask, buy, letters, limit_of
from tests.budgets.racing import at_once
from tests.factories import Make
from tests.factories.money import Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £500.00, who may spend £30.00 in a week."""
    limit = make.limit(window=LimitWindow.WEEK)
    return make.funded_person(to_spend=Money(500_00), limits=[limit])


@pytest.fixture
def seller(make: Make) -> UUID:
    """Return a provider."""
    return make.provider(name="Kettle Kitchen").works_for


def test_of_two_answers_at_once_the_first_counts_and_the_other_is_told(
    make: Make, funded: Funded, seller: UUID
) -> None:
    colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
    limit_id = limit_of(make, funded)
    with transaction() as session:
        request_id, _ = ask(session, make, funded, seller, limit_id=limit_id)
    answers = iter([(funded.practitioner, True), (colleague, False)] * 4)
    told = count()

    def one_answer() -> bool:
        by, agree = next(answers)
        try:
            with transaction() as session:
                answer(session, request_id, by, agree=agree)
        except AnsweredAlreadyError:
            next(told)
            return False
        return True

    well = at_once(one_answer, threads=8)

    with reading() as session:
        row = queries.request_for(session, request_id=request_id, seen_by=funded.practitioner)
        # The same person saying the same again is told that all is well.
        assert (well, next(told)) == (4, 4)
        assert row.answered_by_name in {funded.practitioner.name, "Omar Quill"}
        assert len(letters(session)) == 2


def test_one_yes_lets_one_of_eight_orders_through(make: Make, funded: Funded, seller: UUID) -> None:
    limit_id = limit_of(make, funded)
    with transaction() as session:
        request_id, _ = ask(session, make, funded, seller, limit_id=limit_id)
        answer(session, request_id, funded.practitioner)

    def order() -> bool:
        try:
            with transaction() as session:
                buy(session, funded, seller)
        except SpendRefusedError:
            return False
        return True

    assert at_once(order, threads=8) == 1


def test_asking_at_once_is_one_request(make: Make, funded: Funded, seller: UUID) -> None:
    deed = partial(_asks, make, funded, seller, limit_of(make, funded))

    assert at_once(deed, threads=6) == 1


def _asks(make: Make, funded: Funded, seller: UUID, limit_id: UUID) -> bool:
    try:
        with transaction() as session:
            ask(session, make, funded, seller, limit_id=limit_id)
    except AskedAlreadyError:
        return False
    return True
