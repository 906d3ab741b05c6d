"""Writing the ledger. Statements are built once: every spend passes through here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import Insert, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from marketplace.kernel.ids import ids_in_a_row
from marketplace.kernel.lite import driver, instant, is_lite
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.wallet import queries
from marketplace.wallet.errors import InsufficientFundsError, KeyReusedError
from marketplace.wallet.models import Account, Balance, Entry, Transfer
from marketplace.wallet.rules import AccountKind, Leg, Movement, merged

_AT_ONCE = 5_000
"""How many ids one statement names at most."""


def _table(model: type[Account | Balance | Entry | Transfer]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


_balances = _table(Balance)
_entries = _table(Entry)
_transfers = _table(Transfer)

_NEW_TRANSFER: Mapping[str, Insert] = MappingProxyType(
    {
        "postgresql": postgresql.insert(_transfers)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(_transfers.c.id),
        "sqlite": sqlite.insert(_transfers)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(_transfers.c.id),
    }
)
_NEW_TRANSFERS: Mapping[str, Insert] = MappingProxyType(
    {
        name: dialect.insert(_transfers)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(_transfers.c.key)
        for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
    }
)
_NEW_ENTRIES = _entries.insert()
_change = bindparam("change", type_=_balances.c.amount_pence.type)
_CHANGE_BALANCE = (
    update(_balances)
    .where(
        _balances.c.id == bindparam("account"),
        # The condition stands in the statement: nobody can look, wait and then overspend.
        _balances.c.may_go_negative | (_balances.c.amount_pence + _change >= 0),
    )
    .values(amount_pence=_balances.c.amount_pence + _change)
)
_LOCK_BALANCES = (
    select(_balances.c.id, _balances.c.amount_pence)
    .where(_balances.c.id.in_(bindparam("accounts", expanding=True)))
    .order_by(_balances.c.id)
    # Not the rows' keys: whoever refers to a row need not wait, so nobody waits in a circle.
    .with_for_update(key_share=True)
)
_LITE_BALANCES = """SELECT id, amount_pence FROM wallet_balances
    WHERE id IN (SELECT value FROM json_each(:accounts))"""
_LITE_TRANSFER = """INSERT INTO wallet_transfers (id, key, reason, at)
    VALUES (:id, :key, :reason, :at)
    ON CONFLICT (key) DO NOTHING"""
_LITE_CHANGE = """UPDATE wallet_balances SET amount_pence = amount_pence + :pence
    WHERE id = :account AND (may_go_negative OR amount_pence + :pence >= 0)"""
_LITE_ENTRIES = """INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    VALUES (:id, :transfer, :account, :pence)"""
_KINDS = select(Account.id, Account.kind).where(
    Account.id.in_(bindparam("accounts", expanding=True))
)


def open_account(session: Session, *, owner_id: UUID, kind: AccountKind, council_id: UUID) -> UUID:
    """Return an owner's account of one kind with one council; make it if there is none."""
    found = queries.find_account(session, owner_id=owner_id, kind=kind, council_id=council_id)
    if found is not None:
        return found
    account_id = uuid4()
    values = {"id": account_id, "owner_id": owner_id, "kind": kind, "council_id": council_id}
    if not insert_once(session, Account, values):
        # Somebody else made it a moment ago; the insert waited for them.
        found = queries.find_account(session, owner_id=owner_id, kind=kind, council_id=council_id)
        assert found is not None
        return found
    if kind.is_counted:
        counter = {"id": account_id, "amount": ZERO, "may_go_negative": kind.may_go_negative}
        insert_once(session, Balance, counter)
    return account_id


def open_accounts(
    session: Session, *, owner_ids: Iterable[UUID], kind: AccountKind, council_id: UUID
) -> dict[UUID, UUID]:
    """Return many owners' accounts of one kind with one council; make those that are missing."""
    found: dict[UUID, UUID] = {}
    wanted = sorted(set(owner_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found |= queries.accounts_of(session, owner_ids=some, kind=kind, council_id=council_id)
    for owner_id in (each for each in wanted if each not in found):
        found[owner_id] = open_account(session, owner_id=owner_id, kind=kind, council_id=council_id)
    return found


def lock_accounts(session: Session, account_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """Lock the counters of some accounts, in the order of their ids, and return what they have.

    Accounts without a counter are never fought over; they are left out.
    """
    if is_lite(session):  # one writer at a time: looking is enough
        wanted = json.dumps([account_id.hex for account_id in account_ids])
        found = driver(session).execute(_LITE_BALANCES, {"accounts": wanted})
        return {UUID(account_id): Money(pence) for account_id, pence in found}
    rows = session.execute(_LOCK_BALANCES, {"accounts": list(account_ids)})
    return dict(rows.all())


def move(session: Session, movement: Movement, *, at: datetime) -> UUID:
    """Move money once and return the transfer's id.

    A second call with the same key and the same legs returns the first transfer and moves nothing.

    Raises:
        InsufficientFundsError: an account would go below nothing.
        KeyReusedError: the key belongs to a different movement.
    """
    transfer_id = uuid4()
    new = _NEW_TRANSFER[session.get_bind().dialect.name]
    values = {"id": transfer_id, "key": movement.key, "reason": movement.reason, "at": at}
    if session.execute(new, values).first() is None:
        return _earlier(session, movement)
    _change_balances(session, movement)
    session.execute(
        _NEW_ENTRIES,
        [
            {
                "id": uuid4(),
                "transfer_id": transfer_id,
                "account_id": leg.account_id,
                "amount_pence": leg.amount,
            }
            for leg in movement.legs
        ],
    )
    return transfer_id


def move_between_counted(session: Session, movement: Movement, *, at: datetime) -> None:
    """Move money on SQLite between accounts that all have a counter: the same, in three statements.

    Raises:
        InsufficientFundsError: an account would go below nothing.
        KeyReusedError: the key was used before.
    """
    lite, transfer_id = driver(session), uuid4().hex
    moved = {"id": transfer_id, "key": movement.key, "reason": movement.reason, "at": instant(at)}
    if lite.execute(_LITE_TRANSFER, moved).rowcount != 1:
        raise KeyReusedError(movement.key)
    sides = [
        {
            "id": uuid4().hex,
            "transfer": transfer_id,
            "account": leg.account_id.hex,
            "pence": leg.amount.pence,
        }
        for leg in movement.legs
    ]
    if lite.executemany(_LITE_CHANGE, sides).rowcount != len(sides):
        raise _insufficient(session, movement)
    lite.executemany(_LITE_ENTRIES, sides)


def _insufficient(session: Session, movement: Movement) -> InsufficientFundsError:
    taking = min(movement.legs, key=lambda leg: leg.amount)
    available = queries.balance(session, account_id=taking.account_id)
    return InsufficientFundsError(available=available, wanted=-taking.amount)


def move_all(session: Session, movements: Sequence[Movement], *, at: datetime) -> None:
    """Move money many times, each once, with a few statements for all of them.

    The accounts are locked by whoever calls. Keys that are taken already move nothing.

    Raises:
        InsufficientFundsError: an account would go below nothing; nothing at all is moved.
    """
    if not movements:
        return
    ids = dict(zip([each.key for each in movements], ids_in_a_row(), strict=False))
    rows = [
        {"id": ids[each.key], "key": each.key, "reason": each.reason, "at": at}
        for each in movements
    ]
    new = _NEW_TRANSFERS[session.get_bind().dialect.name]
    moved = set(session.execute(new, rows).scalars())
    legs = [(ids[each.key], leg) for each in movements if each.key in moved for leg in each.legs]
    if not legs:
        return
    _change_all_balances(session, [leg for _, leg in legs])
    if is_lite(session):
        _add_entries_to_lite(session, legs)
        return
    entries = [
        {
            "id": new_id,
            "transfer_id": transfer_id,
            "account_id": leg.account_id,
            "amount_pence": leg.amount,
        }
        for new_id, (transfer_id, leg) in zip(ids_in_a_row(), legs, strict=False)
    ]
    session.execute(_NEW_ENTRIES, entries)


def _add_entries_to_lite(session: Session, legs: Sequence[tuple[UUID, Leg]]) -> None:
    sides = [
        {
            "id": new_id.hex,
            "transfer": transfer_id.hex,
            "account": leg.account_id.hex,
            "pence": leg.amount.pence,
        }
        for new_id, (transfer_id, leg) in zip(ids_in_a_row(), legs, strict=False)
    ]
    driver(session).executemany(_LITE_ENTRIES, sides)


def _change_all_balances(session: Session, legs: Iterable[Leg]) -> None:
    changes = merged((leg.account_id, leg.amount) for leg in legs)
    rows = session.execute(_KINDS, {"accounts": [leg.account_id for leg in changes]})
    kinds = dict(rows.all())
    counted = [
        {"account": leg.account_id, "change": leg.amount}
        for leg in sorted(changes, key=lambda leg: leg.account_id)
        if kinds[leg.account_id].is_counted
    ]
    if not counted:
        return
    changed = session.connection().execute(_CHANGE_BALANCE, counted)
    if changed.rowcount != len(counted):
        short = min(changes, key=lambda leg: leg.amount)
        available = queries.balance(session, account_id=short.account_id)
        raise InsufficientFundsError(available=available, wanted=-short.amount)


def _earlier(session: Session, movement: Movement) -> UUID:
    earlier = queries.find_movement(session, key=movement.key)
    assert earlier is not None, "the insert found the key taken"
    transfer_id, moved = earlier
    if moved != movement:
        raise KeyReusedError(movement.key)
    return transfer_id


def _change_balances(session: Session, movement: Movement) -> None:
    ids = [leg.account_id for leg in movement.legs]
    kinds = dict(session.execute(_KINDS, {"accounts": ids}).all())
    for leg in movement.legs:
        if kinds[leg.account_id].is_counted:
            _change_balance(session, leg)


def _change_balance(session: Session, leg: Leg) -> None:
    changed = session.connection().execute(
        _CHANGE_BALANCE, {"account": leg.account_id, "change": leg.amount}
    )
    if changed.rowcount != 1:
        available = queries.balance(session, account_id=leg.account_id)
        raise InsufficientFundsError(available=available, wanted=-leg.amount)
