"""Agreed prices: made and ended by the council that negotiated them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.catalogue.commands.offers import check_bands
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.models import AgreedPrice, Offer, ProviderCouncil
from marketplace.catalogue.rules import OfferState, PriceBands
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreePrice:
    """What a council and a provider have agreed for one offer, from a day on."""

    offer_id: UUID
    bands: PriceBands
    starts_on: date


def agree_price(session: Session, wish: AgreePrice, *, by: Actor, at: datetime) -> UUID:
    """Set what the people a council funds pay; an earlier agreement ends the day this one begins.

    Raises:
        NotFoundError: it is no commissioner, or not an offer of one of their council's providers.
        BadOfferError: a price is not above nothing, or it would begin in the past.
    """
    offer = _priceable(session, wish.offer_id, by)
    check_bands(wish.bands)
    if wish.starts_on < local_day(at):
        raise BadOfferError("An agreed price begins today or later.")
    for earlier in _agreed(session, offer.id, by.works_for):
        if earlier.starts_on == wish.starts_on:
            return _replace(session, earlier, wish, by, at)
        # The newest word counts: what was agreed for later no longer comes.
        ends = max(earlier.starts_on, wish.starts_on)
        earlier.ends_before = min(earlier.ends_before or ends, ends)
    row = AgreedPrice(
        id=uuid4(),
        offer_id=offer.id,
        council_id=by.works_for,
        starts_on=wish.starts_on,
        price=wish.bands.price,
        evening_price=wish.bands.evening,
        weekend_price=wish.bands.weekend,
        bank_holiday_price=wish.bands.bank_holiday,
    )
    session.add(row)
    _record(session, "price-agreed", row, by, at)
    return row.id


def end_agreed_price(session: Session, *, price_id: UUID, by: Actor, at: datetime) -> None:
    """End an agreed price from today: people the council funds pay the public price again.

    Raises:
        NotFoundError: it is not one of this council's.
    """
    if not by.may(Permission.READ_MARKET):
        raise NotFoundError
    row = session.get(AgreedPrice, price_id, with_for_update=True, populate_existing=True)
    if row is None or row.council_id != by.works_for:
        raise NotFoundError
    today = max(local_day(at), row.starts_on)
    if row.ends_before is None or row.ends_before > today:
        row.ends_before = today
        _record(session, "agreed-price-ended", row, by, at)


def _priceable(session: Session, offer_id: UUID, by: Actor) -> Offer:
    if not by.may(Permission.READ_MARKET):
        raise NotFoundError
    offer = session.scalar(
        select(Offer)
        .join(ProviderCouncil, ProviderCouncil.provider_id == Offer.provider_id)
        .where(
            Offer.id == offer_id,
            Offer.state != OfferState.ENDED,
            Offer.state != OfferState.DRAFT,
            ProviderCouncil.council_id == by.works_for,
        )
        .with_for_update(of=Offer)
    )
    if offer is None:
        raise NotFoundError
    return offer


def _agreed(session: Session, offer_id: UUID, council_id: UUID) -> list[AgreedPrice]:
    rows = select(AgreedPrice).where(
        AgreedPrice.offer_id == offer_id, AgreedPrice.council_id == council_id
    )
    return list(session.scalars(rows.order_by(AgreedPrice.starts_on)))


def _replace(session: Session, row: AgreedPrice, wish: AgreePrice, by: Actor, at: datetime) -> UUID:
    row.price, row.evening_price = wish.bands.price, wish.bands.evening
    row.weekend_price, row.bank_holiday_price = wish.bands.weekend, wish.bands.bank_holiday
    row.ends_before = None
    _record(session, "price-agreed", row, by, at)
    return row.id


def _record(session: Session, what: str, row: AgreedPrice, by: Actor, at: datetime) -> None:
    # In the council's trail, not the provider's: other councils never read it.
    record(
        session,
        what=what,
        chain_id=row.council_id,
        subject_id=row.offer_id,
        by_user_id=by.user_id,
        at=at,
        details={"price_pence": row.price.pence, "starts_on": row.starts_on.isoformat()},
    )
