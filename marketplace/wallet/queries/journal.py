"""What moved in the accounts of one council, for its own books."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.models import Account, Entry, Transfer
from marketplace.wallet.rules import AccountKind

_AT_ONCE = 5_000
"""Keys that are asked about with one statement."""


def sides_of_council(
    session: Session, *, council_id: UUID, from_at: datetime, before_at: datetime
) -> list[tuple[str, str, UUID, AccountKind, Money]]:
    """Return each side of what moved in a time: key, reason, owner, kind, amount."""
    rows = session.execute(
        _sides()
        .where(Account.council_id == council_id, Transfer.at >= from_at, Transfer.at < before_at)
        .order_by(Transfer.at, Transfer.id, Entry.account_id)
    )
    return [(key, reason, owner, kind, amount) for key, reason, owner, kind, amount in rows]


def sides_of(
    session: Session, *, keys: Sequence[str]
) -> list[tuple[str, str, UUID, AccountKind, Money]]:
    """Return each side of the movements with these keys: key, reason, owner, kind, amount."""
    found = []
    for begin in range(0, len(keys), _AT_ONCE):
        rows = session.execute(_sides().where(Transfer.key.in_(keys[begin : begin + _AT_ONCE])))
        found += [(key, reason, owner, kind, amount) for key, reason, owner, kind, amount in rows]
    return found


def _sides() -> Select[str, str, UUID, AccountKind, Money]:
    return (
        select(Transfer.key, Transfer.reason, Account.owner_id, Account.kind, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(Account, Account.id == Entry.account_id)
    )


def had_by_council(session: Session, *, council_id: UUID, kind: AccountKind) -> Money:
    """Return what all accounts of one kind with one council have, summed from the entries."""
    return (
        session.scalar(
            select(func.sum(Entry.amount, type_=Entry.amount.type))
            .join(Account, Account.id == Entry.account_id)
            .where(Account.council_id == council_id, Account.kind == kind)
        )
        or ZERO
    )
