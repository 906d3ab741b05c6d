"""What the worker looks at for providers who stop: suspended and closed stores, and last days."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import councils_of_provider
from marketplace.catalogue.queries.instead import closed_among
from marketplace.catalogue.rules import CheckState
from marketplace.kernel.clock import local_day
from marketplace.orders.models import Order, ProviderStop, StandingOrder
from marketplace.orders.queries.stopping import OPEN_ORDERS
from marketplace.orders.rules.stops import GRACE, StopKind


@dataclass(frozen=True, slots=True)
class Noticed:
    """A store that has work to do and was suspended, or has closed."""

    provider_id: UUID
    council_id: UUID | None
    kind: StopKind
    last_on: date
    reason: str


def stops_to_notice(session: Session, *, at: datetime) -> list[Noticed]:
    """Return the stores with open orders that were suspended or closed, and of which nobody knows.

    What a council said after all to go on stays so, until it suspends the store anew.
    """
    open_orders = select(Order.provider_id).where(Order.state.in_(OPEN_ORDERS)).distinct()
    goes_on = select(StandingOrder.provider_id).where(StandingOrder.ended_at.is_(None)).distinct()
    providers = sorted({*session.scalars(open_orders), *session.scalars(goes_on)})
    last_on = local_day(at) + GRACE
    closed = closed_among(session, provider_ids=providers)
    known = _known(session)
    found = []
    for provider_id in providers:
        if provider_id in closed and (provider_id, None) not in known:
            reason = "The store has closed."
            found.append(Noticed(provider_id, None, StopKind.CLOSED, last_on, reason))
            continue
        for row in councils_of_provider(session, provider_id=provider_id):
            said_at = known.get((provider_id, row.council_id))
            if row.state is CheckState.SUSPENDED and (said_at is None or said_at < row.since_at):
                reason = f"{row.name} does not send people there for now."
                found.append(
                    Noticed(provider_id, row.council_id, StopKind.SUSPENDED, last_on, reason)
                )
    return found


def stops_over(session: Session, *, at: datetime) -> list[UUID]:
    """Return the stops whose last day has gone."""
    rows = (
        select(ProviderStop.id)
        .where(ProviderStop.live_key.is_not(None), ProviderStop.last_on < local_day(at))
        .order_by(ProviderStop.last_on, ProviderStop.id)
    )
    return list(session.scalars(rows))


def stops_going_on(session: Session) -> list[UUID]:
    """Return the stops whose last day is still to come."""
    rows = select(ProviderStop.id).where(ProviderStop.live_key.is_not(None))
    return list(session.scalars(rows.order_by(ProviderStop.id)))


def _known(session: Session) -> dict[tuple[UUID, UUID | None], datetime]:
    rows = select(ProviderStop.provider_id, ProviderStop.council_id, ProviderStop.said_at)
    found: dict[tuple[UUID, UUID | None], datetime] = {}
    for provider_id, council_id, said_at in session.execute(rows.order_by(ProviderStop.said_at)):
        found[provider_id, council_id] = said_at
    return found
