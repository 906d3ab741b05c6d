"""Single payments of a bank statement: booked by their reference, or by somebody's hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets.commands import (
    PayIn,
    TakeOut,
    locked_available,
    own_line,
    pay_in,
    take_out,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments import queries
from marketplace.payments.errors import (
    LineDoneError,
    NobodyFoundError,
    NotFreeError,
)
from marketplace.payments.models import BankStatement, BankStatementLine
from marketplace.payments.rules import LineState, StatementState, checked_reason, funder_of


def post_line(session: Session, *, line_id: UUID, at: datetime) -> bool:
    """Book a payment that has a right reference; tell whether it was done now.

    Called for each line in a transaction of its own, so it may stop anywhere and go on.
    """
    line = session.get_one(BankStatementLine, line_id, with_for_update=True, populate_existing=True)
    statement = session.get_one(BankStatement, line.statement_id)
    if line.state is not LineState.MATCHED or statement.state is not StatementState.POSTED:
        return False
    try:
        _book(session, line, statement.posted_by_id, at)
    except NotFoundError:
        line.state, line.person_id = LineState.OPEN, None
        line.note = "The account of the person with this reference is closed."
        return False
    line.done_by_id, line.done_by_name = statement.posted_by_id, statement.posted_by_name
    return True


def match_line(session: Session, *, line_id: UUID, typed: str, by: Actor, at: datetime) -> None:
    """Say whose a payment is, by a reference or an e-mail address, and book it.

    Raises:
        NotFoundError: there is no such payment in this council.
        LineDoneError: it was dealt with already, or its statement was not taken in.
        NobodyFoundError: nobody of this council has that reference or address.
    """
    line = _locked(session, line_id, by)
    owner = queries.owner_typed(session, typed, council_id=by.works_for)
    if owner is None:
        raise NobodyFoundError
    if line.state is LineState.POSTED and line.person_id == owner.person_id:
        return
    _check_open(session, line)
    line.person_id, line.by_family = owner.person_id, owner.by_family
    try:
        _book(session, line, by.user_id, at)
    except NotFoundError:
        raise NobodyFoundError from None
    line.note = ""
    _done(session, "bank-line-matched", line, by, at)


def mark_not_ours(session: Session, *, line_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Say that a payment is not for the market; it stays in the list with the reason.

    Raises:
        NotFoundError: there is no such payment in this council.
        LineDoneError: it was dealt with already.
        ReasonMissingError: no reason is given, or a very long one.
    """
    line = _locked(session, line_id, by)
    words = checked_reason(reason, ask="Say what it is for")
    if line.state is LineState.NOT_OURS:
        return
    _check_open(session, line)
    line.state, line.note = LineState.NOT_OURS, words
    _done(session, "bank-line-not-ours", line, by, at)


def undo_line(session: Session, *, line_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Take money back out of the wallet of somebody whose it was not; it can be matched again.

    The ledger forgets nothing: the money goes back by a movement of its own.

    Raises:
        NotFoundError: there is no such payment in this council.
        LineDoneError: it was paid in for nobody.
        ReasonMissingError: no reason is given, or a very long one.
        NotFreeError: the money was spent or set aside.
    """
    line = _locked(session, line_id, by)
    words = checked_reason(reason)
    if line.state is not LineState.POSTED:
        raise LineDoneError("This payment is in nobody’s wallet. Look at it again.")
    assert line.line_id is not None, "what was paid in went into a line"
    assert line.person_id is not None, "what was paid in is somebody's"
    person = access.person_ever(session, user_id=line.person_id)
    free = locked_available(session, line_id=line.line_id)
    if free < line.amount:
        raise NotFreeError(
            f"{person.name} has only {free} of this money free. The rest is spent or set aside, so "
            f"{line.amount} cannot be taken back. Speak with them first."
        )
    key = f"bank-undone/{line.ledger_key}"
    take_out(
        session,
        line_id=line.line_id,
        key=key,
        amount=line.amount,
        why=TakeOut.NOT_THEIRS,
        by_user_id=by.user_id,
        at=at,
    )
    _tell_undone(session, person, line, key, at)
    line.state, line.line_id, line.person_id, line.by_family = LineState.OPEN, None, None, False
    line.note = f"{by.name} took it back: {words}"
    line.undone += 1
    _done(session, "bank-line-undone", line, by, at)


def _tell_undone(
    session: Session, person: access.Person, line: BankStatementLine, key: str, at: datetime
) -> None:
    if not person.email:
        return
    write_letter(
        session,
        WriteLetter(
            key=key,
            to=person.email,
            subject=f"{line.amount} was not for you",
            template="money_undone",
            values={"name": person.name, "amount": str(line.amount), "path": "/wallet"},
        ),
        at=at,
    )


def _locked(session: Session, line_id: UUID, by: Actor) -> BankStatementLine:
    line = session.get(BankStatementLine, line_id, with_for_update=True, populate_existing=True)
    if line is None or line.council_id != by.works_for:
        raise NotFoundError
    return line


def _check_open(session: Session, line: BankStatementLine) -> None:
    if line.state not in {LineState.OPEN, LineState.NOT_OURS}:
        raise LineDoneError("This payment was dealt with already. Look at it again.")
    if session.get_one(BankStatement, line.statement_id).state is not StatementState.POSTED:
        raise LineDoneError("Take the statement in first.")


def _book(session: Session, line: BankStatementLine, by_user_id: UUID | None, at: datetime) -> None:
    assert line.person_id is not None, "only somebody's payment is booked"
    person = access.person(session, user_id=line.person_id)
    into = own_line(
        session,
        person_id=person.id,
        council_id=line.council_id,
        funder=funder_of(by_family=line.by_family),
        by_user_id=by_user_id,
        at=at,
    )
    pay_in(
        session,
        line_id=into,
        key=line.ledger_key,
        amount=line.amount,
        why=PayIn.FAMILY if line.by_family else PayIn.BANK_TRANSFER,
        by_user_id=by_user_id,
        at=at,
    )
    line.line_id, line.state, line.done_at = into, LineState.POSTED, at
    write_letter(
        session,
        WriteLetter(
            key=line.ledger_key,
            to=person.email,
            subject=f"{line.amount} was paid in",
            template="money_in",
            values={
                "name": person.name,
                "amount": str(line.amount),
                "giver": "",
                "family": line.by_family,
                "path": "/wallet",
            },
        ),
        at=at,
    )


def _done(session: Session, what: str, line: BankStatementLine, by: Actor, at: datetime) -> None:
    line.done_by_id, line.done_by_name, line.done_at = by.user_id, by.name, at
    record(
        session,
        what=what,
        chain_id=line.council_id,
        subject_id=line.id,
        by_user_id=by.user_id,
        at=at,
        details={"pence": line.amount.pence},
    )
