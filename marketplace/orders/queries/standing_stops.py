"""Standing orders whose provider stops: until when they come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.orders.models import ProviderStop, StopItem
from marketplace.orders.rules.stops import StopItemState


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day on which a provider who stops comes, and where that is told."""

    stop_id: UUID
    last_on: date


def last_days_of(session: Session, standing_ids: Collection[UUID]) -> dict[UUID, LastDay]:
    """Return the last day of each of some standing orders for which nothing was decided yet."""
    rows = (
        select(StopItem.standing_id, ProviderStop.id, ProviderStop.last_on)
        .join(ProviderStop, ProviderStop.id == StopItem.stop_id)
        .where(
            StopItem.standing_id.in_(standing_ids),
            StopItem.state.in_([StopItemState.WAITING, StopItemState.NOBODY]),
            ProviderStop.live_key.is_not(None),
        )
        .order_by(ProviderStop.last_on.desc())
    )
    found = session.execute(rows)
    return {
        standing_id: LastDay(stop_id, last_on)
        for standing_id, stop_id, last_on in found
        if standing_id is not None
    }
