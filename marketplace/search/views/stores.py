"""A store, an offer, and offers side by side."""

from contextlib import suppress
from uuid import UUID

from flask import render_template, request, url_for
from flask import session as cookie

from marketplace.access.guards import find_actor, public
from marketplace.access.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.ratings import queries as ratings
from marketplace.search.views.blueprint import person_id, search

COMPARED_MAX = 4


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
        )
        said = ratings.ratings_of(session, provider_id=shown.id)
        standing = ratings.standing(session, provider_ids=[shown.id]).get(shown.id)
    return render_template(
        "search/store.html",
        store=shown,
        offers=offers,
        ratings=said,
        standing=standing,
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
        )
        sold_by = catalogue.store(session, slug=shown.provider_slug)
        standing = ratings.standing(session, provider_ids=[shown.provider_id])
    return render_template(
        "search/offer.html",
        offer=shown,
        store=sold_by,
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
        )
        offers = [found[offer_id] for offer_id in wanted if offer_id in found]
        standings = ratings.standing(session, provider_ids={each.provider_id for each in offers})
    return render_template("search/compare.html", offers=offers, standings=standings)


@search.app_template_global()
def compare_url(offer_id: UUID) -> str:
    """Return the address that compares an offer with those chosen before."""
    chosen = [
        str(offer_id),
        *(each for each in cookie.get("compared", []) if each != str(offer_id)),
    ]
    return url_for("search.compare", offer=chosen[:COMPARED_MAX])


def _compared(typed: list[str]) -> list[UUID]:
    found = []
    for each in typed:
        with suppress(ValueError):
            found.append(UUID(each))
    return list(dict.fromkeys(found))[:COMPARED_MAX]
