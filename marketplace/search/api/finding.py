"""Searching: the same list as on the page of results, as a stranger sees it."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import find_place
from marketplace.places.rules import Place, metres
from marketplace.search import queries
from marketplace.search.api import schemas, shapes
from marketplace.search.api.operations import Record, operation
from marketplace.search.errors import BadParameterError
from marketplace.search.forms import (
    LEGENDS,
    MILES_UNLESS_SAID,
    WORDS_LENGTH_MAX,
    facet_names,
)
from marketplace.search.guards import catch_up, the_engine
from marketplace.search.rules import (
    PAGE_SIZE,
    PAGE_SIZE_MAX,
    Facet,
    Query,
    Results,
    Sort,
)
from marketplace.search.rules.parameters import Parameter, Values
from marketplace.search.rules.query import PAGE_MAX
from marketplace.web.site import whole_address

_MILES_MAX = 200
_PLACE_MAX = 60
_SUGGEST_MAX = 100

WORDS = Parameter(
    name="q",
    about="what is looked for, in everyday words; nothing finds everything",
    longest=WORDS_LENGTH_MAX,
    example="help washing",
)
NEAR = Parameter(
    name="near",
    about="a postcode, its first half, or a town",
    longest=_PLACE_MAX,
    example="LS6",
)


def _facet(facet: Facet) -> Parameter:
    if facet is Facet.CATEGORY:
        return Parameter(
            name=facet.value,
            about="what kind of support, by its slug in /categories",
            choices_of="category",
            many=True,
        )
    choices = tuple(facet_names(facet, {}))
    return Parameter(name=facet.value, about=LEGENDS[facet].lower(), choices=choices, many=True)


PARAMETERS = (
    WORDS,
    NEAR,
    Parameter(
        name="within",
        about=f"how many miles around near; {MILES_UNLESS_SAID} unless you say",
        least=1,
        most=_MILES_MAX,
    ),
    Parameter(name="council", about="only what this council’s portal shows", choices_of="council"),
    *(_facet(facet) for facet in LEGENDS),
    Parameter(
        name="sort",
        about="what comes first; nearest needs near",
        choices=tuple(sort.value for sort in Sort),
        unless_said=Sort.BEST.value,
    ),
    Parameter(name="page", about="which page", least=1, most=PAGE_MAX, unless_said=1),
    Parameter(
        name="per_page",
        about="how many results a page has",
        least=1,
        most=PAGE_SIZE_MAX,
        unless_said=PAGE_SIZE,
    ),
)


@operation(
    "/search",
    summary="One ranked list over offers, providers, groups, activities and events.",
    answer=schemas.SEARCH,
    parameters=PARAMETERS,
    may_rest=True,
)
def search(asked: Values) -> Record:
    """Search the whole market, or one council's portal."""
    at, engine = clock.now(), the_engine()
    place = _place(asked)
    query = _query(asked, place)
    catch_up(engine, at=at)
    results = engine.search(query)
    with reading() as session:
        cards = queries.found(session, results.ids, first=query.offset + 1, person_id=None, at=at)
    hits = dict(enumerate(results.ids, start=query.offset + 1))
    return {
        "results": [shapes.result(card, hits[card.number], query.near) for card in cards],
        **_about(results, query, place),
        "links": _links(asked, query, results.total),
    }


@operation(
    "/suggest",
    summary="Ways to go on with the words typed so far, each with what it would find now.",
    answer=schemas.SUGGEST,
    parameters=(
        Parameter(
            name="q",
            about="the words typed so far",
            longest=_SUGGEST_MAX,
            unless_said="",
            example="gard",
        ),
    ),
    may_rest=True,
)
def suggest(asked: Values) -> Record:
    """Suggest how to go on."""
    found = the_engine().suggest(str(asked["q"]))
    return {"suggestions": [{"text": each.text, "count": each.count} for each in found]}


def _place(asked: Values) -> Place | None:
    typed = str(asked.get("near", ""))
    if not typed:
        for name, value in (("within", asked.get("within")), ("sort", asked["sort"])):
            if value not in {None, *(sort for sort in Sort if sort is not Sort.NEAREST)}:
                raise BadParameterError(name, f"{name}={value} needs near: near what?")
        return None
    try:
        return find_place(typed)
    except PlaceNotFoundError as refusal:
        raise BadParameterError("near", f"near: {refusal}") from None


def _query(asked: Values, place: Place | None) -> Query:
    miles = cast("int", asked.get("within", MILES_UNLESS_SAID))
    return Query(
        on=clock.local_day(clock.now()),
        text=str(asked.get("q", "")),
        near=place.point if place else None,
        within_metres=metres(miles) if place else None,
        district=place.outcode if place else "",
        selected={
            facet: frozenset(cast("tuple[str, ...]", asked.get(facet.value, ())))
            for facet in LEGENDS
        },
        council=cast("str | None", asked.get("council")),
        sort=Sort(str(asked["sort"])),
        page=cast("int", asked["page"]),
        page_size=cast("int", asked["per_page"]),
    )


def _about(results: Results, query: Query, place: Place | None) -> Record:
    counts = {facet.value: dict(results.counts.get(facet, {})) for facet in LEGENDS}
    return {
        "total": results.total,
        "page": query.page,
        "per_page": query.limit,
        "pages": max(1, -(-results.total // query.limit)),
        "place": place.label if place else None,
        "counts": counts,
        "did_you_mean": results.did_you_mean,
        "ignored": list(results.ignored),
        "widened": results.widened,
    }


def _links(asked: Values, query: Query, total: int) -> Mapping[str, str | None]:
    more = query.offset + query.limit < total and query.page < PAGE_MAX
    portal = f"/{query.council}" if query.council else ""
    return {
        "self": _address(asked, page=query.page),
        "page": whole_address(f"{portal}/find?{_written(asked, only_page=True)}"),
        "next": _address(asked, page=query.page + 1) if more else None,
        "previous": _address(asked, page=query.page - 1) if query.page > 1 else None,
    }


def _address(asked: Values, *, page: int) -> str:
    return whole_address(f"/api/v1/search?{_written({**asked, 'page': page})}")


def _written(asked: Values, *, only_page: bool = False) -> str:
    """Return what was asked as part of an address; of a page only what our own page reads."""
    left_out = {"council", "page", "per_page"} if only_page else set()
    return urlencode(
        {name: value for name, value in asked.items() if name not in left_out}, doseq=True
    )
