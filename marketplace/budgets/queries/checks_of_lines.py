"""What must always hold of lines that end, change hands, or are asked back from."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.budgets.models import BudgetLineChange, FundingLine, Instalment
from marketplace.budgets.models.clawbacks import Clawback, ClawbackDecision
from marketplace.budgets.rules import LineChange
from marketplace.kernel.money import ZERO
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind

_MOVED = (LineChange.HANDED_OVER, LineChange.FLOWED_ON, LineChange.SPLIT)


def problems_of_lines(session: Session) -> Iterator[str]:
    """Give one sentence for everything that does not fit; none if all does."""
    yield from _closed_lines(session)
    yield from _calendars(session)
    yield from _ways(session)
    yield from _moved(session)
    yield from _clawed_back(session)


def _closed_lines(session: Session) -> Iterator[str]:
    # A share of a pool is held against its pool: what has nowhere to go waits in it, in sight.
    theirs = (FundingLine.closed_at.is_not(None), FundingLine.pool_id.is_(None))
    closed = list(session.scalars(select(FundingLine.id).where(*theirs)))
    has = ledger.balances(session, owner_ids=closed, kind=AccountKind.AVAILABLE)
    for line_id, amount in has.items():
        if amount:
            yield f"Line {line_id} is closed, and has {amount} to spend."


def _calendars(session: Session) -> Iterator[str]:
    last = (
        select(Instalment.line_id, func.max(Instalment.due_on).label("due_on"))
        .group_by(Instalment.line_id)
        .subquery()
    )
    rows = session.execute(
        select(FundingLine.id, FundingLine.next_due_on, last.c.due_on)
        .join(last, last.c.line_id == FundingLine.id)
        .where(FundingLine.next_due_on <= last.c.due_on)
    )
    for line_id, next_due_on, due_on in rows:
        yield f"Line {line_id} is to be paid on {next_due_on}, and was paid for {due_on}."
    late = session.scalars(
        select(FundingLine.id).where(FundingLine.next_due_on >= FundingLine.ends_before)
    )
    for line_id in late:
        yield f"Line {line_id} is to be paid after its end."


def _ways(session: Session) -> Iterator[str]:
    target = aliased(FundingLine)
    rows = session.execute(
        select(FundingLine.id, FundingLine.flows_to_line_id)
        .outerjoin(target, target.id == FundingLine.flows_to_line_id)
        .where(
            FundingLine.flows_to_line_id.is_not(None),
            target.id.is_(None) | (target.person_id != FundingLine.person_id),
        )
    )
    for line_id, to_id in rows:
        yield f"Line {line_id} flows on to {to_id}, which is no line of the same person."


def _moved(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(BudgetLineChange.id, BudgetLineChange.line_id, BudgetLineChange.moved).where(
            BudgetLineChange.what.in_(_MOVED), BudgetLineChange.moved != ZERO
        )
    ).all()
    for change_id, line_id, amount in rows:
        found = ledger.find_movement(session, key=f"handover/{change_id}")
        gave = {leg.amount for leg in found[1].legs} if found else set()
        if -amount not in gave:
            yield f"Line {line_id} should have passed on {amount} with change {change_id}."


def _clawed_back(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Clawback.id, Clawback.council_id, ClawbackDecision.taken).join(
            ClawbackDecision, ClawbackDecision.clawback_id == Clawback.id
        )
    ).all()
    for clawback_id, _, taken in rows:
        found = ledger.find_movement(session, key=f"clawback/{clawback_id}")
        moved = {leg.amount for leg in found[1].legs} if found else {ZERO}
        if taken not in moved:
            yield f"Clawback {clawback_id} decided on {taken}, which is not what went back."
