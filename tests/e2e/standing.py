"""A standing order that goes on, with a change the store has yet to answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.access.rules import Actor
from marketplace.budgets import queries as budgets
from marketplace.kernel.clock import local_day
from marketplace.orders import commands, queries
from marketplace.orders.commands import ChangeStanding, StartStanding
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make


def add_standing(make: Make, actors: Mapping[str, Actor], *, now: datetime) -> dict[str, list[str]]:
    """Start a standing order, let the store take it on, and ask for another day."""
    person, store, today = actors["person"], actors["provider"], local_day(now)
    offer_id = make.offer(provider=store, title="Help to get up", at=now - timedelta(days=30))
    with make.block() as session:
        outcome_id = budgets.outcomes_of(session, person_id=person.buys_for)[0].id
    wish = StartStanding(
        standing_id=uuid4(),
        offer_id=offer_id,
        weekly=Weekly(weekdays=frozenset({today.weekday()}), minutes=(15 * 60,)),
        begins_on=today + timedelta(days=7),
        outcome_id=outcome_id,
    )
    other = Weekly(weekdays=frozenset({(today.weekday() + 1) % 7}), minutes=(15 * 60,))
    change = ChangeStanding(
        standing_id=wish.standing_id, weekly=other, starts_on=today + timedelta(days=50)
    )
    with make.block() as session:
        commands.start_standing(session, wish, by=person, at=now)
    with make.block() as session:
        view = queries.standing_for(session, standing_id=wish.standing_id, seen_by=person, at=now)
    with make.block() as session:
        commands.accept_order(session, order_id=view.first_order_id, by=store, at=now)
        commands.change_standing(session, change, by=person, at=now)
    own = [
        f"/standing/{wish.standing_id}",
        f"/offers/{offer_id}/ask",
        "/stores/moss-lane-mornings/ask",
    ]
    return {
        **dict.fromkeys(("person", "supporter", "helper"), own),
        "provider": [f"/work/standing/{wish.standing_id}"],
    }
