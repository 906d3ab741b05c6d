"""A line that carries on another one: the same plan, the same limits, the same calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.models import FundingLine, LineOutcome, SpendingLimit
from marketplace.kernel.money import ZERO
from marketplace.wallet.commands import open_account
from marketplace.wallet.rules import AccountKind

_SAME = (
    "person_id",
    "funder",
    "yearly",
    "calendar",
    "holder",
    "holder_name",
    "holder_provider_id",
    "cost_code",
    "starts_on",
    "ends_before",
    "sequence",
    "next_due_on",
    "only_for",
    "only_words",
)


def copy_line(
    session: Session,
    line: FundingLine,
    *,
    line_id: UUID,
    council_id: UUID,
    by: Actor,
    at: datetime,
    **changed: Any,  # noqa: ANN401 - columns of the line
) -> FundingLine:
    """Make a line like another one, but for what is said, with nothing in it."""
    available, held = (
        open_account(session, owner_id=line_id, kind=kind, council_id=council_id)
        for kind in (AccountKind.AVAILABLE, AccountKind.HELD)
    )
    values = {name: getattr(line, name) for name in _SAME} | changed
    copy = FundingLine(
        id=line_id,
        council_id=council_id,
        paid_in=ZERO,
        available_account_id=available,
        held_account_id=held,
        opened_by_id=by.user_id,
        opened_at=at,
        **values,
    )
    session.add(copy)
    session.flush()  # what follows refers to it
    return copy


def copy_plan(session: Session, line: FundingLine, copy: FundingLine) -> None:
    """Give a line the outcomes and the open limits of another; which count nothing yet."""
    outcomes = session.scalars(
        select(LineOutcome.outcome_id).where(LineOutcome.line_id == line.id)
    ).all()
    rows = [
        {"id": uuid4(), "line_id": copy.id, "outcome_id": outcome_id} for outcome_id in outcomes
    ]
    if rows:
        session.execute(insert(LineOutcome), rows)
    limits = session.scalars(
        select(SpendingLimit)
        .where(SpendingLimit.line_id == line.id, SpendingLimit.ended_at.is_(None))
        .order_by(SpendingLimit.set_at, SpendingLimit.id)
    ).all()
    new = [_limit(limit, copy) for limit in limits]
    if new:
        session.execute(insert(SpendingLimit), new)


def _limit(limit: SpendingLimit, copy: FundingLine) -> dict[str, Any]:
    columns = SpendingLimit.__mapper__.column_attrs
    values = {attribute.key: getattr(limit, attribute.key) for attribute in columns}
    return values | {"id": uuid5(copy.id, str(limit.id)), "line_id": copy.id}
