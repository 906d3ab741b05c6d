"""What was spent before there was a limit, or before its line was handed over or split, counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    LimitUse,
    Purchase,
    SpendingLimit,
)
from marketplace.budgets.queries.carried import bought_before, bought_from
from marketplace.budgets.rules import NOBODY, Part, Span, window_of
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total


def count_what_was_taken(
    session: Session, line: FundingLine, limit: SpendingLimit, at: datetime
) -> None:
    """Count what was spent in the window of today already, order by order.

    What the line's shares in pools paid counts, and what was paid before it was handed over or
    split off.
    """
    if not limit.window.adds_up:
        return
    span = window_of(limit.window, local_day(at), line_starts_on=line.starts_on)
    seen = queries.as_limit(limit, span)
    takings: list[HoldTaking] = []
    counted: set[UUID] = set()
    for share in _taken_in(session, line, span):
        part = Part(share.category, share.outcome_id, share.kept)
        if not share.kept or not seen.covers(part, share.provider_id or NOBODY):
            continue
        takings.append(
            HoldTaking(
                hold_id=share.hold_id,
                share_id=share.id,
                limit_id=limit.id,
                window_starts_on=span.starts_on,
                amount=share.kept,
                count=0 if share.hold_id in counted else 1,
            )
        )
        counted.add(share.hold_id)
    used = total(taking.amount for taking in takings)
    counter = {"limit_id": limit.id, "window_starts_on": span.starts_on}
    session.add_all([*takings, LimitUse(**counter, used=used, count=len(counted))])


def go_on_counting(session: Session, line: FundingLine, at: datetime) -> None:
    """Let the limits that a line has from the one it carries on count what that one spent."""
    for limit in session.scalars(select(SpendingLimit).where(SpendingLimit.line_id == line.id)):
        count_what_was_taken(session, line, limit, at)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a share has of a line's money, and for what."""

    id: UUID
    hold_id: UUID
    category: str
    outcome_id: UUID | None
    provider_id: UUID | None
    kept: Money


def _taken_in(session: Session, line: FundingLine, span: Span) -> list[_Taken]:
    kept = type_coerce(
        HoldShare.held - HoldShare.released - HoldShare.refunded, HoldShare.held.type
    )
    rows = (
        select(
            HoldShare.id, Hold.id, HoldShare.category, HoldShare.outcome_id, Hold.provider_id, kept
        )
        .join(Hold, HoldShare.hold_id == Hold.id)
        .outerjoin(Purchase, Purchase.id == Hold.id)
        .where(queries.paid_by(session, line))
        .order_by(Hold.made_at, Hold.id, HoldShare.position)
    )
    if span.ends_before is not None:  # "ever" counts everything
        rows = rows.where(bought_from(span.starts_on), bought_before(span.ends_before))
    return [_Taken(*row) for row in session.execute(rows)]
