"""Agreed prices: each seen by those it is for, and by nobody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import AgreedPrice, Offer, Provider, ProviderCouncil
from marketplace.catalogue.rules import OfferState, PriceBands, Unit
from marketplace.councils.queries import councils
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPriceRow:
    """What a council agreed, from a day on."""

    id: UUID
    offer_id: UUID
    council_id: UUID
    council_name: str
    bands: PriceBands
    starts_on: date
    ends_before: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedOffer:
    """An offer of one of a council's providers, with what was agreed for it."""

    id: UUID
    provider_id: UUID
    provider_name: str
    title: str
    unit: Unit
    public: PriceBands
    state: OfferState
    agreed: tuple[AgreedPriceRow, ...]
    """Those that hold now and those still to come, first the earliest."""


def prices_in_force(
    session: Session, *, offer_ids: Collection[UUID], council_ids: Collection[UUID], on: date
) -> dict[UUID, list[AgreedPrice]]:
    """Return the prices some councils have agreed for some offers on a day, cheapest first."""
    if not offer_ids or not council_ids:
        return {}
    rows = (
        select(AgreedPrice)
        .where(
            AgreedPrice.offer_id.in_(offer_ids),
            AgreedPrice.council_id.in_(council_ids),
            AgreedPrice.starts_on <= on,
            or_(AgreedPrice.ends_before.is_(None), AgreedPrice.ends_before > on),
        )
        .order_by(AgreedPrice.price, AgreedPrice.council_id)
    )
    found: dict[UUID, list[AgreedPrice]] = {}
    for row in session.scalars(rows):
        found.setdefault(row.offer_id, []).append(row)
    return found


def agreed_prices_of(session: Session, *, on: date, by: Actor) -> list[AgreedPriceRow]:
    """Return what was agreed for a provider's own offers, now and to come, for its own staff."""
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    rows = select(Offer.id).where(Offer.provider_id == by.works_for)
    return _rows(session, list(session.scalars(rows)), None, on)


def priced_offers(session: Session, *, on: date, by: Actor) -> list[PricedOffer]:
    """Return the offers of a council's providers with what this council agreed, for its staff.

    Raises:
        NotFoundError: it is not a commissioner who asks.
    """
    if not by.may(Permission.READ_MARKET):
        raise NotFoundError
    offers = session.execute(
        select(Offer, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(ProviderCouncil, ProviderCouncil.provider_id == Provider.id)
        .where(
            ProviderCouncil.council_id == by.works_for,
            Offer.state.in_([OfferState.ON_SALE, OfferState.PAUSED]),
        )
        .order_by(Provider.name, Offer.title, Offer.id)
    ).all()
    agreed: dict[UUID, list[AgreedPriceRow]] = {}
    for row in _rows(session, [offer.id for offer, _ in offers], by.works_for, on):
        agreed.setdefault(row.offer_id, []).append(row)
    return [
        PricedOffer(
            id=offer.id,
            provider_id=offer.provider_id,
            provider_name=provider_name,
            title=offer.title,
            unit=offer.unit,
            public=offer.bands,
            state=offer.state,
            agreed=tuple(agreed.get(offer.id, ())),
        )
        for offer, provider_name in offers
    ]


def _rows(
    session: Session, offer_ids: Collection[UUID], council_id: UUID | None, on: date
) -> list[AgreedPriceRow]:
    rows = (
        select(AgreedPrice)
        .where(
            AgreedPrice.offer_id.in_(offer_ids),
            or_(AgreedPrice.ends_before.is_(None), AgreedPrice.ends_before > on),
            or_(AgreedPrice.ends_before.is_(None), AgreedPrice.ends_before > AgreedPrice.starts_on),
        )
        .order_by(AgreedPrice.starts_on, AgreedPrice.id)
    )
    if council_id is not None:
        rows = rows.where(AgreedPrice.council_id == council_id)
    names = {card.id: card.name for card in councils(session)}
    return [
        AgreedPriceRow(
            id=row.id,
            offer_id=row.offer_id,
            council_id=row.council_id,
            council_name=names[row.council_id],
            bands=row.bands,
            starts_on=row.starts_on,
            ends_before=row.ends_before,
        )
        for row in session.scalars(rows)
    ]
