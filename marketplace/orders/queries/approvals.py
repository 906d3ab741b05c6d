"""What was said to suggested orders, and what they still wait for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import circle_rule, deciders
from marketplace.orders.models import Approval, Order
from marketplace.orders.queries.conflicts import conflict_of
from marketplace.orders.queries.rows import ApprovalRow
from marketplace.orders.rules import Asked, Said, is_agreed, missing_words, yeses


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a suggested order has come."""

    asked: Asked
    rows: tuple[ApprovalRow, ...]
    counted: frozenset[UUID]
    """Whose yes counts now."""
    could: frozenset[UUID]
    """Who can say yes at all, the person among them."""

    @property
    def is_stuck(self) -> bool:
        """Tell whether there are too few people left who could say yes."""
        return len(self.could) < self.asked.yeses_needed

    @property
    def is_agreed(self) -> bool:
        """Tell whether nothing but the money is missing."""
        return is_agreed(self.asked, self.counted)

    def missing(self, person: str) -> str:
        """What it still waits for, in words."""
        return missing_words(self.asked, self.counted, person=person)

    @property
    def one_is_missing(self) -> bool:
        """Tell whether the next yes places the order."""
        return self.asked.yeses_needed - len(self.counted) <= 1

    @property
    def counted_names(self) -> tuple[str, ...]:
        """Who said yes, by name, in the order in which they did."""
        names = {row.user_id: row.user_name for row in self.rows if row.user_id in self.counted}
        return tuple(names.values())


def approvals_of(session: Session, *, order_id: UUID) -> tuple[ApprovalRow, ...]:
    """Return every yes and no to an order, in the order in which they were said."""
    rows = select(Approval).where(Approval.order_id == order_id).order_by(Approval.number)
    return tuple(
        ApprovalRow(
            user_id=row.user_id,
            user_name=row.user_name,
            verdict=row.verdict,
            words=row.words,
            knowing=row.knowing,
            at=row.at,
        )
        for row in session.scalars(rows)
    )


def standing_of(session: Session, order: Order, *, at: datetime) -> Standing:
    """Return how far a suggested order has come, with what everybody may do now.

    A yes no longer counts when its supporter has left the circle, may not say yes any more, may
    not spend as much, or earns from the store.
    """
    rule = circle_rule(session, person_id=order.person_id)
    needed = order.yeses_needed
    # Only the person themself can make it easier for what waits already.
    if rule.chosen_by_id == order.person_id:
        needed = min(needed, rule.yeses)
    asked = Asked(
        person_id=order.person_id,
        proposer_id=order.placed_by_id,
        yeses_needed=needed,
        needs_own_yes=order.needs_own_yes,
    )
    rows = approvals_of(session, order_id=order.id)
    may_decide = _may_decide(session, order, at)
    could = frozenset({*may_decide, order.person_id} - {order.placed_by_id})
    counted = yeses(asked, _said(rows), may_decide=may_decide)
    return Standing(asked=asked, rows=rows, counted=counted, could=could)


def _may_decide(session: Session, order: Order, at: datetime) -> Collection[UUID]:
    conflict = conflict_of(
        session,
        person_id=order.person_id,
        provider_id=order.provider_id,
        council_id=None,
        at=at,
    )
    return {
        one.user_id
        for one in deciders(session, person_id=order.person_id, at=at)
        if one.reaches(order.total) and not conflict.concerns(one.user_id)
    }


def _said(rows: Sequence[ApprovalRow]) -> list[Said]:
    return [Said(row.user_id, row.verdict) for row in rows]
