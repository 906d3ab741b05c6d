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
from marketplace.orders.queries.lately import NOTHING_BEFORE, Before
from marketplace.orders.rules import dear_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What an order has to wait for, if it is placed by this supporter."""

    yeses: int = 1
    conflict: Conflict = NO_CONFLICT
    must_wait: bool = False
    why: str = ""
    """Why it waits although the supporter may place orders; "" if it does not."""


def asks_of(  # noqa: PLR0913 - where, who pays, how much, who, when, after what
    session: Session,
    provider_id: UUID,
    council_id: UUID | None,
    total: Money,
    *,
    by: Actor,
    at: datetime,
    before: Before = NOTHING_BEFORE,
) -> Asks:
    """Return what an order has to wait for; ``before`` is what counts together with it.

    Raises:
        FamilyCarerError: the council that pays does not let this family be paid.
    """
    conflict = conflict_of(
        session, person_id=by.buys_for, provider_id=provider_id, council_id=council_id, at=at
    )
    if conflict.refusal:
        raise FamilyCarerError(conflict.refusal)
    return asks_with(session, conflict, total, by=by, before=before)


def asks_with(
    session: Session,
    conflict: Conflict,
    total: Money,
    *,
    by: Actor,
    before: Before = NOTHING_BEFORE,
) -> Asks:
    """Return what an order has to wait for, knowing who earns from it."""
    if not by.acts_for_another:
        return Asks(conflict=conflict)
    rule = circle_rule(session, person_id=by.buys_for)
    why = ""
    if conflict.concerns(by.user_id):
        why = f"You earn from this store, so {by.person_name} themself must say yes to it."
    elif waits_for_a_yes(total, asks_from=rule.asks_from, before=before.alone):
        assert rule.asks_from is not None, "without an amount nothing waits"
        why = dear_words(total, asks_from=rule.asks_from, before=before.alone)
    return Asks(
        yeses=rule.yeses,
        conflict=conflict,
        must_wait=bool(why) or not by.may(Permission.PLACE_ORDERS),
        why=why,
    )
