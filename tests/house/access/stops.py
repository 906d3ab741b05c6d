"""Fills one side of the world with a store that stops, and another that could come instead."""

from datetime import datetime, timedelta

from marketplace.kernel.clock import local_day
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayStop
from tests.factories import Make
from tests.house.access.side import Side


def fill_stops(make: Make, side: Side, *, at: datetime) -> None:
    """Let the store say that it stops next week."""
    other = make.provider(name=f"Instead of {side.names.store}", postcode=side.names.postcode)
    make.standing(provider=other, council_id=side.council_id)
    offer_id = make.offer(provider=other, title=f"Instead of singing with {side.names.store}")
    wish = SayStop(
        provider_id=side.provider.works_for,
        last_on=local_day(at) + timedelta(days=3),
        reason="I retire.",
    )
    person = side.funded.person
    with make.block() as session:
        commands.say_stop(session, wish, by=side.provider, at=at)
    with make.block() as session:
        page = queries.stop_for_person(session, stop_id=wish.stop_id, seen_by=person, at=at)
    item = next(item.row for item in page.items if item.row.standing_id is not None)
    side.objects["provider_stop"] = {"stop_id": wish.stop_id}
    side.objects["stop_item"] = {"item_id": item.id}
    side.objects["stop_move"] = {"item_id": item.id, "offer_id": offer_id}
