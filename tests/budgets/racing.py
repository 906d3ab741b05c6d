"""Many at once: threads and processes that all want the same money."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from threading import Barrier
from uuid import UUID

from marketplace.access.rules import own_hat
from marketplace.budgets import commands
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import Spend
from marketplace.database import db, transaction
from marketplace.kernel.money import Money

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""When they all want it: on the day the money came."""
PROCESSES = 4


def at_once(deed: Callable[[], bool], *, threads: int) -> int:
    """Do a deed in many threads that all begin together; return how often it went well."""
    barrier = Barrier(threads)

    def wait_then_do() -> bool:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(wait_then_do) for _ in range(threads)]
        return sum(one.result() for one in running)


def spend_once(*, person_id: UUID, council_id: UUID, order_id: UUID, amount: Money) -> bool:
    """Set money aside through the command the page uses; tell whether it was allowed."""
    spend = Spend.of(
        amount,
        order_id=order_id,
        council_id=council_id,
        category="company",
        provider_id=UUID(int=7),
    )
    try:
        with transaction() as session:
            commands.hold(session, spend=spend, person_id=person_id, by=own_hat(person_id, ""), at=AT)
    except SpendRefusedError:
        return False
    return True


def connect(url: str) -> None:
    """Connect a process to the market's database."""
    db.connect(url)


def in_processes(
    url: str, order_ids: list[UUID], *, person_id: UUID, council_id: UUID, amount: Money
) -> int:
    """Spend in four processes, each with its own connection; return how often it was allowed."""
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=connect, initargs=(url,)
    ) as pool:
        running = [
            pool.submit(
                spend_once,
                person_id=person_id,
                council_id=council_id,
                order_id=order_id,
                amount=amount,
            )
            for order_id in order_ids
        ]
        return sum(one.result() for one in running)
