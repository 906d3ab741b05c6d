"""What a supporter set going in a store lately: it counts together with what they order next."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, counts_from, is_too_much
from marketplace.budgets.queries import kept_for
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import Approval, Order
from marketplace.orders.rules import Verdict, above_words


@dataclass(frozen=True, slots=True)
class Before:
    """What a supporter had to do with in one store in the days that count together."""

    alone: Money = ZERO
    """Ordered by themself, with nobody else's yes."""
    in_all: Money = ZERO
    """That, and what they said yes to."""


NOTHING_BEFORE = Before()


@dataclass(frozen=True, slots=True)
class Lately:
    """What a supporter had to do with in each store in the days that count together."""

    stores: Mapping[UUID, Before] = field(default_factory=dict)

    def of(self, provider_id: UUID) -> Before:
        """Return what they had to do with in one store."""
        return self.stores.get(provider_id, NOTHING_BEFORE)


def lately(session: Session, *, by: Actor, at: datetime) -> Lately:
    """Return what a supporter set going for a person in the days that count together.

    What came back, because it was called off or not delivered, does not count. The person
    themself is under no such rule.
    """
    if not by.acts_for_another:
        return Lately()
    said_yes = exists().where(
        Approval.order_id == Order.id,
        Approval.user_id == by.user_id,
        Approval.verdict == Verdict.YES,
    )
    rows = session.execute(
        select(Order.id, Order.provider_id, Order.placed_by_id, Order.approved_by_id).where(
            Order.person_id == by.buys_for,
            Order.held_at >= local_instant(counts_from(local_day(at)), 0, 0),
            or_(Order.placed_by_id == by.user_id, said_yes),
        )
    ).all()
    kept = kept_for(session, order_ids=[row.id for row in rows])
    alone: dict[UUID, Money] = defaultdict(lambda: ZERO)
    in_all: dict[UUID, Money] = defaultdict(lambda: ZERO)
    for order_id, provider_id, placed_by_id, approved_by_id in rows:
        theirs = placed_by_id == by.user_id
        if theirs and approved_by_id is not None:
            continue  # somebody else said yes to it
        in_all[provider_id] += kept.get(order_id, ZERO)
        if theirs:
            alone[provider_id] += kept.get(order_id, ZERO)
    return Lately({id_: Before(alone[id_], amount) for id_, amount in in_all.items()})


def above_ceiling(
    by: Actor, amount: Money, *, ceiling: Money | None, before: Before, instead: str = ""
) -> str:
    """Say why an order is more than a supporter may set going in its store; "" if it is not."""
    if ceiling is None or not is_too_much(amount, ceiling=ceiling, before=before.in_all):
        return ""
    return above_words(
        by.person_name,
        amount,
        ceiling=ceiling,
        before=before.in_all,
        instead=instead or f"You can suggest it to {by.person_name} instead.",
    )
