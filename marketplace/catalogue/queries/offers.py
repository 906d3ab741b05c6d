"""Offers, as those who may buy them see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import AgreedPrice, Category, Offer, Picture, Provider
from marketplace.catalogue.queries.cards import CategoryRow, OfferCard, OrderableOffer
from marketplace.catalogue.queries.holidays import backs_on
from marketplace.catalogue.queries.personal_prices import Promise, promised
from marketplace.catalogue.queries.prices import prices_in_force
from marketplace.catalogue.queries.standing import Standing, is_checked, sells, standing
from marketplace.catalogue.queries.workers import workers_of
from marketplace.catalogue.rules import DAYS, CheckState, OfferState
from marketplace.kernel.errors import NotFoundError

_REFUSED = frozenset({CheckState.SUSPENDED, CheckState.REJECTED})


def categories(session: Session) -> list[CategoryRow]:
    """Return what people look for, in the order of the front page."""
    rows = select(Category.slug, Category.name, Category.welsh, Category.sort, Category.vat)
    return [
        CategoryRow(*row) for row in session.execute(rows.order_by(Category.sort, Category.slug))
    ]


def offer(
    session: Session,
    *,
    offer_id: UUID,
    funded_by: frozenset[UUID],
    on: date,
    person_id: UUID | None = None,
) -> OfferCard:
    """Return an offer as somebody sees it whom some councils fund.

    Raises:
        NotFoundError: it is not on sale, or its store is not open.
    """
    wanted = [offer_id]
    found = offers(session, offer_ids=wanted, funded_by=funded_by, on=on, person_id=person_id)
    if offer_id not in found:
        raise NotFoundError("This offer is not on sale, or no longer.")
    return found[offer_id]


def offers(
    session: Session,
    *,
    offer_ids: Iterable[UUID],
    funded_by: frozenset[UUID],
    on: date,
    person_id: UUID | None = None,
) -> dict[UUID, OfferCard]:
    """Return those of some offers that are on sale, by id, in the order they were asked for.

    With a person, at what was agreed for that one person: only they may be shown these.
    """
    wanted = list(offer_ids)
    rows = _on_sale(session, Offer.id.in_(wanted))
    cards = _promised(session, _cards(session, rows, funded_by, on), person_id, on)
    found = {card.id: card for card in cards}
    return {offer_id: found[offer_id] for offer_id in wanted if offer_id in found}


def offers_of_provider(
    session: Session,
    *,
    provider_id: UUID,
    funded_by: frozenset[UUID],
    on: date,
    person_id: UUID | None = None,
    with_drafts: bool = False,
) -> list[OfferCard]:
    """Return what a provider sells, by title; for its own staff with drafts and pauses too.

    With a person, at what was agreed for that one person: only they may be shown these.
    """
    if with_drafts:
        rows = [
            (offer, provider)
            for offer, provider in session.execute(
                _joined().where(Offer.provider_id == provider_id, Offer.state != OfferState.ENDED)
            )
        ]
    else:
        rows = _on_sale(session, Offer.provider_id == provider_id)
    return _promised(session, _cards(session, rows, funded_by, on), person_id, on)


def offer_for_order(
    session: Session,
    *,
    offer_id: UUID,
    council_id: UUID | None,
    on: date,
    person_id: UUID | None = None,
) -> OrderableOffer:
    """Return an offer at the price of the council that pays; the public price with none.

    With a person, it is no dearer than what was agreed for that one person.

    Raises:
        NotFoundError: it is not on sale, or this council does not let its money be spent there.
    """
    rows = _on_sale(session, Offer.id == offer_id)
    if not rows:
        raise NotFoundError("This offer is not on sale, or no longer.")
    found, provider = rows[0]
    for council in standing(session, [provider.id]).get(provider.id, ()):
        if council.council_id == council_id and council.state in _REFUSED:
            raise NotFoundError(f"{council.name} does not let its money be spent at this store.")
    agreed = _agreed(session, [offer_id], {council_id} if council_id else set(), on).get(offer_id)
    bands = agreed.bands if agreed else found.bands
    promise = promised(session, offer_ids=[offer_id], person_id=person_id, on=on).get(offer_id)
    return OrderableOffer(
        offer_id=found.id,
        provider_id=provider.id,
        provider_name=provider.name,
        title=found.title,
        category=found.category,
        unit=found.unit,
        bands=bands if promise is None else bands.at_most(promise.most),
        notice_hours=found.notice_hours,
        late_cancel_percent=found.late_cancel_percent,
        terms=found.terms,
        menu=tuple(found.menu),
        must_choose=found.must_choose,
        on_sale_until=found.on_sale_until,
        workers=workers_of(session, [provider.id]).get(provider.id, ()),
        languages=tuple(provider.languages),
        genders=tuple(provider.genders),
    )


def _promised(
    session: Session, cards: list[OfferCard], person_id: UUID | None, on: date
) -> list[OfferCard]:
    ids = [card.id for card in cards]
    promises = promised(session, offer_ids=ids, person_id=person_id, on=on)
    return [_at_most(card, promises.get(card.id)) for card in cards]


def _at_most(card: OfferCard, promise: Promise | None) -> OfferCard:
    if promise is None:
        return card
    bands = card.price_for_you.at_most(promise.most)
    if bands == card.price_for_you:
        return card  # What everybody pays, or their council, is no dearer at any time.
    return replace(card, agreed=bands, promised_until=promise.last_on)


def alts_of(session: Session, picture_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return what some pictures show, in words, by id."""
    wanted = {picture_id for picture_id in picture_ids if picture_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Picture.id, Picture.alt).where(Picture.id.in_(wanted)))
    return {row.id: row.alt for row in rows}


def _joined() -> Select[Offer, Provider]:
    return (
        select(Offer, Provider)
        .join(Provider, Provider.id == Offer.provider_id)
        .order_by(Offer.title, Offer.id)
    )


def _on_sale(session: Session, which: ColumnElement[bool]) -> list[tuple[Offer, Provider]]:
    rows = session.execute(_joined().where(which, Offer.state == OfferState.ON_SALE)).all()
    stands = standing(session, {provider.id for _, provider in rows})
    return [
        (offer, provider)
        for offer, provider in rows
        if sells(provider, stands.get(provider.id, ()))
    ]


def _agreed(
    session: Session, offer_ids: Collection[UUID], council_ids: Collection[UUID], on: date
) -> dict[UUID, AgreedPrice]:
    found = prices_in_force(session, offer_ids=offer_ids, council_ids=council_ids, on=on)
    return {offer_id: cheapest for offer_id, (cheapest, *_) in found.items()}


def _cards(
    session: Session,
    rows: Sequence[tuple[Offer, Provider]],
    funded_by: frozenset[UUID],
    on: date,
) -> list[OfferCard]:
    agreed = _agreed(session, [offer.id for offer, _ in rows], funded_by, on)
    stands = standing(session, {provider.id for _, provider in rows})
    names = {row.slug: row.name for row in categories(session)}
    alts = alts_of(session, {provider.picture_id for _, provider in rows})
    backs = backs_on(session, provider_ids={provider.id for _, provider in rows}, on=on)
    cards = (
        _card(offer, provider, agreed.get(offer.id), stands, names[offer.category], alts, on=on)
        for offer, provider in rows
    )
    return [replace(card, back_on=backs.get(card.provider_id)) for card in cards]


def _card(  # noqa: PLR0913 - everything a card is made of
    offer: Offer,
    provider: Provider,
    agreed: AgreedPrice | None,
    stands: Standing,
    category_name: str,
    alts: dict[UUID | None, str],
    *,
    on: date,
) -> OfferCard:
    return OfferCard(
        id=offer.id,
        provider_id=provider.id,
        provider_slug=provider.slug,
        provider_name=provider.name,
        title=offer.title,
        category=offer.category,
        category_name=category_name,
        summary=offer.summary,
        about=offer.about,
        unit=offer.unit,
        public=offer.bands,
        agreed=agreed.bands if agreed else None,
        agreed_council_id=agreed.council_id if agreed else None,
        included=tuple(offer.included),
        menu=tuple(offer.menu),
        must_choose=offer.must_choose,
        sale_days=offer.sale_days,
        ready=offer.ready,
        notice_hours=offer.notice_hours,
        late_cancel_percent=offer.late_cancel_percent,
        terms=offer.terms,
        days=tuple(day for day in DAYS if day in offer.days),
        times=tuple(offer.times),
        ages=offer.ages or provider.ages,
        places_free=offer.places_free,
        full_until=provider.full_until if (provider.full_until or date.min) >= on else None,
        checked=is_checked(stands.get(provider.id, ())),
        regulated=provider.regulated,
        picture_id=provider.picture_id,
        picture_alt=alts.get(provider.picture_id, ""),
        state=offer.state,
        confirmed_at=offer.confirmed_at,
        is_full=provider.is_full,
    )
