"""What is on sale of one kind."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferState


def offers_in_category(session: Session, *, category: str) -> list[UUID]:
    """Return the offers of a kind that are on sale, whether their stores are open or not."""
    rows = select(Offer.id).where(Offer.category == category, Offer.state == OfferState.ON_SALE)
    return list(session.scalars(rows.order_by(Offer.id)))
