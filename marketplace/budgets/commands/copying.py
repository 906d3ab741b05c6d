"""A line that carries on another one: the same plan, the same limits, the same calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.models import FundingLine, LineOutcome, SpendingLimit, SpendRequest
from marketplace.budgets.rules import RequestState
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
_SAME_IN_POOLS = ("funder", "holder", "holder_name", "cost_code", "ends_before")


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


def keep_shares_alike(session: Session, line: FundingLine) -> None:
    """Let a line's shares in pools be as the line now is: the same funder, holder and last day.

    A share that another council gave before the line was handed over stays as it is.
    """
    session.flush()
    session.execute(
        update(FundingLine)
        .where(
            FundingLine.part_of_line_id == line.id,
            FundingLine.pool_id.is_not(None),
            FundingLine.council_id == line.council_id,
        )
        .values({name: getattr(line, name) for name in _SAME_IN_POOLS})
    )


def let_shares_follow(session: Session, line: FundingLine, new: FundingLine) -> None:
    """Let the shares in pools of a line that was handed over go home to the one that goes on.

    The limits of that one are theirs from now on.
    """
    session.flush()
    session.execute(
        update(FundingLine)
        .where(FundingLine.part_of_line_id == line.id, FundingLine.pool_id.is_not(None))
        .values(part_of_line_id=new.id, flows_to_line_id=new.id)
    )


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


def keep_exceptions(session: Session, line: FundingLine, new: FundingLine) -> None:
    """Let what was agreed to once, and is not used yet, count for the line that goes on."""
    agreed = select(SpendRequest).where(
        SpendRequest.line_id == line.id,
        SpendRequest.state == RequestState.AGREED,
        SpendRequest.used_at.is_(None),
    )
    kept = set(session.scalars(select(SpendingLimit.id).where(SpendingLimit.line_id == new.id)))
    for request in session.scalars(agreed):
        limit_id = _copied_id(request.limit_id, new)
        if limit_id in kept:
            request.limit_id, request.line_id, request.council_id = limit_id, new.id, new.council_id
    session.flush()


def _copied_id(limit_id: UUID, copy: FundingLine) -> UUID:
    return uuid5(copy.id, str(limit_id))


def _limit(limit: SpendingLimit, copy: FundingLine) -> dict[str, Any]:
    columns = SpendingLimit.__mapper__.column_attrs
    values = {attribute.key: getattr(limit, attribute.key) for attribute in columns}
    return values | {"id": _copied_id(limit.id, copy), "line_id": copy.id}
