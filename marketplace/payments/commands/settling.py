"""What a bank statement says of our own payments: settled, come back, or for a human to say.

Locks are taken in one order: the council's bank row → line → runs → payments → accounts → audit.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import total
from marketplace.payments import queries
from marketplace.payments.commands.bounce import bounce_item, unsettle_item
from marketplace.payments.commands.pay import settle_items
from marketplace.payments.errors import (
    LineDoneError,
    NoSuchPaymentError,
    PaidOnError,
    WrongItemStateError,
)
from marketplace.payments.models import (
    BankOutLine,
    BankStatement,
    CouncilBank,
    PaymentItem,
    PaymentRun,
)
from marketplace.payments.rules import (
    NO_REASON,
    REASON_LENGTH_MAX,
    ItemState,
    OutKind,
    OutState,
    RunState,
    StatementState,
    checked_reason,
    number_typed,
    run_typed,
)


def post_out_line(session: Session, *, line_id: UUID, at: datetime) -> bool:
    """Settle the payment that a line names, or note that it came back; tell whether it was done.

    Called for each line in a transaction of its own, so it may stop anywhere and go on. What
    cannot be true waits for a human, with the reason.
    """
    line = session.get_one(BankOutLine, line_id, with_for_update=True, populate_existing=True)
    statement = session.get_one(BankStatement, line.statement_id)
    if line.state is not OutState.MATCHED or statement.state is not StatementState.POSTED:
        return False
    assert line.item_id is not None, "a line is matched with one payment"
    try:
        _answer(session, line, [line.item_id], None, at)
    except (WrongItemStateError, PaidOnError) as refusal:
        line.state, line.item_id, line.note = OutState.OPEN, None, str(refusal)
        return False
    line.done_by_id, line.done_by_name = statement.posted_by_id, statement.posted_by_name
    line.state, line.done_at = OutState.POSTED, at
    return True


def match_out_line(session: Session, *, line_id: UUID, typed: str, by: Actor, at: datetime) -> None:
    """Say which payment a line is about, or which whole run, and settle it or note its return.

    Raises:
        NotFoundError: there is no such line in this council.
        LineDoneError: it was dealt with already, or its statement was not taken in.
        NoSuchPaymentError: no payment of the council is meant, or it has another amount.
        WrongItemStateError: the payment has not gone to the bank, or has come back.
        PaidOnError: the bank cannot have done that on the day of the line.
    """
    line = _locked(session, line_id, by)
    _check_open(session, line)
    number = number_typed(typed)
    run = None if number or line.kind is OutKind.RETURNED else _run_meant(session, typed, by)
    if run is None:
        item = _item_meant(session, line, number or "", by)
        _answer(session, line, [item.id], by, at)
        line.item_id = item.id
    else:
        _answer(session, line, _items_of(session, line, run), by, at)
        line.run_id = run.id
    line.state, line.note = OutState.POSTED, ""
    _done(session, "bank-out-matched", line, by, at)


def mark_out_not_ours(
    session: Session, *, line_id: UUID, reason: str, by: Actor, at: datetime
) -> None:
    """Say that a line is about no payment of the market; it stays in the list with the reason.

    Raises:
        NotFoundError: there is no such line in this council.
        LineDoneError: it was dealt with already.
        ReasonMissingError: no reason is given, or a very long one.
    """
    line = _locked(session, line_id, by)
    words = checked_reason(reason, ask="Say what it is for")
    if line.state is OutState.NOT_OURS:
        return
    _check_open(session, line)
    line.state, line.note = OutState.NOT_OURS, words
    _done(session, "bank-out-not-ours", line, by, at)


def undo_out_line(session: Session, *, line_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Take back that a line was about a payment: the payment is with the bank again.

    Raises:
        NotFoundError: there is no such line in this council.
        LineDoneError: it settled no single payment.
        ReasonMissingError: no reason is given, or a very long one.
        WrongItemStateError: the payment has come back since.
    """
    line = _locked(session, line_id, by)
    words = checked_reason(reason)
    if not (line.state is OutState.POSTED and line.kind is OutKind.PAID and line.item_id):
        raise LineDoneError("Only a line that settled one payment can be undone.")
    unsettle_item(session, line.item_id, by=by, at=at)
    line.state, line.item_id = OutState.OPEN, None
    line.note = f"{by.name} undid it: {words}"
    _done(session, "bank-out-undone", line, by, at)


def _locked(session: Session, line_id: UUID, by: Actor) -> BankOutLine:
    # In turns: two lines are never taken for one payment.
    session.get(CouncilBank, by.works_for, with_for_update=True, populate_existing=True)
    line = session.get(BankOutLine, line_id, with_for_update=True, populate_existing=True)
    if line is None or line.council_id != by.works_for:
        raise NotFoundError
    return line


def _check_open(session: Session, line: BankOutLine) -> None:
    if line.state not in {OutState.OPEN, OutState.NOT_OURS}:
        raise LineDoneError("This line was dealt with already. Look at it again.")
    if session.get_one(BankStatement, line.statement_id).state is not StatementState.POSTED:
        raise LineDoneError("Take the statement in first.")


def _answer(
    session: Session, line: BankOutLine, item_ids: list[UUID], by: Actor | None, at: datetime
) -> None:
    """Let the ledger know what the bank says of some payments."""
    if line.kind is OutKind.RETURNED:
        (item_id,) = item_ids
        reason = (line.why or NO_REASON)[:REASON_LENGTH_MAX]
        bounce_item(session, item_id, on=line.booked_on, reason=reason, by=by, at=at)
        return
    states = session.execute(
        select(PaymentItem.id, PaymentItem.state).where(PaymentItem.id.in_(item_ids))
    )
    # Files come in any order: what was read first to have come back, went out all the same.
    going = [item_id for item_id, state in states if state is not ItemState.BOUNCED]
    settle_items(session, going, paid_on=line.booked_on, by=by, at=at)


def _item_meant(session: Session, line: BankOutLine, number: str, by: Actor) -> PaymentItem:
    known = queries.payments_by_number(session, [number], council_id=by.works_for)
    if number not in known:
        raise NoSuchPaymentError(
            "Your council has no such payment. Its number stands on the page of its run, like 12-3."
        )
    payment = known[number]
    if payment.amount != line.amount:
        raise NoSuchPaymentError(
            f"{payment.reference} is a payment of {payment.amount}, and this line is of "
            f"{line.amount}."
        )
    other = session.scalar(
        select(BankOutLine.number).where(
            BankOutLine.item_id == payment.id, BankOutLine.kind == line.kind
        )
    )
    if other is not None:
        raise NoSuchPaymentError(f"Another line was taken for {payment.reference} already.")
    return session.get_one(PaymentItem, payment.id)


def _run_meant(session: Session, typed: str, by: Actor) -> PaymentRun | None:
    number = run_typed(typed)
    if number is None:
        return None
    run = session.scalar(
        select(PaymentRun).where(PaymentRun.council_id == by.works_for, PaymentRun.number == number)
    )
    if run is None or run.state not in {RunState.SENT, RunState.PAID}:
        raise NoSuchPaymentError("Your council has sent no run with this number to the bank.")
    return run


def _items_of(session: Session, line: BankOutLine, run: PaymentRun) -> list[UUID]:
    taken = select(BankOutLine.item_id).where(
        BankOutLine.item_id.is_not(None), BankOutLine.kind == OutKind.PAID
    )
    rows = session.execute(
        select(PaymentItem.id, PaymentItem.amount).where(
            PaymentItem.run_id == run.id,
            PaymentItem.state != ItemState.TAKEN_OUT,
            PaymentItem.id.not_in(taken),
        )
    ).all()
    whole = total(amount for _, amount in rows)
    other = session.scalar(select(BankOutLine.id).where(BankOutLine.run_id == run.id))
    if other is not None or whole != line.amount:
        raise NoSuchPaymentError(
            f"Run {run.number} is settled already by another line."
            if other is not None
            else f"Run {run.number} has payments of {whole} that no line was taken for, and this "
            f"line is of {line.amount}."
        )
    return [item_id for item_id, _ in rows]


def _done(session: Session, what: str, line: BankOutLine, by: Actor, at: datetime) -> None:
    line.done_by_id, line.done_by_name, line.done_at = by.user_id, by.name, at
    record(
        session,
        what=what,
        chain_id=line.council_id,
        subject_id=line.id,
        by_user_id=by.user_id,
        at=at,
        details={"pence": line.amount.pence, "note": line.note},
    )
