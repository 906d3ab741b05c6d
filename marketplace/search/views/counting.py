"""Counting what people look for and what they do next, without knowing who they are.

What a visitor's own signed cookie keeps is enough: which searches were counted, and from which of
them this page was reached. The server keeps numbers alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID
from zlib import crc32

from flask import Response, g, request
from flask import session as cookie
from sqlalchemy.orm import Session

from marketplace.councils import queries as councils
from marketplace.councils.queries import CouncilCard, PortalRow
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.search import commands
from marketplace.search.adapters import Engine
from marketplace.search.commands import SearchMade
from marketplace.search.forms import LEGENDS, Asked, facet_names
from marketplace.search.queries import kind_looked_for
from marketplace.search.rules import Facet, Query, Results
from marketplace.search.rules.steps import Step
from marketplace.search.views.blueprint import search
from marketplace.web.site import settings

REMEMBERED_SEARCHES = 20
VISIT_SECONDS = 60 * 60
"""What is done later than this after a search is no longer put down to it."""
_REFUSED = 400

STEPS: Mapping[tuple[str, str], Step] = MappingProxyType(
    {
        ("GET", "search.offer"): Step.OPENED,
        ("GET", "search.store"): Step.OPENED,
        ("GET", "community.activity"): Step.OPENED,
        ("GET", "community.group"): Step.OPENED,
        ("POST", "orders.add_to_basket"): Step.KEPT,
        ("POST", "shortlists.keep"): Step.KEPT,
        ("GET", "orders.placed"): Step.ORDERED,
    }
)
"""Which pages say how far somebody went."""


def count(
    engine: Engine, asked: Asked, query: Query, results: Results, names: Mapping[str, str]
) -> None:
    """Count a search once for each visitor, and the filters that left nothing of its list."""
    if asked.page > 1:
        return
    words = asked.words.casefold()[:30]
    is_new = bool(words) and not query.chosen and words not in cookie.get("counted", [])
    emptied = [each for each in _emptied(engine, asked, query, results, names) if _is_new(each)]
    if not is_new and not emptied:
        return
    at = clock.now()
    with transaction() as session:
        area = _area(session, asked)
        for filters in emptied:
            commands.count_emptied(
                session, filters=filters, council_id=area.id if area else None, at=at
            )
        if is_new:
            cookie["counted"] = [*cookie.get("counted", []), words][-REMEMBERED_SEARCHES:]
            _count_search(session, asked, results, area, at)


@search.after_app_request
def note_step(answer: Response) -> Response:
    """Count how far somebody went who had searched in this visit."""
    step = STEPS.get((request.method, request.endpoint or ""))
    if step is None or answer.status_code >= _REFUSED:
        return answer
    count_id, before = _came_from(clock.now())
    if count_id is not None and step.is_beyond(before):
        with transaction() as session:
            commands.note_step(session, count_id=count_id, step=step, before=before)
        cookie["search"] = [*cookie["search"][:1], step.value, *cookie["search"][2:]]
    return answer


def _count_search(
    session: Session,
    asked: Asked,
    results: Results,
    area: CouncilCard | PortalRow | None,
    at: datetime,
) -> None:
    earlier, before = _came_from(at)
    if earlier is not None and before is None:
        commands.note_step(session, count_id=earlier, step=Step.AGAIN, before=None)
    made = SearchMade(
        words=asked.words,
        council_id=area.id if area else None,
        # What has only some of the words is not what was looked for.
        results=0 if results.widened else results.total,
        secret=settings().secret_key,
        category=kind_looked_for(asked.words, results),
        words_kept_after=area.small_number_threshold if area else commands.WORDS_KEPT_AFTER,
    )
    count_id = commands.count_search(session, made, at=at)
    cookie["search"] = [count_id.hex if count_id else "", "", int(at.timestamp())]


def _came_from(at: datetime) -> tuple[UUID | None, Step | None]:
    """Return the search this visit began with, and how far it has gone since."""
    count_id, step, since = cookie.get("search", ("", "", 0))
    if not count_id or at.timestamp() - since > VISIT_SECONDS:
        return None, None
    return UUID(count_id), Step(step) if step else None


def _area(session: Session, asked: Asked) -> CouncilCard | PortalRow | None:
    """Return the council to which the place asked for belongs; if to none, whose portal it is."""
    portal: PortalRow | None = g.get("portal")
    if asked.place is None:
        return portal
    cards = councils.councils(session)
    here = next((card for card in cards if portal and card.id == portal.id), None)
    there = [card for card in cards if asked.place.outcode in card.districts]
    return here if here in there or not there else there[0]


def _emptied(
    engine: Engine, asked: Asked, query: Query, results: Results, names: Mapping[str, str]
) -> list[str]:
    """Return the filters that left nothing: each that did so alone, or all of them together."""
    said = {facet: _said(facet, chosen, names) for facet, chosen in query.chosen.items()}
    if results.total or not all(said.values()):
        return []
    alone = [facet for facet in said if any(results.counts.get(facet, {}).values())]
    if alone:
        return [said[facet] for facet in alone]
    one = replace(query, page=1, page_size=1)
    if said and _finds(engine, replace(one, selected={})):
        return [" and ".join(said.values())]
    if query.within_metres and _finds(engine, replace(one, within_metres=None)):
        return [f"Within {asked.miles} miles"]
    return []


def _finds(engine: Engine, query: Query) -> bool:
    found = engine.search(query)
    return bool(found.total) and not found.widened


def _said(facet: Facet, chosen: frozenset[str], names: Mapping[str, str]) -> str:
    """Return a choice in the words of the page; nothing if the page does not offer it."""
    offered = facet_names(facet, names)
    if not chosen <= offered.keys():
        return ""
    return f"{LEGENDS[facet]}: {' or '.join(offered[value] for value in sorted(chosen))}"


def _is_new(filters: str) -> bool:
    """Tell whether this visitor's filters have not been counted yet, and remember them."""
    mark = crc32(filters.encode())
    counted: list[int] = cookie.get("emptied", [])
    cookie["emptied"] = [*(each for each in counted if each != mark), mark][-REMEMBERED_SEARCHES:]
    return mark not in counted
