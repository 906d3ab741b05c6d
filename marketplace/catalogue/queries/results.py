"""What a page of results shows of offers and stores: in one statement, however many."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    cast,
    exists,
    func,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from marketplace.catalogue.models import (
    AgreedPrice,
    Offer,
    PersonalPrice,
    Picture,
    Provider,
    ProviderCouncil,
)
from marketplace.catalogue.queries.found import OfferFound, SoldFound, StoreFound
from marketplace.catalogue.queries.holidays import back_on, full_store
from marketplace.catalogue.queries.standing import SHOWN_STATES
from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import CheckState, OfferState, ProviderState
from marketplace.councils.queries import funding, opens_unchecked
from marketplace.kernel.money import Money

Beside = Callable[[Select[UUID]], Subquery]
"""Makes of the ids of some providers a table that a room above has of them: it has a column
``provider_id``, and a row for each at most."""


def sold_found(
    session: Session,
    *,
    offer_ids: Collection[UUID],
    provider_ids: Collection[UUID],
    person_id: UUID | None,
    on: date,
    beside: Beside | None = None,
) -> SoldFound:
    """Return some offers and stores as somebody sees them, with one statement for all.

    With a person, at what their councils or the providers have agreed for them: only they may be
    shown these.
    """
    found = SoldFound({}, {}, {})
    if not (offer_ids or provider_ids):
        return found
    sellers = select(Offer.provider_id).where(Offer.id.in_(offer_ids))
    stores = select(Provider.id).where(Provider.id.in_(provider_ids))
    wanted = select(union_all(sellers, stores).subquery().c.provider_id)
    columns = _columns(person_id, on)
    rows = (
        select(*columns)
        .select_from(Provider)
        .outerjoin(
            Offer,
            and_(
                Offer.provider_id == Provider.id,
                Offer.id.in_(offer_ids),
                Offer.state == OfferState.ON_SALE,
            ),
        )
        .where(Provider.id.in_(wanted), Provider.state.in_(SHOWN_STATES), _shown_somewhere())
    )
    if beside is not None:
        table = beside(wanted)
        rows = rows.add_columns(*table.c).outerjoin(table, table.c.provider_id == Provider.id)
    names = [str(column.key) for column in columns]
    for row in session.execute(rows):
        kept = dict(zip(names, row, strict=False))
        if kept["offer_id"] is not None and kept["state"] is ProviderState.OPEN:
            found.offers[kept["offer_id"]] = _offer(kept)
        if kept["provider_id"] in provider_ids:
            found.stores[kept["provider_id"]] = _store(kept)
        found.beside[kept["provider_id"]] = tuple(row[len(names) :])
    return found


def _columns(person_id: UUID | None, on: date) -> Sequence[ColumnElement[Any]]:
    sells = (
        select(func.min(Offer.category))
        .where(Offer.provider_id == Provider.id, Offer.state == OfferState.ON_SALE)
        .correlate(Provider)
        .scalar_subquery()
    )
    return (
        Offer.id.label("offer_id"),
        Offer.title.label("title"),
        Offer.category.label("category"),
        Offer.unit.label("unit"),
        Offer.price.label("public"),
        _agreed(person_id, on).label("agreed"),
        _promised(person_id, on).label("promised"),
        Offer.places_free.label("places_free"),
        Offer.confirmed_at.label("offer_confirmed_at"),
        Provider.id.label("provider_id"),
        Provider.name.label("name"),
        Provider.slug.label("slug"),
        Provider.about.label("about"),
        Provider.categories.label("said"),
        sells.label("sells"),
        Provider.postcode.label("postcode"),
        Provider.state.label("state"),
        Provider.regulated.label("regulated"),
        Provider.full_until.label("full_until"),
        Provider.picture_id.label("picture_id"),
        _alt().label("picture_alt"),
        _checked().label("checked"),
        Provider.confirmed_at.label("confirmed_at"),
        full_store().label("is_full"),
        back_on(on).label("back_on"),
    )


def _offer(kept: Mapping[str, Any]) -> OfferFound:
    same = (
        "title category unit public places_free full_until provider_id postcode regulated "
        "picture_id picture_alt checked is_full back_on"
    )
    agreed, promise = kept["agreed"], kept["promised"]
    if promise is not None and promise < (agreed or kept["public"]):
        agreed = promise
    return OfferFound(
        id=kept["offer_id"],
        agreed=agreed,
        provider_name=kept["name"],
        confirmed_at=kept["offer_confirmed_at"],
        **{name: kept[name] for name in same.split()},
    )


def _store(kept: Mapping[str, Any]) -> StoreFound:
    same = "slug name about state picture_id picture_alt checked confirmed_at"
    return StoreFound(
        id=kept["provider_id"],
        category=kept["said"][0] if kept["said"] else kept["sells"] or "",
        district=district(kept["postcode"]),
        **{name: kept[name] for name in same.split()},
    )


def own_prices(session: Session, *, person_id: UUID | None, on: date) -> Mapping[UUID, int]:
    """Return the pence that somebody pays by agreement, by the offer's id.

    This belongs to one person's request: it is handed to a search and never kept.
    """
    if person_id is None:
        return {}
    none = cast(null(), AgreedPrice.price.type)
    agreed = select(AgreedPrice.offer_id, AgreedPrice.price, none).where(_in_force(person_id, on))
    promises = (
        select(Offer.id, Offer.price, PersonalPrice.price)
        .join(PersonalPrice, PersonalPrice.offer_id == Offer.id)
        .where(_promise_to(person_id, on))
    )
    own: dict[UUID, int] = {}
    promised: dict[UUID, tuple[int, int]] = {}
    for offer_id, price, promise in session.execute(union_all(agreed, promises)):
        if promise is None:
            own[offer_id] = min(price.pence, own.get(offer_id, price.pence))
        else:
            promised[offer_id] = (price.pence, promise.pence)
    for offer_id, (public, pence) in promised.items():
        if pence < own.get(offer_id, public):
            own[offer_id] = pence
    return own


def _agreed(person_id: UUID | None, on: date) -> ScalarSelect[Money]:
    return (
        select(func.min(AgreedPrice.price))
        .where(AgreedPrice.offer_id == Offer.id, _in_force(person_id, on))
        .scalar_subquery()
    )


def _promised(person_id: UUID | None, on: date) -> ScalarSelect[Money]:
    return (
        select(PersonalPrice.price)
        .where(PersonalPrice.offer_id == Offer.id, _promise_to(person_id, on))
        .scalar_subquery()
    )


def _promise_to(person_id: UUID | None, on: date) -> ColumnElement[bool]:
    return and_(PersonalPrice.person_id == person_id, PersonalPrice.last_on >= on)


def _in_force(person_id: UUID | None, on: date) -> ColumnElement[bool]:
    return and_(
        AgreedPrice.council_id.in_(funding(person_id)),
        AgreedPrice.starts_on <= on,
        or_(AgreedPrice.ends_before.is_(None), AgreedPrice.ends_before > on),
    )


def _alt() -> ColumnElement[str]:
    alt = select(Picture.alt).where(Picture.id == Provider.picture_id).scalar_subquery()
    return func.coalesce(alt, "")


def _checked() -> ColumnElement[bool]:
    return exists().where(
        ProviderCouncil.provider_id == Provider.id, ProviderCouncil.state == CheckState.CHECKED
    )


def _shown_somewhere() -> ColumnElement[bool]:
    """Return the condition that some portal shows a store: the same as ``is_shown`` has."""
    with_a_council = exists().where(ProviderCouncil.provider_id == Provider.id)
    shows = exists().where(
        ProviderCouncil.provider_id == Provider.id,
        or_(
            ProviderCouncil.state == CheckState.CHECKED,
            and_(
                ProviderCouncil.state == CheckState.APPLIED,
                opens_unchecked(ProviderCouncil.council_id),
            ),
        ),
    )
    return or_(not_(with_a_council), shows)
