"""One's own offers as the lines of a table."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Offer
from marketplace.catalogue.queries.offers import categories
from marketplace.catalogue.rules import OfferState
from marketplace.catalogue.rules.offer_tables import joined
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.labels import label

_ON_SALE = {OfferState.ON_SALE: "yes", OfferState.PAUSED: "no", OfferState.DRAFT: "draft"}


def rows_of_offers(session: Session, *, by: Actor) -> list[tuple[object, ...]]:
    """Return the offers of one's own store that have not ended, in the columns of the table.

    Raises:
        NotFoundError: they look after no store.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    return list(_rows(session, by))


def _rows(session: Session, by: Actor) -> Iterator[tuple[object, ...]]:
    names = {row.slug: row.name for row in categories(session)}
    rows = select(Offer).where(Offer.provider_id == by.works_for, Offer.state != OfferState.ENDED)
    for offer in session.scalars(rows.order_by(Offer.title, Offer.id)):
        yield (
            str(offer.id),
            offer.title,
            names[offer.category],
            offer.unit.value,
            offer.price,
            offer.evening_price,
            offer.weekend_price,
            offer.bank_holiday_price,
            offer.summary,
            offer.about,
            joined(offer.included),
            joined(offer.menu),
            "yes" if offer.must_choose else "no",
            joined(label("days", day) for day in offer.days),
            joined(label("times", time) for time in offer.times),
            offer.youngest,
            offer.oldest,
            offer.places_free,
            offer.notice_hours,
            offer.late_cancel_percent,
            offer.terms,
            _ON_SALE[OfferState.ON_SALE if offer.ready else offer.state],
            offer.on_sale_from,
            offer.on_sale_until,
        )
