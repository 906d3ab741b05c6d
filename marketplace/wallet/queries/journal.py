"""What moved in the accounts of one council, for its own books."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.models import Account, Entry, Transfer
from marketplace.wallet.rules import AccountKind


def sides_of_council(
    session: Session, *, council_id: UUID, from_at: datetime, before_at: datetime
) -> list[tuple[UUID, str, UUID, AccountKind, Money]]:
    """Return each side of what moved in a time: transfer, reason, owner, kind, amount."""
    rows = session.execute(
        select(Transfer.id, Transfer.reason, Account.owner_id, Account.kind, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.council_id == council_id, Transfer.at >= from_at, Transfer.at < before_at)
        .order_by(Transfer.at, Transfer.id, Entry.account_id)
    )
    return [(id_, reason, owner, kind, amount) for id_, reason, owner, kind, amount in rows]


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
