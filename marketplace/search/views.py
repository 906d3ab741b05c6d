"""Finding support: the results, a store, an offer, and offers side by side."""

from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import find_actor, public
from marketplace.access.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import per_unit
from marketplace.councils import queries as councils
from marketplace.database import db, reading, transaction
from marketplace.kernel import clock
from marketplace.outbox.queries import index_changes
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.rules import parse_postcode
from marketplace.ratings import queries as ratings
from marketplace.search import commands, queries
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import engine_of
from marketplace.search.commands import SearchMade
from marketplace.search.forms import MILES, SORTS, Asked, facet_groups, read_search
from marketplace.web.site import settings

search = Blueprint("search", __name__)
search.add_app_template_global(per_unit)

COMPARED_MAX = 4
REMEMBERED_SEARCHES = 20


@search.route("/find")
@public
def find() -> str | BaseResponse:
    """Search the whole market."""
    return _find()


@search.route("/<council_slug>/find")
@public
def find_in(council_slug: str) -> str | BaseResponse:
    """Search what one council's portal shows."""
    with reading() as session:
        councils.council_at(session, slug=council_slug)
    return _find(council_slug)


@search.route("/find/suggest")
@public
def suggest() -> Response:
    """Return ways to go on with the words typed so far, and how much each would find."""
    offered = _engine().suggest(request.args.get("q", "")[:100])
    return jsonify([{"text": one.text, "count": one.count} for one in offered])


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
            funded_by=councils.funding_councils(session, person_id=_person_id()),
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
            funded_by=councils.funding_councils(session, person_id=_person_id()),
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
            funded_by=councils.funding_councils(session, person_id=_person_id()),
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


def _find(council_slug: str | None = None) -> str | BaseResponse:
    shareable = _without_whole_postcode()
    if shareable is not None:
        return redirect(shareable)
    at = clock.now()
    asked = read_search(request.args, exact_near=cookie.get("near", ""))
    engine = _engine()
    _catch_up(engine, at)
    query = asked.query(on=clock.local_day(at), council=council_slug)
    results = engine.search(query)
    with reading() as session:
        cards = queries.found(
            session,
            results.ids,
            funded_by=councils.funding_councils(session, person_id=_person_id()),
            at=at,
        )
        categories = {row.slug: row.name for row in catalogue.categories(session)}
    _count(asked, results.total)
    endpoint = "search.find_in" if council_slug else "search.find"
    where = {"council_slug": council_slug} if council_slug else {}
    return render_template(
        "search/find.html",
        asked=asked,
        results=results,
        cards_found=cards,
        groups=facet_groups(asked, results.counts, categories),
        miles_choices=MILES,
        sorts=SORTS,
        endpoint=endpoint,
        where=where,
        pages=max(1, -(-results.total // query.limit)),
    )


def _catch_up(engine: Engine, at: datetime) -> None:
    """See to what changed, where no worker does."""
    if settings().separate_worker:
        return
    with reading() as session:
        waiting = index_changes(session, limit=1)
    if waiting or engine.needs_rebuild():
        with transaction() as session:
            commands.catch_up(session, engine, at=at)


def _without_whole_postcode() -> str | None:
    """Return an address with only the first half of the postcode, if this one has all of it."""
    try:
        postcode = parse_postcode(request.args.get("near", ""))
    except PlaceNotFoundError:
        return None
    if postcode.incode is None:
        return None
    cookie["near"] = str(postcode)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "near"]
    return f"{request.path}?{urlencode([*kept, ('near', postcode.outcode)])}"


def _count(asked: Asked, results: int) -> None:
    """Count a search once for each visitor, on its first page and before filters narrow it."""
    words = asked.words.casefold()
    counted: list[str] = cookie.get("counted", [])
    if not words or asked.page > 1 or any(asked.selected.values()) or words[:30] in counted:
        return
    cookie["counted"] = [*counted, words[:30]][-REMEMBERED_SEARCHES:]
    portal = g.get("portal")
    made = SearchMade(
        words=asked.words,
        council_id=portal and portal.id,
        results=results,
        secret=settings().secret_key,
    )
    with transaction() as session:
        commands.count_search(session, made, at=clock.now())


def _engine() -> Engine:
    return engine_of(settings(), db.engine)


def _person_id() -> UUID | None:
    actor = find_actor()
    return actor.person_id if actor else None
