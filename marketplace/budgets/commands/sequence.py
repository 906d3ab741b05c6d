"""Which money pays first: the person's own choice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.commands.noting import Changed, ChangeLine, note_change
from marketplace.budgets.models import BudgetLineChange, FundingLine
from marketplace.budgets.rules import LineChange
from marketplace.kernel.errors import NotAllowedError, NotFoundError


def move_in_sequence(
    session: Session, *, line_id: UUID, up: bool, change_id: UUID, by: Actor, at: datetime
) -> None:
    """Let a line pay one place earlier, or later. The first and the last have nowhere to go.

    Raises:
        NotAllowedError: the person has not asked this supporter to help with the plan.
        NotFoundError: the person has no such line.
    """
    if by.person_id is None:
        raise NotAllowedError("Only the person whose money it is chooses which pays first.")
    lines = _lines(session, by.buys_for)
    place = next((n for n, line in enumerate(lines) if line.id == line_id), None)
    if place is None:
        raise NotFoundError
    if by.acts_for_another and Scope.PLAN not in by.scopes:
        raise NotAllowedError(f"{by.person_name} has not asked you to help with their plan.")
    there = place - 1 if up else place + 1
    if session.get(BudgetLineChange, change_id) is not None or not 0 <= there < len(lines):
        return
    moved = Changed(what=LineChange.PLACE, before={"place": place + 1}, after={"place": there + 1})
    wish = ChangeLine(
        line_id=line_id, reason="Which money is to be spent first.", change_id=change_id
    )
    note_change(session, lines[place], wish, moved, by=by, at=at)
    lines[place], lines[there] = lines[there], lines[place]
    for number, line in enumerate(lines, start=1):
        line.sequence = number
    session.flush()


def _lines(session: Session, person_id: UUID) -> list[FundingLine]:
    """Lock somebody's lines and return them in the sequence in which they pay."""
    rows = (
        select(FundingLine)
        .where(
            FundingLine.person_id == person_id,
            FundingLine.closed_at.is_(None),
            FundingLine.pool_id.is_(None),
        )
        .order_by(FundingLine.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return sorted(session.scalars(rows), key=lambda line: (line.sequence, line.id))
