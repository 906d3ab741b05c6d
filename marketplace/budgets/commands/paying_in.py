"""Putting money into a funding line from outside: a card, a bank transfer, a family's gift."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.budgets.models import FundingLine
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


class PayIn(StrEnum):
    """How money comes in."""

    INSTALMENT = "instalment"
    CARD = "card"
    BANK_TRANSFER = "bank-transfer"
    FAMILY = "family"
    DISPUTE_WON = "dispute-won"
    """A card's bank gives back what it had taken back."""


_SOURCE: Mapping[PayIn, AccountKind] = MappingProxyType(
    {
        PayIn.INSTALMENT: AccountKind.FUNDER,
        PayIn.CARD: AccountKind.OUTSIDE,
        PayIn.BANK_TRANSFER: AccountKind.OUTSIDE,
        PayIn.FAMILY: AccountKind.OUTSIDE,
        PayIn.DISPUTE_WON: AccountKind.OUTSIDE,
    }
)
_PAID_IN = (
    update(FundingLine)
    .where(FundingLine.id == bindparam("line"))
    .values(paid_in=FundingLine.paid_in + bindparam("change", type_=FundingLine.paid_in.type))
    .execution_options(synchronize_session=False)
)

_LINE_AND_SHARES = (
    select(FundingLine.id)
    .where(
        or_(
            FundingLine.id == bindparam("line"),
            and_(
                FundingLine.part_of_line_id == bindparam("line"), FundingLine.pool_id.is_not(None)
            ),
        )
    )
    .order_by(FundingLine.id)
    .with_for_update(key_share=True)
)


def pay_in(  # noqa: PLR0913 - which line, which deed, how much, how, who, when
    session: Session,
    *,
    line_id: UUID,
    key: str,
    amount: Money,
    why: PayIn,
    by_user_id: UUID | None,
    at: datetime,
) -> bool:
    """Put money into a line and tell whether it was new; the same key again puts in nothing.

    Raises:
        NotFoundError: there is no such line.
        KeyReusedError: the key belongs to a different movement.
    """
    assert amount > ZERO
    line = locked_line(session, line_id)
    source = open_account(
        session, owner_id=line.council_id, kind=_SOURCE[why], council_id=line.council_id
    )
    lock_accounts(session, [line.available_account_id, line.held_account_id])
    is_new = ledger.find_movement(session, key=key) is None
    legs = (Leg(source, -amount), Leg(line.available_account_id, amount))
    move(session, Movement(key, why.value, legs), at=at)
    if not is_new:
        return False
    note_paid_in(session, line, amount)
    record(
        session,
        what="money-paid-in",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=by_user_id,
        for_person_id=line.person_id,
        at=at,
        details={"pence": amount.pence, "how": why.value},
    )
    return True


def locked_line(session: Session, line_id: UUID) -> FundingLine:
    """Lock a line and return it: its row is locked before its accounts, here as everywhere.

    Raises:
        NotFoundError: there is no such line.
    """
    # Not the row's key: a hold, which has the accounts already, refers to the line.
    not_its_key = {"key_share": True}
    line = session.get(FundingLine, line_id, with_for_update=not_its_key, populate_existing=True)
    if line is None:
        raise NotFoundError
    return line


def locked_with_shares(session: Session, line_id: UUID) -> FundingLine:
    """Lock a line and its shares in pools, in the order of their ids, and return the line.

    Raises:
        NotFoundError: there is no such line.
    """
    session.execute(_LINE_AND_SHARES, {"line": line_id}).all()
    return locked_line(session, line_id)


def locked_available(session: Session, *, line_id: UUID) -> Money:
    """Lock a line and its accounts, in the order of all who do, and return what is free.

    Raises:
        NotFoundError: there is no such line.
    """
    line = locked_line(session, line_id)
    balances = lock_accounts(session, [line.available_account_id, line.held_account_id])
    return balances[line.available_account_id]


def note_paid_in(session: Session, line: FundingLine, change: Money) -> None:
    """Keep a line's sum of all that was put in, less what was taken out, in step with the ledger.

    The line's accounts are locked by whoever calls.
    """
    session.connection().execute(_PAID_IN, {"line": line.id, "change": change})
    session.expire(line, ["paid_in"])
