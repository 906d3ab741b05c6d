"""However many spend at once, nobody spends what is not there."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.budgets import queries
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.budgets import mixing
from tests.budgets.contests import CONTESTS, RACERS, THIRTY
from tests.budgets.racing import PROCESSES, Act, at_once, in_processes, in_threads
from tests.crash.table import DEEDS
from tests.crash.test_deeds import difference, footprint, problems
from tests.factories import Make
from tests.factories.money import Funded
from tests.forks import Forks
from tests.pace import in_ci_or_hurry

THREADS = 12
SOME_DEEDS = ("pay instalments", "place an order", "open a line", "pay a payment run")
"""The deeds that are sent eight times at once in the suite; in the soak, all are."""


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Return what forks for the racers."""
    with Forks() as forks:
        yield forks


@pytest.mark.parametrize("name", CONTESTS)
def test_as_many_win_as_there_is_money_for(
    name: str, make: Make, forks: Forks, database_url: str
) -> None:
    in_one_process, in_many = CONTESTS[name](make), CONTESTS[name](make)

    won = in_threads(in_one_process.acts), in_processes(forks, database_url, in_many.acts)

    assert won == (in_one_process.winners, in_many.winners)
    assert problems() == []


@pytest.mark.parametrize("name", SOME_DEEDS[: in_ci_or_hurry(4, 2)])
def test_a_deed_sent_eight_times_at_once_is_done_once(
    name: str, make: Make, forks: Forks, database_url: str
) -> None:
    _sent_at_once(name, make, forks, database_url)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(DEEDS) - set(SOME_DEEDS)))
def test_any_deed_sent_eight_times_at_once_is_done_once(
    name: str, make: Make, forks: Forks, database_url: str
) -> None:
    for _ in range(10):
        _sent_at_once(name, make, forks, database_url)


def _sent_at_once(name: str, make: Make, forks: Forks, url: str) -> None:
    def alone(act: Act) -> int:
        return in_threads([act])

    def together(act: Act) -> int:
        return in_threads([act] * RACERS)

    def apart(act: Act) -> int:
        return in_processes(forks, url, [act] * RACERS)

    changed = []
    for race in (alone, together, apart):
        act, before = DEEDS[name](make), footprint()
        race(act)
        changed.append(difference(before, footprint()))
    assert changed == [changed[0]] * 3
    assert problems() == []


def test_everything_at_random_for_a_moment_leaves_books_that_balance(
    make: Make, forks: Forks, database_url: str
) -> None:
    _stir(mixing.mix(make, seconds=0.7), forks, database_url)


@pytest.mark.soak
def test_everything_at_random_for_a_minute_leaves_books_that_balance(
    make: Make, forks: Forks, database_url: str
) -> None:
    _stir(mixing.mix(make, seconds=30), forks, database_url)


def _stir(mix: mixing.Mix, forks: Forks, url: str) -> None:
    # A deadlock, or anything else but a refusal in words, ends the test.
    done = mixing.in_threads(mix, 1, threads=8)
    jobs = [partial(mixing.stirring, url=url, mix=mix, seed=100 * n) for n in range(PROCESSES)]
    for end in forks.run(jobs):
        for line in end.said.decode().splitlines():
            name, count = line.split(":")
            done[name] += int(count)
    print(dict(sorted(done.items())))  # noqa: T201 - shown with -s: how much was done
    for kind in ("hold", "capture", "release", "limit", "instalment", "pay_in", "take_out"):
        assert done[f"{kind} done"] > 0, kind
    assert problems() == []


def test_who_looks_at_the_money_without_a_lock_overspends(make: Make, app: Flask) -> None:
    """Prove that the tests above could fail: the same race, looking first and writing later."""
    funded = make.funded_person(to_spend=Money(100_00))
    account_id = _available_account(funded)
    take = "UPDATE wallet_balances SET amount_pence = :left WHERE amount_pence >= 0"

    def look() -> Money:
        with reading() as session:
            return ledger.balance(session, account_id=account_id)

    allowed = _look_then_write(look, take)

    assert THIRTY * allowed > Money(100_00)


def test_who_looks_at_a_limit_without_a_lock_goes_past_it(make: Make, app: Flask) -> None:
    """Prove the same of limits."""
    limit = make.limit(Money(60_00), window=LimitWindow.FOUR_WEEKS)
    funded = make.funded_person(to_spend=Money(1000_00), limits=[limit])
    make.hold(funded, Money(1))
    use = "UPDATE budget_limit_uses SET used_pence = 6000 - :left"

    def look() -> Money:
        return make.lines(funded)[0].limits[0].remaining

    allowed = _look_then_write(look, use)

    assert THIRTY * allowed > Money(60_00)


def _look_then_write(look: Callable[[], Money], statement: str) -> int:
    everybody_has_looked = Barrier(THREADS)

    def one() -> bool:
        seen = look()
        everybody_has_looked.wait()
        if seen < THIRTY:
            return False
        with transaction() as session:
            session.execute(text(statement), {"left": (seen - THIRTY).pence})
        return True

    return at_once(one, threads=THREADS)


def _available_account(funded: Funded) -> UUID:
    with reading() as session:
        return queries.account_ids_of(session, person_id=funded.id)[0]
