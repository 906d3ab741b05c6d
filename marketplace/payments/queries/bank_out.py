"""Lines about money that went out, or came back, as finance officers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.payments.models import BankOutLine, BankStatement, PaymentItem, PaymentRun
from marketplace.payments.rules import (
    ItemState,
    OurPayment,
    OutKind,
    OutState,
    StatementState,
    number_of,
)

AT_ONCE = 500
SHOWN_MAX = 20
"""How many payments of the same amount are suggested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLineRow:
    """A line about money that went out, or came back."""

    id: UUID
    statement_id: UUID
    kind: OutKind
    number: int
    booked_on: date
    amount: Money
    words: str
    payee: str
    why: str
    note: str
    state: OutState
    reference: str
    """Of the payment it is about."""
    provider_name: str
    run_number: int | None

    @property
    def may_be_undone(self) -> bool:
        """Tell whether it settled one payment."""
        is_paid = self.kind is OutKind.PAID and bool(self.reference)
        return is_paid and self.state is OutState.POSTED


@dataclass(frozen=True, slots=True)
class Suggested:
    """A payment of the same amount that is with the bank."""

    number: str
    reference: str
    provider_name: str


_ROW = (
    select(BankOutLine, PaymentItem.reference, PaymentItem.provider_name, PaymentRun.number)
    .outerjoin(PaymentItem, PaymentItem.id == BankOutLine.item_id)
    .outerjoin(PaymentRun, PaymentRun.id == BankOutLine.run_id)
)
_PLAIN = tuple(
    name
    for name in OutLineRow.__slots__
    if name not in {"reference", "provider_name", "run_number"}
)


def payments_by_number(
    session: Session, numbers: Sequence[str], *, council_id: UUID
) -> dict[str, OurPayment]:
    """Return the payments of a council by their numbers, like 12-3."""
    found: dict[str, OurPayment] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        rows = session.execute(
            select(PaymentItem.id, PaymentItem.reference, PaymentItem.amount)
            .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
            .where(
                PaymentRun.council_id == council_id,
                PaymentItem.reference.in_([*some, *(f"SUPPORT {each}" for each in some)]),
            )
        )
        found |= {number_of(reference): OurPayment(id_, reference, a) for id_, reference, a in rows}
    return found


def out_lines(session: Session, *, statement_id: UUID) -> list[OutLineRow]:
    """Return the lines of a statement about money that went out, or came back."""
    mine = _ROW.where(BankOutLine.statement_id == statement_id)
    return _rows(session, mine.order_by(BankOutLine.number, BankOutLine.id))


def open_out_lines(session: Session, *, council_id: UUID, page: int = 1) -> Page[OutLineRow]:
    """Return one page of the lines of which a human must say which payment they are, oldest first.

    Only those of statements that were taken in.
    """
    joined = BankStatement.id == BankOutLine.statement_id
    mine = (
        BankOutLine.council_id == council_id,
        BankOutLine.state == OutState.OPEN,
        BankStatement.state == StatementState.POSTED,
    )
    rows = (
        _ROW.join(BankStatement, joined)
        .where(*mine)
        .order_by(BankOutLine.booked_on, BankOutLine.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = session.scalar(
        select(func.count()).select_from(BankOutLine).join(BankStatement, joined).where(*mine)
    )
    return Page(_rows(session, rows), page, count or 0)


def out_line_for(session: Session, *, line_id: UUID, seen_by: Actor) -> OutLineRow:
    """Return a line about money that left one's own council's account.

    Raises:
        NotFoundError: there is none.
    """
    mine = BankOutLine.council_id == seen_by.works_for
    found = _rows(session, _ROW.where(BankOutLine.id == line_id, mine))
    if not found:
        raise NotFoundError
    return found[0]


def may_be(session: Session, line: OutLineRow, *, council_id: UUID) -> list[Suggested]:
    """Return payments of the same amount of which the bank might mean one."""
    states = (
        [ItemState.SENT, ItemState.SETTLED] if line.kind is OutKind.RETURNED else [ItemState.SENT]
    )
    taken = select(BankOutLine.item_id).where(
        BankOutLine.item_id.is_not(None), BankOutLine.kind == line.kind
    )
    rows = session.execute(
        select(PaymentItem.reference, PaymentItem.provider_name)
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .where(
            PaymentRun.council_id == council_id,
            PaymentItem.amount == line.amount,
            PaymentItem.state.in_(states),
            PaymentItem.id.not_in(taken),
        )
        .order_by(PaymentRun.number, PaymentItem.position)
        .limit(SHOWN_MAX)
    )
    return [Suggested(number_of(reference), reference, name) for reference, name in rows]


def out_lines_to_post(
    session: Session, *, limit: int, statement_id: UUID | None = None
) -> list[UUID]:
    """Return lines that name a payment of ours, of statements taken in; what went out first."""
    rows = (
        select(BankOutLine.id)
        .join(BankStatement, BankStatement.id == BankOutLine.statement_id)
        .where(
            BankOutLine.state == OutState.MATCHED,
            BankStatement.state == StatementState.POSTED,
        )
        .order_by(BankOutLine.kind, BankOutLine.statement_id, BankOutLine.number, BankOutLine.id)
        .limit(limit)
    )
    if statement_id is not None:
        rows = rows.where(BankOutLine.statement_id == statement_id)
    return list(session.scalars(rows))


def _rows(session: Session, rows: Select[BankOutLine, str, str, int]) -> list[OutLineRow]:
    return [
        OutLineRow(
            **{name: getattr(line, name) for name in _PLAIN},
            reference=reference or "",
            provider_name=provider_name or "",
            run_number=run_number,
        )
        for line, reference, provider_name, run_number in session.execute(rows)
    ]
