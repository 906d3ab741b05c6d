"""Lines about money that came in: kept, each once, with whose they are.

Whoever calls has the council's bank row, so nobody else takes a payment meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.commands.out_lines import came_back, keep_out_lines, our_payments
from marketplace.payments.models import BankOutLine, BankStatement, BankStatementLine, CouncilBank
from marketplace.payments.queries import Owner
from marketplace.payments.rules import (
    BankLine,
    Counted,
    LineState,
    OutKind,
    Skipped,
    Statement,
    StatementState,
    references_in,
)

_Alike = tuple[date, Money, UUID, bool]
"""The day of a payment, its amount, whose it is, and whether their family paid."""


def keep_lines(
    session: Session, statement: BankStatement, bank: CouncilBank, read: Statement
) -> None:
    """Keep what a file says: what came in, whose it is, and what it says of our own payments."""
    known = our_payments(session, [*read.lines, *read.out], council_id=statement.council_id)
    returned = [counted for counted in read.lines if came_back(counted, known)]
    ours = [(counted.line.out or OutKind.RETURNED, counted) for counted in [*read.out, *returned]]
    lines = [counted for counted in read.lines if not came_back(counted, known)]
    owners = queries.owners_of(
        session,
        [each for line in lines for each in references_in(_text(line))],
        council_id=statement.council_id,
    )
    before = _came_before(session, statement, lines)
    again = [
        Skipped(counted.line.number, "It came in before, with an earlier file.")
        for counted in lines
        if not insert_once(
            session, BankStatementLine, _values(statement, bank, counted, owners, before)
        )
    ]
    again += keep_out_lines(session, statement, bank, ours, known)
    waits = _waiting_too(session, statement, read, {each.number for each in again})
    statement.opening, statement.closing = read.opening, read.closing
    statement.file_in, statement.file_out = read.came_in, read.paid_out
    statement.names_account, statement.went_out = read.names_account, read.went_out
    statement.skipped = [
        [each.number, each.why, *([str(waits[each.number])] if each.number in waits else [])]
        for each in sorted([*read.skipped, *again], key=lambda each: each.number)
    ]


def _waiting_too(
    session: Session, statement: BankStatement, read: Statement, again: Collection[int]
) -> dict[int, UUID]:
    """Return, by their numbers, payments that stand in a file nobody has taken in yet, and which.

    That one must not be put away any more, or they would be in neither.
    """
    if not again:
        return {}
    numbers = {
        _key(each): each.line.number
        for each in [*read.lines, *read.out]
        if each.line.number in again
    }
    found: dict[int, UUID] = {}
    for model in (BankStatementLine, BankOutLine):
        waiting = (
            select(
                model.statement_id,
                model.booked_on,
                model.amount,
                model.bank_reference,
                model.occurrence,
            )
            .join(BankStatement, BankStatement.id == model.statement_id)
            .where(
                BankStatement.council_id == statement.council_id,
                BankStatement.id != statement.id,
                BankStatement.state != StatementState.POSTED,
            )
        )
        for statement_id, *key in session.execute(waiting):
            if (number := numbers.get((*key,))) is not None:
                found[number] = statement_id
    return found


def _key(counted: Counted) -> tuple[object, ...]:
    line = counted.line
    return line.booked_on, line.amount, line.bank_reference, counted.occurrence


def _came_before(
    session: Session, statement: BankStatement, lines: Sequence[Counted]
) -> frozenset[_Alike]:
    """Return what earlier files said was paid on these days.

    A bank numbers a payment in one kind of file and not in another: then nothing but the day, the
    amount and the reference tells that it is the same one.
    """
    rows = select(
        BankStatementLine.booked_on,
        BankStatementLine.amount,
        BankStatementLine.person_id,
        BankStatementLine.by_family,
    ).where(
        BankStatementLine.council_id == statement.council_id,
        BankStatementLine.statement_id != statement.id,
        BankStatementLine.booked_on.in_({counted.line.booked_on for counted in lines}),
        BankStatementLine.person_id.is_not(None),
    )
    return frozenset(
        (on, amount, person_id, by_family)
        for on, amount, person_id, by_family in session.execute(rows)
        if person_id is not None
    )


def _values(
    statement: BankStatement,
    bank: CouncilBank,
    counted: Counted,
    owners: Mapping[str, Owner],
    before: frozenset[_Alike],
) -> dict[str, object]:
    line = counted.line
    owner, note = _whose(counted, owners)
    if owner is not None and _alike(line, owner) in before:
        owner, note = None, "It looks the same as one in an earlier file. Was it paid twice?"
    return {
        "id": uuid4(),
        "statement_id": statement.id,
        "council_id": statement.council_id,
        "account": f"{bank.sort_code}{bank.account_number}",
        "number": line.number,
        "booked_on": line.booked_on,
        "amount": line.amount,
        "words": line.words,
        "payer": line.payer,
        "bank_reference": line.bank_reference,
        "occurrence": counted.occurrence,
        "note": note,
        "state": LineState.OPEN if owner is None else LineState.MATCHED,
        "person_id": owner.person_id if owner else None,
        "by_family": owner is not None and owner.by_family,
    }


def _alike(line: BankLine, owner: Owner) -> _Alike:
    return line.booked_on, line.amount, owner.person_id, owner.by_family


def _whose(counted: Counted, owners: Mapping[str, Owner]) -> tuple[Owner | None, str]:
    """Return whose a payment is, if one right reference says so; else why a human must look."""
    named = [owners[each] for each in references_in(_text(counted)) if each in owners]
    if not named:
        return None, "It has no reference of anybody here."
    if len(named) > 1:
        return None, "It has more than one reference."
    if counted.occurrence > 1:
        return None, f"It looks the same as line {counted.same_as}. Was it paid twice?"
    return named[0], ""


def _text(counted: Counted) -> str:
    return f"{counted.line.words} {counted.line.payer}"
