"""A store, an offer, and offers side by side."""

from contextlib import suppress
from uuid import UUID

from flask import render_template, request, url_for
from flask import session as cookie
from markupsafe import Markup

from marketplace.access.guards import find_actor, public
from marketplace.access.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import StoreCard
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.places.errors import NameNotFoundError, PlaceNotFoundError
from marketplace.places.queries import find_place
from marketplace.places.rules import Point, distance
from marketplace.ratings import queries as ratings
from marketplace.search.adapters.codes import code_of
from marketplace.search.views.blueprint import person_id, search
from marketplace.web.site import address_of

COMPARED_MAX = 4
SHEET_OFFERS_MAX = 12
PLACE_LENGTH_MAX = 60


@search.route("/stores/<slug>")
@public
def store(slug: str) -> str:
    """Show a provider's store."""
    at = clock.now()
    with reading() as session:
        shown = catalogue.store(session, slug=slug)
        offers = catalogue.offers_of_provider(
            session,
            provider_id=shown.id,
            funded_by=councils.funding_councils(session, person_id=person_id()),
            on=clock.local_day(at),
            person_id=person_id(),
        )
        said = ratings.ratings_of(session, provider_id=shown.id)
        standing = ratings.standing(session, provider_ids=[shown.id]).get(shown.id)
        front = catalogue.storefront(session, provider_id=shown.id, on=clock.local_day(at))
    return render_template(
        "search/store.html",
        store=shown,
        front=front,
        offers=offers,
        ratings=said,
        standing=standing,
        on=clock.local_day(at),
    )


@search.route("/stores/<slug>/sheet")
@public
def store_sheet(slug: str) -> str:
    """Show a store on one sheet of paper, at the prices that anybody pays."""
    at = clock.now()
    with reading() as session:
        shown = catalogue.store(session, slug=slug)
        offers = catalogue.offers_of_provider(
            session, provider_id=shown.id, funded_by=frozenset(), on=clock.local_day(at)
        )
        front = catalogue.storefront(session, provider_id=shown.id)
    address = address_of("search.store", slug=shown.slug)
    return render_template(
        "search/store_sheet.html",
        store=shown,
        front=front,
        offers=offers[:SHEET_OFFERS_MAX],
        more=max(0, len(offers) - SHEET_OFFERS_MAX),
        address=address,
        code=Markup(code_of(address)),  # noqa: S704 - drawn by us
        on=clock.local_day(at),
    )


@search.route("/offers/<uuid:offer_id>")
@public
def offer(offer_id: UUID) -> str:
    """Show one offer, at the price of the one who looks."""
    actor = find_actor()
    with reading() as session:
        shown = catalogue.offer(
            session,
            offer_id=offer_id,
            funded_by=councils.funding_councils(session, person_id=person_id()),
            on=clock.local_day(clock.now()),
            person_id=person_id(),
        )
        sold_by = catalogue.store(session, slug=shown.provider_slug)
        front = catalogue.storefront(session, provider_id=shown.provider_id)
        standing = ratings.standing(session, provider_ids=[shown.provider_id])
    return render_template(
        "search/offer.html",
        offer=shown,
        store=sold_by,
        front=front,
        standing=standing.get(shown.provider_id),
        may_order=actor is None or actor.may(Permission.PROPOSE_ORDERS),
        on=clock.local_day(clock.now()),
    )


@search.route("/compare")
@public
def compare() -> str:
    """Show up to four offers side by side."""
    wanted = _compared(request.args.getlist("offer"))
    cookie["compared"] = [str(offer_id) for offer_id in wanted]
    with reading() as session:
        found = catalogue.offers(
            session,
            offer_ids=wanted,
            funded_by=councils.funding_councils(session, person_id=person_id()),
            on=clock.local_day(clock.now()),
            person_id=person_id(),
        )
        offers = [found[offer_id] for offer_id in wanted if offer_id in found]
        providers = {each.provider_id for each in offers}
        standings = ratings.standing(session, provider_ids=providers)
        stores = catalogue.stores(session, provider_ids=providers)
    near = _near()
    return render_template(
        "search/compare.html",
        offers=offers,
        standings=standings,
        stores=stores,
        far={each.id: _far(stores.get(each.provider_id), near) for each in offers},
        near=request.args.get("near"),
        knows_place=near is not None,
        on=clock.local_day(clock.now()),
    )


@search.app_template_global()
def compare_url(offer_id: UUID) -> str:
    """Return the address that compares an offer with those chosen before."""
    chosen = [
        str(offer_id),
        *(each for each in cookie.get("compared", []) if each != str(offer_id)),
    ]
    near = request.args.get("near", "")[:PLACE_LENGTH_MAX] or None
    return url_for("search.compare", offer=chosen[:COMPARED_MAX], near=near)


def _near() -> Point | None:
    """Return where the visitor is or looks, as their address or their own browser says."""
    point = cookie.get("near_point")
    if point:
        return Point(*point)
    typed = request.args.get("near", "")[:PLACE_LENGTH_MAX] or cookie.get("near", "")
    try:
        return find_place(typed).point if typed else None
    except (PlaceNotFoundError, NameNotFoundError):
        return None


def _far(store: StoreCard | None, near: Point | None) -> int | None:
    if near is None or store is None or store.easting is None or store.northing is None:
        return None
    return distance(near, Point(store.easting, store.northing))


def _compared(typed: list[str]) -> list[UUID]:
    found = []
    for each in typed:
        with suppress(ValueError):
            found.append(UUID(each))
    return list(dict.fromkeys(found))[:COMPARED_MAX]
