"""The ledger's tables."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.wallet.rules import AccountKind


class Account(Model):
    """A pot of money with one owner, one purpose and the council whose money it is."""

    __tablename__ = "wallet_accounts"
    __table_args__ = (UniqueConstraint("owner_id", "kind", "council_id"),)

    owner_id: Mapped[UUID]
    """A council, a funding line or a provider, as the kind says."""
    kind: Mapped[AccountKind]
    council_id: Mapped[UUID] = mapped_column(index=True)


class Balance(Model):
    """How much an account has: a counter beside its entries, with the account's own id."""

    __tablename__ = "wallet_balances"
    __table_args__ = (
        CheckConstraint("may_go_negative OR amount_pence >= 0", name="amount_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True, sort_order=-1)
    amount: Mapped[Money] = mapped_column("amount_pence")
    may_go_negative: Mapped[bool]


class Transfer(Model):
    """Money moved, once. ``key`` says which deed moved it; a second try changes nothing."""

    __tablename__ = "wallet_transfers"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class Entry(Model):
    """One account's side of a transfer: in is positive, out is negative."""

    __tablename__ = "wallet_entries"
    __table_args__ = (CheckConstraint("amount_pence <> 0", name="amount_not_zero"),)

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey(Transfer.id), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    amount: Mapped[Money] = mapped_column("amount_pence")
