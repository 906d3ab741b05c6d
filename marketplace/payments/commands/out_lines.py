"""Lines about money that went out, or came back: kept, and compared with our own payments.

Whoever calls has the council's bank row, so nobody else takes a payment meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.models import BankOutLine, BankStatement, CouncilBank
from marketplace.payments.rules import (
    Counted,
    OurPayment,
    OutKind,
    OutState,
    Skipped,
    numbers_in,
    references_in,
    which_payment,
)

AT_ONCE = 500
"""How many payments one statement names at most."""

Known = Mapping[str, OurPayment]
"""Our payments by their numbers."""


def our_payments(session: Session, lines: Iterable[Counted], *, council_id: UUID) -> Known:
    """Return the payments of a council that some lines name."""
    numbers = {number for counted in lines for number in numbers_in_line(counted)}
    return queries.payments_by_number(session, sorted(numbers), council_id=council_id)


def numbers_in_line(counted: Counted) -> list[str]:
    """Return the numbers of payments that a line names."""
    return numbers_in(counted.line.words)


def came_back(counted: Counted, known: Known) -> bool:
    """Tell whether money that came in is a payment of ours that was sent back.

    It names one, and no person's reference stands beside it.
    """
    line = counted.line
    names_one = any(number in known for number in numbers_in_line(counted))
    return names_one and not references_in(f"{line.words} {line.payer}")


def keep_out_lines(
    session: Session,
    statement: BankStatement,
    bank: CouncilBank,
    lines: Sequence[tuple[OutKind, Counted]],
    known: Known,
) -> list[Skipped]:
    """Keep lines about our own payments, and return those that came in before."""
    taken = _taken(session, [payment.id for payment in known.values()])
    again: list[Skipped] = []
    for kind, counted in lines:
        line = counted.line
        named = [known[number] for number in numbers_in_line(counted) if number in known]
        item_id, note = which_payment(
            line.amount,
            named,
            taken=taken[kind],
            same_as=counted.same_as if counted.occurrence > 1 else None,
        )
        values = {
            "id": uuid4(),
            "statement_id": statement.id,
            "council_id": statement.council_id,
            "account": f"{bank.sort_code}{bank.account_number}",
            "kind": kind,
            "number": line.number,
            "booked_on": line.booked_on,
            "amount": line.amount,
            "words": line.words,
            "payee": line.payer,
            "bank_reference": line.bank_reference,
            "occurrence": counted.occurrence,
            "why": line.why,
            "note": note,
            "state": OutState.OPEN if item_id is None else OutState.MATCHED,
            "item_id": item_id,
        }
        if not insert_once(session, BankOutLine, values):
            again.append(Skipped(line.number, "It came in before, with an earlier file."))
        elif item_id is not None:
            taken[kind].add(item_id)
    return again


def _taken(session: Session, item_ids: Sequence[UUID]) -> dict[OutKind, set[UUID]]:
    found: dict[OutKind, set[UUID]] = {kind: set() for kind in OutKind}
    for start in range(0, len(item_ids), AT_ONCE):
        rows = session.execute(
            select(BankOutLine.kind, BankOutLine.item_id).where(
                BankOutLine.item_id.in_(item_ids[start : start + AT_ONCE])
            )
        )
        for kind, item_id in rows:
            if item_id is not None:
                found[kind].add(item_id)
    return found
