"""Does a hold stay as fast when there is much behind it? Ten thousand spends, a million entries."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert

from marketplace.database import db, transaction
from marketplace.kernel.money import Money
from marketplace.wallet.models import Account, Entry, Transfer
from marketplace.wallet.rules import AccountKind
from tests.bench.databases import Place, analyse, beside, using
from tests.bench.figures import median, print_table
from tests.bench.filling import NOON, Buyer, fill_wallets
from tests.bench.holds import by_command, check_books
from tests.bench.machine import warn_unless, watching

FEW, MANY = 100, 10_000
PAST_ENTRIES = 1_000_000
AT_ONCE = 5_000
REPEATS = 5
SLICE_SECONDS = 0.6
HEAD = ("", "holds/s with little", "holds/s with much", "ratio")

Deed = Callable[[], None]
Switch = Callable[[], AbstractContextManager[None]]


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how the rate changes with what there is; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with watching() as watch:
            rows.append(_in_a_wallet(app, place))
            rows.append(_in_the_ledger(app, place))
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    print_table("Holds with little and with much behind them, slices alternating", HEAD, rows)
    warn_unless(quiet=quiet)
    return quiet


def _in_a_wallet(app: Flask, place: Place) -> tuple[object, ...]:
    """Compare wallets with a hundred spends this month to wallets with ten thousand."""
    with using(app, place):
        # As many wallets of each: what is often changed has more dead rows behind it.
        few, many = fill_wallets(3, FEW), fill_wallets(3, MANY)
        analyse()
        ways = [_deed(few), _deed(many)]
        row = _compare(f"{place.engine}: {FEW} or {MANY:,} spends in the wallet's month", *ways)
        check_books()
    return row


def _in_the_ledger(app: Flask, place: Place) -> tuple[object, ...]:
    """Compare a ledger with little in it to one with a million entries."""
    with using(app, beside(place, "small")):
        little = fill_wallets(200, 20)
        analyse()
        before = _connected(beside(place, "small"))
    with using(app, beside(place, "large")):
        much = fill_wallets(200, 20)
        _fill_ledger(much[0].council_id)
        analyse()
        now = _connected(beside(place, "large"))
        label = f"{place.engine}: {PAST_ENTRIES:,} past entries"
        row = _compare(label, _deed(little, before), _deed(much, now))
        with now():
            check_books()
    return row


def _connected(place: Place) -> Switch:
    db.connect(place.url)
    kept = dict(vars(db))

    @contextmanager
    def switched() -> Iterator[None]:
        vars(db).update(kept)
        yield

    return switched


def _deed(buyers: list[Buyer], switched: Switch | None = None) -> Deed:
    def hold_once() -> None:
        by_command(random.choice(buyers))

    def hold_there() -> None:
        assert switched is not None
        with switched():
            by_command(random.choice(buyers))

    return hold_there if switched else hold_once


def _compare(label: str, little: Deed, much: Deed) -> tuple[object, ...]:
    rates: dict[str, list[float]] = {"little": [], "much": []}
    for deed in (little, much):
        for _ in range(30):
            deed()
    for _ in range(REPEATS):
        for name, deed in (("little", little), ("much", much)):
            count, began = 0, time.perf_counter()
            while time.perf_counter() - began < SLICE_SECONDS:
                deed()
                count += 1
            rates[name].append(count / (time.perf_counter() - began))
    first, then = median(rates["little"]), median(rates["much"])
    return (label, f"{first:,.0f}", f"{then:,.0f}", f"{then / first:.2f}")


def _fill_ledger(council_id: UUID) -> None:
    """Let a thousand accounts of a council have exchanged a million entries."""
    with transaction() as session:
        accounts = [_account(council_id, kind) for kind in _SIDES for _ in range(500)]
        session.execute(insert(Account), accounts)
        outside, elsewhere = accounts[:500], accounts[500:]
        for _ in range(PAST_ENTRIES // 2 // AT_ONCE):
            transfers = [_transfer() for _ in range(AT_ONCE)]
            session.execute(insert(Transfer), transfers)
            session.execute(
                insert(Entry),
                [
                    _entry(transfer["id"], random.choice(side)["id"], amount)
                    for transfer in transfers
                    for side, amount in ((outside, Money(-1_00)), (elsewhere, Money(1_00)))
                ],
            )


_SIDES = (AccountKind.OUTSIDE, AccountKind.ELSEWHERE)


def _account(council_id: UUID, kind: AccountKind) -> dict[str, object]:
    return {"id": uuid4(), "owner_id": uuid4(), "kind": kind, "council_id": council_id}


def _transfer() -> dict[str, object]:
    number = uuid4()
    return {"id": number, "key": f"past/{number}", "reason": "past", "at": NOON}


def _entry(transfer_id: object, account_id: object, amount: Money) -> dict[str, object]:
    return {"id": uuid4(), "transfer_id": transfer_id, "account_id": account_id, "amount": amount}
