"""Whether an order has to wait for a yes before its money is set aside, and why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import circle_rule
from marketplace.access.rules import Actor, Permission, waits_for_a_yes
from marketplace.kernel.money import Money
from marketplace.orders.errors import FamilyCarerError
from marketplace.orders.queries.conflicts import NO_CONFLICT, Conflict, conflict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What an order has to wait for, if it is placed by this supporter."""

    yeses: int = 1
    conflict: Conflict = NO_CONFLICT
    must_wait: bool = False
    why: str = ""
    """Why it waits although the supporter may place orders; "" if it does not."""


def asks_of(
    session: Session,
    provider_id: UUID,
    council_id: UUID | None,
    total: Money,
    *,
    by: Actor,
    at: datetime,
) -> Asks:
    """Return what an order has to wait for.

    Raises:
        FamilyCarerError: the council that pays does not let this family be paid.
    """
    conflict = conflict_of(
        session, person_id=by.buys_for, provider_id=provider_id, council_id=council_id, at=at
    )
    if conflict.refusal:
        raise FamilyCarerError(conflict.refusal)
    return asks_with(session, conflict, total, by=by)


def asks_with(session: Session, conflict: Conflict, total: Money, *, by: Actor) -> Asks:
    """Return what an order has to wait for, knowing who earns from it."""
    if not by.acts_for_another:
        return Asks(conflict=conflict)
    rule = circle_rule(session, person_id=by.buys_for)
    why = ""
    if conflict.concerns(by.user_id):
        why = f"You earn from this store, so {by.person_name} themself must say yes to it."
    elif waits_for_a_yes(total, asks_from=rule.asks_from):
        from_words = f"from {rule.asks_from} on" if rule.asks_from else "of any price"
        why = f"In this circle an order {from_words} waits for a yes, whoever places it."
    return Asks(
        yeses=rule.yeses,
        conflict=conflict,
        must_wait=bool(why) or not by.may(Permission.PLACE_ORDERS),
        why=why,
    )
