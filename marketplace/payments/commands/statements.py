"""Statements of the bank: uploaded and looked at, then taken in; each payment once.

Locks are taken in one order: the council's bank row → statement → line → accounts → audit.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.payments.commands.in_lines import keep_lines
from marketplace.payments.errors import (
    NoBankAccountError,
    SameStatementError,
    StatementDoneError,
    UnknownColumnsError,
)
from marketplace.payments.models import BankOutLine, BankStatement, BankStatementLine, CouncilBank
from marketplace.payments.rules import (
    BankAccount,
    Columns,
    Part,
    Statement,
    StatementState,
    check_columns,
    heads_in,
    is_xml,
    read_csv,
    read_xml,
)

NAME_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadStatement:
    """A file of the bank."""

    statement_id: UUID
    name: str
    content: bytes


def upload_statement(
    session: Session, wish: UploadStatement, *, by: Actor, at: datetime
) -> StatementState:
    """Read a file of the bank and keep what it says; nothing of it is in the books yet.

    Raises:
        NoBankAccountError: the council has not said which account it has.
        SameStatementError: this very file was uploaded before.
        BadStatementError: the file cannot be read, is broken off, or is of another account.
    """
    bank = _locked_bank(session, by)
    digest = hashlib.sha256(wish.content).hexdigest()
    earlier = session.get(BankStatement, wish.statement_id)
    if earlier is not None and (earlier.council_id, earlier.digest) == (by.works_for, digest):
        return earlier.state
    _refuse_twice(session, digest, by)
    statement = BankStatement(
        id=wish.statement_id if earlier is None else uuid4(),
        council_id=by.works_for,
        name=_name(wish.name),
        digest=digest,
        state=StatementState.CHECKED,
        content=None,
        names_account=True,
        went_out=0,
        skipped=[],
        uploaded_by_id=by.user_id,
        uploaded_by_name=by.name,
        uploaded_at=at,
    )
    try:
        read = _read(wish.content, bank, at)
    except UnknownColumnsError:
        heads_in(wish.content)
        statement.state, statement.content = StatementState.COLUMNS, wish.content
        read = None
    session.add(statement)
    # The lines name the statement, and no relationship tells the session which comes first.
    session.flush()
    if read is not None:
        keep_lines(session, statement, bank, read)
    _record(session, "statement-uploaded", statement, by, at)
    return statement.state


def say_columns(
    session: Session, columns: Columns, *, statement_id: UUID, by: Actor, at: datetime
) -> None:
    """Say what the columns of a file hold; it is read, and the next file like it by itself.

    Raises:
        NotFoundError: there is no such statement in this council.
        StatementDoneError: its columns are known already.
        BadStatementError: too little is said, or the file cannot be read like this.
    """
    bank = _locked_bank(session, by)
    statement = _locked(session, statement_id, by)
    if statement.state is not StatementState.COLUMNS:
        raise StatementDoneError("The columns of this file are known already.")
    assert statement.content is not None
    kept: Mapping[Part, str] = check_columns(columns)
    bank.columns = {part.value: head for part, head in kept.items()}
    read = _read(statement.content, bank, at)
    statement.state, statement.content = StatementState.CHECKED, None
    keep_lines(session, statement, bank, read)


def take_in_statement(session: Session, *, statement_id: UUID, by: Actor, at: datetime) -> None:
    """Take a statement in: its payments with a right reference may be booked, one by one.

    Taking it in again changes nothing.

    Raises:
        NotFoundError: there is no such statement in this council.
        StatementDoneError: its columns are not known yet.
    """
    statement = _locked(session, statement_id, by)
    if statement.state is StatementState.POSTED:
        return
    if statement.state is StatementState.COLUMNS:
        raise StatementDoneError("Say first what the columns of this file hold.")
    statement.state = StatementState.POSTED
    statement.posted_by_id, statement.posted_by_name, statement.posted_at = by.user_id, by.name, at
    _record(session, "statement-taken-in", statement, by, at)


def drop_statement(session: Session, *, statement_id: UUID, by: Actor, at: datetime) -> None:
    """Put a statement away that was not taken in; its file may then be uploaded again.

    Raises:
        NotFoundError: there is no such statement in this council.
        StatementDoneError: it was taken in, or another leaves out what is in it.
    """
    statement = _locked(session, statement_id, by)
    if statement.state is StatementState.POSTED:
        raise StatementDoneError("This statement was taken in. It cannot be put away any more.")
    _refuse_what_others_leave_out(session, statement)
    _record(session, "statement-dropped", statement, by, at)
    for model in (BankStatementLine, BankOutLine):
        session.execute(delete(model).where(model.statement_id == statement.id))
    session.delete(statement)


def _locked_bank(session: Session, by: Actor) -> CouncilBank:
    bank = session.get(CouncilBank, by.works_for, with_for_update=True, populate_existing=True)
    if bank is None:
        raise NoBankAccountError
    return bank


def _locked(session: Session, statement_id: UUID, by: Actor) -> BankStatement:
    found = session.get(BankStatement, statement_id, with_for_update=True, populate_existing=True)
    if found is None or found.council_id != by.works_for:
        raise NotFoundError
    return found


def _refuse_twice(session: Session, digest: str, by: Actor) -> None:
    earlier = session.scalar(
        select(BankStatement).where(
            BankStatement.council_id == by.works_for, BankStatement.digest == digest
        )
    )
    if earlier is not None:
        on = local_day(earlier.uploaded_at)
        raise SameStatementError(
            f"{earlier.uploaded_by_name} uploaded this file on {on.day} {on:%B %Y}. "
            "Nothing was taken twice."
        )


def _account(bank: CouncilBank) -> BankAccount:
    return BankAccount(bank.sort_code, bank.account_number)


def _refuse_what_others_leave_out(session: Session, statement: BankStatement) -> None:
    """Refuse to put a file away whose payments a later one leaves out, because they are in it."""
    later = session.execute(
        select(BankStatement.name, BankStatement.skipped).where(
            BankStatement.council_id == statement.council_id,
            BankStatement.uploaded_at >= statement.uploaded_at,
        )
    )
    for name, skipped in later:
        if any(str(statement.id) in where for _, _, *where in skipped):
            raise StatementDoneError(
                f"“{name}” came later and leaves out payments, because they are in this file. "
                "Take this one in, or they would be in neither."
            )


def _read(content: bytes, bank: CouncilBank, at: datetime) -> Statement:
    today = local_day(at)
    if is_xml(content):
        return read_xml(content, ours=_account(bank), today=today)
    columns = {Part(part): str(head) for part, head in bank.columns.items()}
    return read_csv(content, columns=columns or None, ours=_account(bank), today=today)


def _name(typed: str) -> str:
    shown = "".join(each for each in typed if each.isprintable())
    return (
        " ".join(shown.replace("\\", "/").rpartition("/")[2].split())[-NAME_LENGTH_MAX:] or "File"
    )


def _record(session: Session, what: str, statement: BankStatement, by: Actor, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=statement.council_id,
        subject_id=statement.id,
        by_user_id=by.user_id,
        at=at,
        details={"digest": statement.digest},
    )
