"""Taking money out of a funding line other than by spending it.

Private to deeds that have said so to the person before: a decided clawback, a refund to the card
that paid, a payment that the card's bank took back, own money that the person asked for or whose
line was closed (owed until it is paid). Each names itself, and each is in the trail.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.budgets.commands.paying_in import locked_line, note_paid_in
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


class TakeOut(StrEnum):
    """Why money leaves a line."""

    CARD_REFUND = "card-refund"
    CARD_DISPUTE = "card-dispute"
    NOT_THEIRS = "not-theirs"
    CLAWBACK = "clawback"
    CLOSING = "closing"
    ASKED_BACK = "asked-back"


_GOES_TO: Mapping[TakeOut, AccountKind] = MappingProxyType(
    {
        TakeOut.CARD_REFUND: AccountKind.OUTSIDE,
        TakeOut.CARD_DISPUTE: AccountKind.OUTSIDE,
        TakeOut.NOT_THEIRS: AccountKind.OUTSIDE,
        TakeOut.CLAWBACK: AccountKind.FUNDER,
        TakeOut.CLOSING: AccountKind.OWED,
        TakeOut.ASKED_BACK: AccountKind.OWED,
    }
)


def take_out(  # noqa: PLR0913 - which line, which deed, how much, why, who, when
    session: Session,
    *,
    line_id: UUID,
    key: str,
    amount: Money,
    why: TakeOut,
    by_user_id: UUID | None,
    at: datetime,
) -> bool:
    """Take money out of what a line has to spend and tell whether it was new.

    The same key again takes nothing.

    Raises:
        NotFoundError: there is no such line.
        InsufficientFundsError: the line has less than that to spend.
        KeyReusedError: the key belongs to a different movement.
    """
    assert amount > ZERO
    line = locked_line(session, line_id)
    goes_to = open_account(
        session, owner_id=line.council_id, kind=_GOES_TO[why], council_id=line.council_id
    )
    lock_accounts(session, [line.available_account_id, line.held_account_id])
    is_new = ledger.find_movement(session, key=key) is None
    legs = (Leg(line.available_account_id, -amount), Leg(goes_to, amount))
    move(session, Movement(key, why.value, legs), at=at)
    if not is_new:
        return False
    note_paid_in(session, line, -amount)
    record(
        session,
        what="money-taken-out",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=by_user_id,
        for_person_id=line.person_id,
        at=at,
        details={"pence": amount.pence, "why": why.value},
    )
    return True
