"""Which movements happened, by the keys of the deeds that caused them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.wallet.models import Account, Entry, Transfer
from marketplace.wallet.rules import AccountKind, Leg, Movement

_TRANSFERS = select(Transfer.id, Transfer.key, Transfer.reason).where(
    Transfer.key.in_(bindparam("keys", expanding=True))
)


def find_movement(session: Session, *, key: str) -> tuple[UUID, Movement] | None:
    """Return the transfer with a key and what it moved, if it happened."""
    return find_movements(session, keys=[key]).get(key)


def find_movements(session: Session, *, keys: Collection[str]) -> dict[str, tuple[UUID, Movement]]:
    """Return by their keys those of some transfers that happened, and what they moved."""
    found = session.execute(_TRANSFERS, {"keys": list(keys)}).all() if keys else []
    if not found:
        return {}
    legs: dict[UUID, list[Leg]] = {row.id: [] for row in found}
    moved = select(Entry.transfer_id, Entry.account_id, Entry.amount)
    sides = session.execute(moved.where(Entry.transfer_id.in_(legs)))
    for transfer_id, account_id, amount in sides:
        legs[transfer_id].append(Leg(account_id, amount))
    return {row.key: (row.id, Movement(row.key, row.reason, legs[row.id])) for row in found}


def moved_to(
    session: Session, *, keys: Collection[str], kind: AccountKind
) -> list[tuple[str, Money]]:
    """Return what some transfers gave to accounts of one kind, or took from them, by their keys."""
    rows = session.execute(
        select(Transfer.key, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Transfer.key.in_(keys), Account.kind == kind)
    )
    return [(key, amount) for key, amount in rows]
