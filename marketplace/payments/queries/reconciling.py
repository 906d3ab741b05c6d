"""Whether the bank and the ledger say the same, and what is still between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.models import (
    BankOutLine,
    BankStatement,
    BankStatementLine,
    PaymentItem,
    PaymentRun,
)
from marketplace.payments.rules import (
    Age,
    ItemState,
    LineState,
    OutKind,
    OutState,
    StatementState,
    age_of,
)
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind

STATEMENTS_SHOWN = 12
ITEMS_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A statement of the bank beside what the ledger has of it."""

    id: UUID
    name: str
    opening: Money | None
    closing: Money | None
    came_in: Money
    went_out: Money
    booked_in: Money
    """What the ledger has of the money that came in."""
    booked_out: Money
    """What the ledger has of the money that went out."""
    explained_in: Money
    """Came in and is not in the ledger: waiting for somebody, not ours, or in an earlier file."""
    explained_out: Money

    @property
    def adds_up(self) -> bool:
        """Tell whether the bank's lines lead from its opening to its closing balance."""
        if self.opening is None or self.closing is None:
            return True
        return self.opening + self.came_in - self.went_out == self.closing

    @property
    def is_equal(self) -> bool:
        """Tell whether all of it is in the ledger, or there is a reason why not."""
        return (
            self.adds_up
            and self.came_in == self.booked_in + self.explained_in
            and self.went_out == self.booked_out + self.explained_out
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many lines wait for a human, and how much, of one age."""

    age: Age
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class WithBank:
    """A payment that was sent and that the bank has not answered."""

    run_id: UUID
    reference: str
    provider_name: str
    amount: Money
    sent_on: date
    days: int


def compared(session: Session, *, council_id: UUID) -> list[Compared]:
    """Return the newest statements of a council that were taken in, beside the ledger."""
    rows = session.scalars(
        select(BankStatement)
        .where(BankStatement.council_id == council_id, BankStatement.state == StatementState.POSTED)
        .order_by(BankStatement.posted_at.desc(), BankStatement.id)
        .limit(STATEMENTS_SHOWN)
    ).all()
    return [_compared(session, row) for row in rows]


def _compared(session: Session, statement: BankStatement) -> Compared:
    ins = session.scalars(
        select(BankStatementLine).where(BankStatementLine.statement_id == statement.id)
    ).all()
    outs = session.scalars(
        select(BankOutLine).where(BankOutLine.statement_id == statement.id)
    ).all()
    back = [line for line in outs if line.kind is OutKind.RETURNED]
    paid = [line for line in outs if line.kind is OutKind.PAID]
    posted = [line for line in ins if line.state is LineState.POSTED]
    new_in = total(line.amount for line in ins) + _total(back)
    new_out = total(line.amount for line in paid)
    came_in = statement.file_in if statement.file_in is not None else new_in
    went_out = statement.file_out if statement.file_out is not None else new_out
    booked = ledger.moved_to(
        session, keys=[line.ledger_key for line in posted], kind=AccountKind.AVAILABLE
    )
    # What went out and came back stands in the ledger as nothing, so both are told by their line.
    answered = _total(line for line in paid if line.state is OutState.POSTED)
    returned = _total(line for line in back if line.state is OutState.POSTED)
    waiting_in = [line.amount for line in ins if line.state is not LineState.POSTED]
    waiting_in += [line.amount for line in back if line.state is not OutState.POSTED]
    return Compared(
        id=statement.id,
        name=statement.name,
        opening=statement.opening,
        closing=statement.closing,
        came_in=came_in,
        went_out=went_out,
        booked_in=total(amount for _, amount in booked) + returned,
        booked_out=answered,
        explained_in=total(waiting_in) + came_in - new_in,
        explained_out=_total(line for line in paid if line.state is not OutState.POSTED)
        + went_out
        - new_out,
    )


def _total(lines: Iterable[BankOutLine]) -> Money:
    return total(line.amount for line in lines)


def waiting(session: Session, *, council_id: UUID, today: date) -> list[Waiting]:
    """Return how many lines wait for a human and how much it is, by how long they have waited."""
    rows = [
        *_open(session, BankStatementLine, LineState.OPEN, council_id),
        *_open(session, BankOutLine, OutState.OPEN, council_id),
    ]
    found = {age: [amount for on, amount in rows if age_of(on, today) is age] for age in Age}
    return [Waiting(age, len(amounts), total(amounts)) for age, amounts in found.items()]


def _open(
    session: Session,
    model: type[BankStatementLine | BankOutLine],
    state: LineState | OutState,
    council_id: UUID,
) -> Sequence[tuple[date, Money]]:
    rows = session.execute(
        select(model.booked_on, model.amount)
        .join(BankStatement, BankStatement.id == model.statement_id)
        .where(
            model.council_id == council_id,
            model.state == state,
            BankStatement.state == StatementState.POSTED,
        )
    )
    return [(on, amount) for on, amount in rows]


def with_bank(session: Session, *, council_id: UUID, today: date) -> list[WithBank]:
    """Return the payments that were sent and not answered by the bank, the oldest first."""
    rows = session.execute(
        select(
            PaymentRun.id,
            PaymentItem.reference,
            PaymentItem.provider_name,
            PaymentItem.amount,
            PaymentRun.sent_at,
        )
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .where(PaymentRun.council_id == council_id, PaymentItem.state == ItemState.SENT)
        .order_by(PaymentRun.sent_at, PaymentRun.number, PaymentItem.position)
        .limit(ITEMS_SHOWN)
    )
    found = []
    for run_id, reference, name, amount, sent_at in rows:
        on = local_day(sent_at) if sent_at else today
        found.append(WithBank(run_id, reference, name, amount, on, (today - on).days))
    return found


def paid_by_both(session: Session, *, council_id: UUID) -> tuple[Money, Money]:
    """Return what the payments say was paid to providers, and what the ledger says."""
    items = session.scalar(
        select(func.sum(PaymentItem.amount, type_=PaymentItem.amount.type))
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .where(PaymentRun.council_id == council_id, PaymentItem.state == ItemState.SETTLED)
    )
    return items or ZERO, ledger.had_by_council(
        session, council_id=council_id, kind=AccountKind.PAID
    )
