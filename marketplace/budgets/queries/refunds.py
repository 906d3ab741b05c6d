"""Own money that is owed to people: to the person, to the officer who pays, and to the books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import OwedRefund
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind

SHOWN_MAX = 200
"""What is owed is always shown; of what was paid the newest, up to so many in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """Own money that is owed to somebody, or was and is paid."""

    id: UUID
    person_id: UUID
    person_name: str
    amount: Money
    owed_at: datetime
    account_name: str
    sort_code: str
    account_number: str
    by_card: bool
    """Does it go back to the card it came from?"""
    has_left: bool
    """Has the person closed their account?"""
    paid_on: date | None
    paid_by_name: str

    @property
    def knows_where(self) -> bool:
        """Tell whether the person has said into which account it is to be paid."""
        return bool(self.account_number)

    @property
    def is_lost_without_account(self) -> bool:
        """Tell whether it cannot be paid before the person says where to."""
        return self.paid_on is None and not self.by_card and not self.knows_where

    @property
    def account(self) -> str:
        """The account as it is typed at a bank: 01 02 03, 12345678."""
        code = " ".join(self.sort_code[start : start + 2] for start in (0, 2, 4))
        return f"{code}, {self.account_number}"


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Own money that is owed, and the line it left."""

    id: UUID
    line_id: UUID
    amount: Money


def owed_to(session: Session, *, person_id: UUID) -> list[OwedRow]:
    """Return what is owed to a person of their own money, and what was paid, newest first."""
    return _rows(session, OwedRefund.person_id == person_id)


def owed_by(session: Session, *, council_id: UUID) -> list[OwedRow]:
    """Return what a council owes people of their own money, the longest first, then the paid."""
    return _rows(session, OwedRefund.council_id == council_id)


def owed_refund(session: Session, *, refund_id: UUID, council_id: UUID) -> OwedRow:
    """Return what a council owes one person of their own money.

    Raises:
        NotFoundError: it owes nothing like that.
    """
    found = _rows(session, and_(OwedRefund.id == refund_id, OwedRefund.council_id == council_id))
    if not found:
        raise NotFoundError
    return found[0]


def owed_lines(session: Session) -> list[OwedLine]:
    """Return all own money that is owed and goes by bank as yet, the longest owed first."""
    rows = session.execute(
        select(OwedRefund.id, OwedRefund.line_id, OwedRefund.amount, OwedRefund.parted)
        .where(OwedRefund.paid_on.is_(None), OwedRefund.by_card.is_(False))
        .order_by(OwedRefund.owed_at, OwedRefund.id)
    )
    return [OwedLine(id_, line_id, amount - parted) for id_, line_id, amount, parted in rows]


def owed_by_card(session: Session) -> dict[UUID, tuple[Money, bool]]:
    """Return what goes back to cards, by its id: how much, and whether it is there."""
    rows = session.execute(
        select(OwedRefund.id, OwedRefund.amount, OwedRefund.parted, OwedRefund.paid_on).where(
            OwedRefund.by_card.is_(True)
        )
    )
    return {id_: (amount - parted, paid_on is not None) for id_, amount, parted, paid_on in rows}


def owed_problems(session: Session) -> Iterator[str]:
    """Yield a sentence for each council whose ledger does not owe what people are owed."""
    still, parted = (
        func.sum(column, type_=OwedRefund.amount.type).filter(OwedRefund.paid_on.is_(None))
        for column in (OwedRefund.amount, OwedRefund.parted)
    )
    rows = session.execute(
        select(OwedRefund.council_id, still, parted).group_by(OwedRefund.council_id)
    ).all()
    owed = {council_id: (amount or ZERO) - (less or ZERO) for council_id, amount, less in rows}
    booked = ledger.balances(session, owner_ids=list(owed), kind=AccountKind.OWED)
    for council_id, amount in owed.items():
        if booked[council_id] != amount:
            yield (
                f"Council {council_id} owes people {amount} of their own money, "
                f"but its ledger owes {booked[council_id]}."
            )


def _rows(session: Session, which: ColumnElement[bool]) -> list[OwedRow]:
    rows = session.scalars(
        select(OwedRefund)
        .where(which)
        .order_by(
            OwedRefund.paid_at.is_not(None),
            OwedRefund.paid_at.desc(),
            OwedRefund.owed_at,
            OwedRefund.id,
        )
        .limit(SHOWN_MAX)
    ).all()
    people = {row.person_id for row in rows}
    names = access.names_of(session, user_ids=people)
    have_left = access.closed_among(session, user_ids=people)
    return [
        OwedRow(
            id=row.id,
            person_id=row.person_id,
            person_name=names.get(row.person_id, ""),
            amount=row.left,
            owed_at=row.owed_at,
            account_name=row.account_name,
            sort_code=row.sort_code,
            account_number=row.account_number,
            by_card=row.by_card,
            has_left=row.person_id in have_left,
            paid_on=row.paid_on,
            paid_by_name=row.paid_by_name,
        )
        for row in rows
    ]
