"""Own money on its way back to the person: owed, told where to, paid.

It leaves the line when the person asks for it or the line is closed, and stands in the ledger as
owed until a finance officer says on which day the bank paid it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.commands.flowing import lock_lines
from marketplace.budgets.commands.paying_in import locked_available
from marketplace.budgets.commands.taking_out import TakeOut, take_out
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine, OwedRefund
from marketplace.budgets.rules import Funder
from marketplace.catalogue.rules import BankDetails, bank_details
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.wallet.commands import move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement

OWN_MONEY_PATH = "/wallet/own-money"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack:
    """A wish for all own money that is free, and the bank account it is to be paid into."""

    refund_id: UUID
    account_name: str
    sort_code: str
    account_number: str


def ask_own_money_back(session: Session, wish: AskBack, *, by: Actor, at: datetime) -> Money:
    """Take all own money that is free out of the wallet, to be paid back; return what is owed now.

    What is owed already, because a line was closed, is paid into the same account. What is set
    aside for orders stays. The same wish twice is one.

    Raises:
        NotAllowedError: it is somebody else's money.
        BadBankDetailsError: a number has too many or too few digits, or the name is missing.
        BadLineError: there is no own money to pay back.
    """
    if by.acts_for_another:
        raise NotAllowedError(f"Only {by.person_name} can ask for their own money back.")
    details = bank_details(wish.sort_code, wish.account_number, wish.account_name)
    for line_id in _own_lines(session, by.buys_for):
        free = locked_available(session, line_id=line_id)
        if free > ZERO:
            line = session.get_one(FundingLine, line_id)
            refund_id = uuid5(wish.refund_id, str(line_id))
            owe(session, line, free, refund_id=refund_id, by=by, at=at, why=TakeOut.ASKED_BACK)
    waiting = _say_where(session, by.buys_for, details)
    owed = total(refund.left for refund in waiting if not refund.by_card)
    if not owed:
        raise BadLineError("account_name", "There is no money of your own to pay back.")
    record(
        session,
        what="own-money-asked-back",
        chain_id=by.buys_for,
        subject_id=wish.refund_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
        details={"pence": owed.pence, "ends": details.account_number[-4:]},
    )
    return owed


def owe(  # noqa: PLR0913 - which money, how much, by which deed, whose, when, why
    session: Session,
    line: FundingLine,
    amount: Money,
    *,
    refund_id: UUID,
    by: Actor | None,
    at: datetime,
    why: TakeOut,
) -> None:
    """Take own money out of a line and write down to whom it is owed; once for each deed.

    ``by`` is None where nobody asked: it belongs to somebody who has left.
    """
    assert line.funder.is_private, "a council's money is nobody's own"
    key = f"owed/{refund_id}"
    by_user_id = by.user_id if by else None
    if not take_out(
        session, line_id=line.id, key=key, amount=amount, why=why, by_user_id=by_user_id, at=at
    ):
        return
    session.add(
        OwedRefund(
            id=refund_id,
            person_id=line.person_id,
            council_id=line.council_id,
            line_id=line.id,
            amount=amount,
            owed_at=at,
            account_name="",
            sort_code="",
            account_number="",
            paid_by_name="",
        )
    )
    session.flush()  # what is owed is added up from here


def say_account_of_who_left(session: Session, wish: AskBack, *, by: Actor, at: datetime) -> None:
    """Note into which account own money is paid of somebody who has left, and told the council.

    Raises:
        NotAllowedError: they are no finance officer.
        NotFoundError: their council owes nothing like that to somebody who has left.
        BadBankDetailsError: a number has too many or too few digits, or the name is missing.
    """
    if not by.may(Permission.PAY_PROVIDERS):
        raise NotAllowedError("Only a finance officer can say where money is paid back to.")
    details = bank_details(wish.sort_code, wish.account_number, wish.account_name)
    refund = session.get(OwedRefund, wish.refund_id, with_for_update=True, populate_existing=True)
    if refund is None or refund.council_id != by.works_for:
        raise NotFoundError
    if not access.is_closed(session, user_id=refund.person_id) or refund.account_number:
        raise NotFoundError
    refund.account_name, refund.sort_code = details.account_name, details.sort_code
    refund.account_number = details.account_number
    record(
        session,
        what="own-money-account-said",
        chain_id=refund.person_id,
        subject_id=refund.id,
        by_user_id=by.user_id,
        for_person_id=refund.person_id,
        at=at,
        details={"ends": details.account_number[-4:]},
    )


def owe_who_left(session: Session, *, person_id: UUID, key: str, at: datetime) -> Money:
    """Owe somebody who has closed their account the own money that came in since; return how much.

    Nobody sees the line of somebody who has left, so what comes back to it, or is paid in late,
    goes at once where finance officers see it. ``key`` is that of the deed by which it came.
    """
    if not access.is_closed(session, user_id=person_id):
        return ZERO
    owed = ZERO
    for line_id in _own_lines(session, person_id):
        free = locked_available(session, line_id=line_id)
        if free > ZERO:
            line = session.get_one(FundingLine, line_id)
            refund_id = uuid5(line_id, key)
            owe(session, line, free, refund_id=refund_id, by=None, at=at, why=TakeOut.CLOSING)
            owed += free
    return owed


def lock_lines_of_who_left(session: Session, *, person_id: UUID) -> None:
    """Lock the lines that ``owe_who_left`` will look at: lines come before their accounts."""
    if access.is_closed(session, user_id=person_id):
        lock_lines(session, _own_lines(session, person_id))


def mark_refund_paid(
    session: Session, *, refund_id: UUID, paid_on: date, by: Actor, at: datetime
) -> None:
    """Note on which day the bank paid own money back; it is owed no more. Twice is once.

    Raises:
        NotAllowedError: they are no finance officer.
        NotFoundError: their council owes nothing like that.
        BadLineError: nobody has said into which account, or the day is not a day it can be.
    """
    if not by.may(Permission.PAY_PROVIDERS):
        raise NotAllowedError("Only a finance officer can say that money was paid back.")
    refund = session.get(OwedRefund, refund_id, with_for_update=True, populate_existing=True)
    if refund is None or refund.council_id != by.works_for:
        raise NotFoundError
    if refund.paid_on is not None:
        return
    if refund.by_card:
        raise BadLineError("paid_on", "This goes back to a card by itself. Do not pay it.")
    if not refund.account_number:
        raise BadLineError("paid_on", "Nobody has said yet into which account it is to be paid.")
    if not local_day(refund.owed_at) <= paid_on <= local_day(at):
        raise BadLineError("paid_on", "Enter a day since it is owed, and not one to come.")
    _pay(session, refund, at)
    refund.paid_on, refund.paid_at = paid_on, at
    refund.paid_by_id, refund.paid_by_name = by.user_id, by.name
    record(
        session,
        what="own-money-paid-back",
        chain_id=refund.person_id,
        subject_id=refund.id,
        by_user_id=by.user_id,
        for_person_id=refund.person_id,
        at=at,
        details={"pence": refund.left.pence},
    )
    if access.is_closed(session, user_id=refund.person_id):
        forget_accounts(session, person_id=refund.person_id)
    else:
        _tell(session, refund, at)


def forget_accounts(session: Session, *, person_id: UUID) -> None:
    """Take away into whose account money was paid back to somebody who has left, once it was."""
    session.flush()
    session.execute(
        update(OwedRefund)
        .where(OwedRefund.person_id == person_id, OwedRefund.paid_on.is_not(None))
        .values(account_name="", sort_code="", account_number="")
    )


def _own_lines(session: Session, person_id: UUID) -> list[UUID]:
    private = [funder for funder in Funder if funder.is_private]
    rows = (
        select(FundingLine.id)
        .where(
            FundingLine.person_id == person_id,
            FundingLine.funder.in_(private),
            FundingLine.pool_id.is_(None),
        )
        .order_by(FundingLine.id)
    )
    return list(session.scalars(rows))


def _say_where(session: Session, person_id: UUID, details: BankDetails) -> list[OwedRefund]:
    rows = (
        select(OwedRefund)
        .where(OwedRefund.person_id == person_id, OwedRefund.paid_on.is_(None))
        .order_by(OwedRefund.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    waiting = list(session.scalars(rows))
    for refund in waiting:
        refund.account_name, refund.sort_code = details.account_name, details.sort_code
        refund.account_number = details.account_number
    return waiting


def _pay(session: Session, refund: OwedRefund, at: datetime) -> None:
    owed, outside = (
        open_account(session, owner_id=refund.council_id, kind=kind, council_id=refund.council_id)
        for kind in (AccountKind.OWED, AccountKind.OUTSIDE)
    )
    legs = (Leg(owed, -refund.left), Leg(outside, refund.left))
    move(session, Movement(f"owed/{refund.id}/paid", "own-money-paid", legs), at=at)


def _tell(session: Session, refund: OwedRefund, at: datetime) -> None:
    person = access.person(session, user_id=refund.person_id)
    letter = WriteLetter(
        key=f"owed/{refund.id}/paid",
        to=person.email,
        subject=f"{refund.left} of your own money was paid back",
        template="money_changed",
        values={
            "name": person.name,
            "sentences": [
                f"{refund.left} was paid into the account ending {refund.account_number[-4:]}."
            ],
            "path": OWN_MONEY_PATH,
        },
    )
    write_letter(session, letter, at=at)
