"""Which offers go on sale, or off it, because a day has come."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferState


def offers_to_move(session: Session, *, on: date) -> list[UUID]:
    """Return the offers whose first day has come or whose last day is over, by id."""
    begins = and_(
        Offer.ready.is_(True), or_(Offer.on_sale_from.is_(None), Offer.on_sale_from <= on)
    )
    is_over = and_(Offer.state == OfferState.ON_SALE, Offer.on_sale_until < on)
    return list(session.scalars(select(Offer.id).where(or_(begins, is_over)).order_by(Offer.id)))
