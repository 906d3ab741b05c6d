"""A store that stops for the council's people, and another that could come instead."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayStop
from tests.factories import Make
from tests.factories.money import Funded


def add_stops(
    make: Make, actors: Mapping[str, Actor], funded: Funded, *, council_id: UUID, now: datetime
) -> dict[str, list[str]]:
    """Let a store that has an order of the person's stop next week; return the pages."""
    store, other = make.provider(name="Last Light Help"), make.provider(name="First Light Help")
    for each in (store, other):
        make.standing(provider=each, council_id=council_id)
    offer_id = make.offer(provider=other, title="Company and tea")
    make.accepted(
        make.placed(funded=funded, provider=store, first_at=now + timedelta(days=20), at=now),
        at=now,
    )
    wish = SayStop(
        provider_id=store.works_for,
        last_on=local_day(now) + timedelta(days=7),
        reason="I retire.",
    )
    with make.block() as session:
        commands.say_stop(session, wish, by=store, at=now)
    with make.block() as session:
        page = queries.stop_for_person(
            session, stop_id=wish.stop_id, seen_by=actors["person"], at=now
        )
    item_id = page.items[0].row.id
    own = [
        f"/orders/stopping/{wish.stop_id}",
        f"/orders/stopping/items/{item_id}/to/{offer_id}",
    ]
    return {
        **dict.fromkeys(("person", "supporter", "helper"), own),
        "practitioner": [f"/stopping/{wish.stop_id}"],
    }
