"""The page of results."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Response, g, jsonify, make_response, redirect, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import public
from marketplace.catalogue import queries as catalogue
from marketplace.community.queries import category_names
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.rules import Point, Sheet, metres, parse_postcode
from marketplace.search import queries
from marketplace.search.adapters import Engine
from marketplace.search.adapters.meaning import meanings
from marketplace.search.adapters.vocabulary import signs_of_danger
from marketplace.search.errors import SearchRestingError
from marketplace.search.forms import (
    MILES,
    SORTS,
    Asked,
    KeptPlace,
    facet_groups,
    read_search,
)
from marketplace.search.guards import catch_up, the_engine
from marketplace.search.queries import Found
from marketplace.search.rules import Query, Results
from marketplace.search.rules.danger import dangers
from marketplace.search.views.blueprint import person_id, search
from marketplace.search.views.counting import count
from marketplace.web.site import settings

FEW = 3
"""With fewer results, what the words may mean is suggested too."""
BACK_AFTER_SECONDS = 60


@search.route("/find")
@public
def find() -> str | BaseResponse:
    """Search the whole market."""
    return _find()


@search.route("/<council_slug>/find")
@public
def find_in(council_slug: str) -> str | BaseResponse:
    """Search what one council's portal shows."""
    portal = g.get("portal")
    if portal is None or portal.slug != council_slug:
        with reading() as session:
            councils.council_at(session, slug=council_slug)
    return _find(council_slug)


@search.route("/find/suggest")
@public
def suggest() -> Response:
    """Return ways to go on with the words typed so far, as a JSON list."""
    found = the_engine().suggest(request.args.get("q", "")[:100])
    return jsonify([{"text": each.text, "count": each.count} for each in found])


def _find(council_slug: str | None = None) -> str | BaseResponse:
    shareable = _without_whole_postcode()
    if shareable is not None:
        return redirect(shareable)
    at = clock.now()
    asked = read_search(request.args, kept=_kept_place())
    names = category_names()
    engine = the_engine()
    catch_up(engine, at=at)
    with reading() as session:
        person, today = person_id(), clock.local_day(at)
        prices = catalogue.own_prices(session, person_id=person, on=today)
        query = asked.query(on=today, council=council_slug, own_prices=prices)
        try:
            results = engine.search(query)
        except SearchRestingError as resting:
            return _coming_back(resting, asked, names, council_slug)
        first = query.offset + 1
        cards = queries.found(session, results.ids, first=first, person_id=person, at=at)
    count(engine, asked, query, results, names)
    return render_template(
        "search/find.html",
        asked=asked,
        dangers=dangers(asked.words, signs_of_danger()),
        results=results,
        cards_found=cards,
        map=_map(cards, asked),
        tiles=settings().map_tiles,
        credit=settings().map_credit,
        meant=_meant(engine, query, results),
        groups=facet_groups(asked, results.counts, names),
        miles_choices=MILES,
        sorts=SORTS,
        feed={**asked.address(), **({"council": council_slug} if council_slug else {})},
        pages=max(1, -(-results.total // query.limit)),
        **_here(council_slug),
    )


def _map(cards: Sequence[Found], asked: Asked) -> Sheet | None:
    here = asked.place.point if asked.place else None
    within = metres(asked.miles or MILES[-1])
    return queries.map_of(cards, here, within_metres=within)


def _here(council_slug: str | None) -> Mapping[str, object]:
    if council_slug is None:
        return {"endpoint": "search.find", "where": {}}
    return {"endpoint": "search.find_in", "where": {"council_slug": council_slug}}


def _coming_back(
    resting: SearchRestingError, asked: Asked, names: Mapping[str, str], council_slug: str | None
) -> Response:
    """Say that the index is being made anew, and offer what can be browsed without it."""
    page = render_template(
        "search/resting.html",
        asked=asked,
        dangers=dangers(asked.words, signs_of_danger()),
        why=str(resting),
        categories=names,
        **_here(council_slug),
    )
    answer = make_response(page)
    answer.headers["Retry-After"] = str(BACK_AFTER_SECONDS)
    return answer


def _meant(engine: Engine, query: Query, results: Results) -> Sequence[str]:
    """Return what the words may mean, where they find little themselves."""
    ideas = meanings()
    if ideas is None or not query.text or (results.total >= FEW and not results.widened):
        return ()
    asked = query.text.casefold()
    return [idea for idea in ideas.near(query.text) if idea != asked and engine.suggest(idea)]


def _without_whole_postcode() -> str | None:
    """Return an address with only the first half of the postcode, if this one has all of it."""
    try:
        postcode = parse_postcode(request.args.get("near", ""))
    except PlaceNotFoundError:
        return None
    if postcode.incode is None:
        return None
    cookie["near"] = str(postcode)
    cookie.pop("near_point", None)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "near"]
    return f"{request.path}?{urlencode([*kept, ('near', postcode.outcode)])}"


def _kept_place() -> KeptPlace:
    """Return the place that the visitor's own browser keeps: addresses have less of it."""
    point = cookie.get("near_point")
    return KeptPlace(cookie.get("near", ""), Point(*point) if point else None)
