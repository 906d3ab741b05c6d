"""However many spend at once, nobody spends what is not there."""

from collections.abc import Callable
from functools import partial
from itertools import count
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.budgets import queries
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.budgets.racing import at_once, in_processes, spend_once
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

THREADS = 12
THIRTY = Money(30_00)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00."""
    return make.funded_person(to_spend=Money(100_00))


def line_of(funded: Funded) -> LineRow:
    """Return the one line, from books that balance."""
    with reading() as session:
        assert ledger.problems(session) == []
        assert queries.problems(session) == []
        return queries.lines_of(session, person_id=funded.id, at=PAID_IN)[0]


def spender(funded: Funded) -> Callable[[], bool]:
    """Return a deed that spends £30.00, each time for a new order."""
    numbers = count(1)
    order_of = {number: uuid4() for number in range(1, THREADS + 1)}
    return lambda: spend_once(
        person_id=funded.id,
        council_id=funded.council_id,
        order_id=order_of[next(numbers)],
        amount=THIRTY,
    )


def test_twelve_threads_spend_thirty_of_a_hundred_three_times(funded: Funded) -> None:
    allowed = at_once(spender(funded), threads=THREADS)

    line = line_of(funded)
    assert (allowed, line.available, line.held) == (3, Money(10_00), Money(90_00))


def test_four_processes_spend_thirty_of_a_hundred_three_times(
    funded: Funded, database_url: str
) -> None:
    orders = [uuid4() for _ in range(THREADS)]

    allowed = in_processes(
        database_url, orders, person_id=funded.id, council_id=funded.council_id, amount=THIRTY
    )

    line = line_of(funded)
    assert (allowed, line.available, line.held) == (3, Money(10_00), Money(90_00))


def test_one_order_sent_eight_times_at_once_is_one_hold(funded: Funded) -> None:
    order_id = uuid4()
    deed = partial(
        spend_once,
        person_id=funded.id,
        council_id=funded.council_id,
        order_id=order_id,
        amount=THIRTY,
    )

    assert at_once(deed, threads=8) == 8

    line = line_of(funded)
    assert (line.available, line.held) == (Money(70_00), THIRTY)


def test_a_limit_holds_against_twelve_threads(make: Make) -> None:
    limit = make.limit(Money(60_00), window=LimitWindow.FOUR_WEEKS)
    funded = make.funded_person(to_spend=Money(1000_00), limits=[limit])

    allowed = at_once(spender(funded), threads=THREADS)

    line = line_of(funded)
    assert (allowed, line.limits[0].remaining) == (2, Money(0))


def test_who_looks_without_a_lock_overspends(funded: Funded, app: Flask) -> None:
    """Prove that the tests above could fail: the same race, looking first and writing later."""
    everybody_has_looked = Barrier(THREADS)
    account_id = _available_account(funded)

    def look_then_write() -> bool:
        with reading() as session:
            seen = ledger.balance(session, account_id=account_id)
        everybody_has_looked.wait()
        if seen < THIRTY:
            return False
        with transaction() as session:
            session.execute(
                text("UPDATE wallet_balances SET amount_pence = :left WHERE amount_pence >= 0"),
                {"left": (seen - THIRTY).pence},
            )
        return True

    allowed = at_once(look_then_write, threads=THREADS)

    assert THIRTY * allowed > Money(100_00)


def _available_account(funded: Funded) -> UUID:
    with reading() as session:
        return queries.account_ids_of(session, person_id=funded.id)[0]
