"""Every version of an offer is kept; putting one back makes a new one."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.models import Offer, OfferVersion
from marketplace.catalogue.rules import changes


def content_of(offer: Offer) -> dict[str, Any]:
    """Return what an offer says and costs, as plain values."""
    return {
        "title": offer.title,
        "category": offer.category,
        "summary": offer.summary,
        "about": offer.about,
        "unit": offer.unit.value,
        "price": offer.price.pence,
        "evening": offer.evening_price.pence if offer.evening_price else None,
        "weekend": offer.weekend_price.pence if offer.weekend_price else None,
        "bank_holiday": offer.bank_holiday_price.pence if offer.bank_holiday_price else None,
        "included": list(offer.included),
        "menu": list(offer.menu),
        "must_choose": offer.must_choose,
        "notice_hours": offer.notice_hours,
        "late_cancel_percent": offer.late_cancel_percent,
        "terms": offer.terms,
        "days": list(offer.days),
        "times": list(offer.times),
        "youngest": offer.youngest,
        "oldest": offer.oldest,
        "places_free": offer.places_free,
        "on_sale_from": offer.on_sale_from.isoformat() if offer.on_sale_from else None,
        "on_sale_until": offer.on_sale_until.isoformat() if offer.on_sale_until else None,
        "ready": offer.ready,
        "state": offer.state.value,
    }


def keep_first_version(session: Session, offer: Offer, *, by: Actor | None, at: datetime) -> None:
    """Write down what a new offer says."""
    _keep(session, offer, 1, ("It was written.",), by=by, at=at)


def keep_version(
    session: Session,
    offer: Offer,
    before: dict[str, Any],
    *,
    by: Actor | None,
    at: datetime,
    words: str = "",
) -> bool:
    """Write down what an offer that is locked says now, if that is something new; tell whether.

    What it said before versions were kept becomes the first of them.
    """
    different = changes(before, content_of(offer))
    if not different:
        return False
    last = session.scalar(
        select(func.max(OfferVersion.number)).where(OfferVersion.offer_id == offer.id)
    )
    if last is None:
        session.add(_version(offer.id, 1, before, ("It was written.",), None, offer.made_at))
        last = 1
    said = (words, *different) if words else different
    _keep(session, offer, last + 1, said, by=by, at=at)
    return True


def _keep(
    session: Session,
    offer: Offer,
    number: int,
    said: tuple[str, ...],
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    session.flush()  # the version names the offer, and no relationship says which comes first
    session.add(_version(offer.id, number, content_of(offer), said, by, at))


def _version(
    offer_id: UUID,
    number: int,
    content: dict[str, Any],
    said: tuple[str, ...],
    by: Actor | None,
    at: datetime,
) -> OfferVersion:
    return OfferVersion(
        id=uuid4(),
        offer_id=offer_id,
        number=number,
        content=content,
        changes=list(said),
        by_user_id=by.user_id if by else None,
        by_name=by.name if by else "",
        at=at,
    )
