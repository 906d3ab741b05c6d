"""Fills one side of the world with a standing order that goes on, and a pause in it."""

from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.kernel.clock import local_day
from marketplace.orders import commands, queries
from marketplace.orders.commands import LeaveOut, StartStanding
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.house.access.side import Side


def fill_standing(make: Make, side: Side, *, at: datetime) -> None:
    """Start a standing order, let the store take it on, and pause it for a while."""
    outcome_id = side.typed["outcome"]
    today = local_day(at)
    wish = StartStanding(
        standing_id=uuid4(),
        offer_id=side.offer_id,
        weekly=Weekly(weekdays=frozenset({today.weekday()}), minutes=(15 * 60,)),
        begins_on=today + timedelta(days=7),
        outcome_id=outcome_id,  # type: ignore[arg-type]
        note=side.names.note,
    )
    with make.block() as session:
        commands.start_standing(session, wish, by=side.funded.person, at=at)
    with make.block() as session:
        view = queries.standing_for(
            session, standing_id=wish.standing_id, seen_by=side.funded.person, at=at
        )
    with make.block() as session:
        commands.accept_order(session, order_id=view.first_order_id, by=side.provider, at=at)
    pause = LeaveOut(
        standing_id=wish.standing_id,
        from_on=today + timedelta(days=60),
        until_on=today + timedelta(days=70),
        reason=side.names.note,
    )
    with make.block() as session:
        commands.pause_standing(session, pause, by=side.funded.person, at=at)
    with make.block() as session:
        view = queries.standing_for(
            session, standing_id=wish.standing_id, seen_by=side.funded.person, at=at
        )
    side.objects["standing"] = {"standing_id": wish.standing_id}
    side.objects["standing_gap"] = {
        "standing_id": wish.standing_id,
        "gap_id": view.gaps[0].id,
    }
