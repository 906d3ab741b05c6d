"""Offers that go on sale on their first day, and off it after their last."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue.commands.keeping import note
from marketplace.catalogue.commands.versions import content_of, keep_version
from marketplace.catalogue.models import Offer
from marketplace.catalogue.queries.sale_days import offers_to_move
from marketplace.catalogue.rules import OfferState, standing_on
from marketplace.kernel.clock import local_day
from marketplace.outbox.commands import ask_to_index

_BECAUSE = {
    OfferState.ON_SALE: "Its first day on sale came.",
    OfferState.PAUSED: "Its last day on sale is over.",
}


def settle_state(offer: Offer, *, today: date) -> None:
    """Let an offer be on sale, or wait, as its days say."""
    offer.state, offer.ready = standing_on(today, offer.state, offer.sale_days, ready=offer.ready)


def keep_sale_days(session: Session, *, at: datetime, limit: int = 200) -> int:
    """Put on sale what waits for today, and take off it what is over; return how many."""
    today = local_day(at)
    return sum(
        _move(session, offer_id, today=today, at=at)
        for offer_id in offers_to_move(session, on=today)[:limit]
    )


def _move(session: Session, offer_id: UUID, *, today: date, at: datetime) -> bool:
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None:
        return False
    before, was = content_of(offer), (offer.state, offer.ready)
    settle_state(offer, today=today)
    if (offer.state, offer.ready) == was:
        return False  # somebody was quicker
    keep_version(session, offer, before, by=None, at=at, words=_BECAUSE.get(offer.state, ""))
    note(
        session,
        "offer-" + offer.state.value.replace("_", "-"),
        provider_id=offer.provider_id,
        subject_id=offer.id,
        by=None,
        at=at,
    )
    ask_to_index(session, kind="offer", subject_id=offer.id, at=at)
    ask_to_index(session, kind="provider", subject_id=offer.provider_id, at=at)
    return True
