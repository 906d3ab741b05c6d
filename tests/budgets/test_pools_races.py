"""However many spend a pool, leave it or put money in at once, no penny is lost or spent twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from marketplace.budgets import commands, queries
from marketplace.budgets.commands import PutIntoPool
from marketplace.budgets.errors import BadLineError, PoolError, SpendRefusedError
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger
from tests.budgets.racing import at_once
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled

THREADS = 8
THIRTY = Money(30_00)


@pytest.fixture
def pooled(make: Make) -> Pooled:
    """Return a pool with £60.00 of Maya's and £30.00 of Sam's in it, of £100.00 each."""
    return make.pool()


def all_money(pooled: Pooled) -> Money:
    """Return all that the members have, from books that balance."""
    with reading() as session:
        assert ledger.problems(session) == []
        assert queries.problems(session) == []
        people = [funded.id for funded in pooled.members]
        own = [
            row.available + row.held
            for id_ in people
            for row in queries.lines_of(session, person_id=id_, at=PAID_IN)
        ]
        shares = [
            share.available + share.held
            for id_ in people
            for share in queries.pool_shares_of(session, person_id=id_)
        ]
        return total([*own, *shares])


def spender(make: Make, pooled: Pooled, member: int, amount: Money) -> bool:
    """Spend from the pool for one of its members; tell whether it was allowed."""
    spend, funded = make.pool_spend(pooled, amount), pooled.members[member]
    try:
        with transaction() as session:
            commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)
    except SpendRefusedError:
        return False
    return True


def together(deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Do some different deeds at the same moment and return what each gave."""
    barrier = Barrier(len(deeds))

    def wait_then_do(deed: Callable[[], object]) -> object:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        running = [threads.submit(wait_then_do, deed) for deed in deeds]
        return [one.result() for one in running]


def leave(pooled: Pooled, member: int) -> bool:
    """Leave the pool."""
    with transaction() as session:
        commands.leave_pool(
            session, pool_id=pooled.pool_id, by=pooled.members[member].person, at=PAID_IN
        )
    return True


def test_two_members_cannot_spend_the_same_money(make: Make, pooled: Pooled) -> None:
    numbers = count()

    allowed = at_once(lambda: spender(make, pooled, next(numbers) % 2, THIRTY), threads=THREADS)

    view = make.pool_view(pooled)
    assert (allowed, view.available, view.held) == (3, ZERO, Money(90_00))
    assert all_money(pooled) == Money(200_00)


def test_leaving_while_others_order_loses_nothing(make: Make, pooled: Pooled) -> None:
    together(
        [
            lambda: leave(pooled, 1),
            *[lambda: spender(make, pooled, 0, Money(10_00)) for _ in range(6)],
            lambda: spender(make, pooled, 1, Money(10_00)),
        ]
    )

    view = make.pool_view(pooled)
    # Who has left and has no money in it any more is not named.
    sam = next((member for member in view.members if member.name == "Sam"), None)
    assert sam is None or sam.available == ZERO
    assert all_money(pooled) == Money(200_00)


def test_leaving_while_orders_are_settled_loses_nothing(make: Make, pooled: Pooled) -> None:
    held = [make.pool_hold(pooled, Money(15_00)) for _ in range(4)]

    def give_back(order_id: UUID) -> None:
        with transaction() as session:
            commands.release(
                session, order_id=order_id, key=f"r/{order_id}", amount=Money(15_00), at=PAID_IN
            )

    together(
        [
            lambda: leave(pooled, 0),
            lambda: leave(pooled, 1),
            *[lambda spend=spend: give_back(spend.order_id) for spend in held],
        ]
    )

    assert all_money(pooled) == Money(200_00)
    with reading() as session:
        for funded in pooled.members:
            [line] = queries.lines_of(session, person_id=funded.id, at=PAID_IN)
            assert line.available == Money(100_00)


def test_own_spends_and_pooled_ones_share_a_limit(make: Make) -> None:
    council_id = make.council()
    limit = make.limit(Money(40_00), window=LimitWindow.FOUR_WEEKS)
    maya = make.funded_person(council_id=council_id, limits=[limit], to_spend=Money(500_00))
    pooled = make.pool(members=[maya], put_in=[Money(200_00)])

    def own() -> bool:
        try:
            make.hold(maya, Money(10_00))
        except SpendRefusedError:
            return False
        return True

    allowed = together(
        [own if n % 2 else lambda: spender(make, pooled, 0, Money(10_00)) for n in range(8)]
    )

    assert sum(map(bool, allowed)) == 4
    assert make.lines(maya)[0].limits[0].remaining == ZERO
    assert all_money(pooled) == Money(500_00)


def test_one_form_sent_many_times_puts_in_once(make: Make, pooled: Pooled) -> None:
    maya = pooled.members[0]
    wish = PutIntoPool(
        deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=maya.line_id, amount=Money(10_00)
    )

    def put_in() -> bool:
        with transaction() as session:
            commands.put_into_pool(session, wish, by=maya.person, at=PAID_IN)
        return True

    assert at_once(put_in, threads=THREADS) == THREADS
    assert make.pool_view(pooled).mine[0].available == Money(70_00)
    assert all_money(pooled) == Money(200_00)


def test_everything_at_once_ends_with_all_the_money(make: Make, pooled: Pooled) -> None:
    held = [make.pool_hold(pooled, Money(9_00), member=n) for n in (0, 1)]

    def put_in(member: int) -> None:
        with suppress(PoolError, BadLineError):
            make.into_pool(pooled.pool_id, pooled.members[member], Money(5_00))

    def end() -> None:
        with transaction() as session:
            commands.end_pool(
                session, pool_id=pooled.pool_id, by=pooled.members[0].person, at=PAID_IN
            )

    def give_back(order_id: UUID) -> None:
        with transaction() as session:
            commands.release(
                session, order_id=order_id, key=f"r/{order_id}", amount=Money(4_00), at=PAID_IN
            )

    together(
        [
            end,
            lambda: put_in(0),
            lambda: put_in(1),
            lambda: spender(make, pooled, 0, Money(7_00)),
            lambda: spender(make, pooled, 1, Money(7_00)),
            lambda: give_back(held[0].order_id),
            lambda: give_back(held[1].order_id),
        ]
    )

    assert all_money(pooled) == Money(200_00)
