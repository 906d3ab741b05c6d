"""The market as Open Referral UK (HSDS-UK 3.0): nine addresses, for all of it and per council.

Anybody may read it from any web page, without a key. Every answer says when it last changed, so
that a reader who comes again is told "not modified" instead of everything.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from flask import Response, request, stream_with_context

from marketplace.database import reading
from marketplace.feeds.queries.keys import keys as keys_of
from marketplace.feeds.queries.services import services as services_of
from marketplace.feeds.queries.taxonomies import Taxonomies
from marketplace.feeds.queries.taxonomies import taxonomies as all_taxonomies
from marketplace.feeds.rules.asking import Question, read_question
from marketplace.feeds.rules.identity import place_link_id
from marketplace.feeds.rules.published import Key, Published
from marketplace.feeds.rules.shaping import (
    Record,
    Terms,
    at_location,
    envelope,
    instant,
    nested,
    one_to_one,
)
from marketplace.feeds.views.answers import conditional, json_answer, open_data, read_id
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.web.site import settings, whole_address

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
OPENAPI = "https://docs.openreferraluk.org/en/latest/openapi30.json"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

CHUNK = 200
"""Services read at a time for a list without pages."""


@open_data("/", "root")
def root(_council_slug: str | None) -> Response:
    """Say which standard this is."""
    return conditional(
        json_answer(
            {
                "version": VERSION,
                "profile": PROFILE,
                "openapi_url": OPENAPI,
                "publisher": settings().market_name,
                "license": LICENCE,
            }
        )
    )


@open_data("/services", "services")
def services(council_slug: str | None) -> Response:
    """List services: what belongs to each one to one, or all of it if it is asked for."""
    question = read_question(request.args)
    at = clock.now()
    with reading() as session:
        found = keys_of(session, question, council_slug=council_slug, at=at)
    if question.minimal:
        return _minimal(found, question)

    def record(service: Published, terms: Terms) -> Record:
        return nested(service, terms) if question.full else one_to_one(service)

    return _listed(found, question, record, at=at)


@open_data("/services/<service_id>", "service")
def service(council_slug: str | None, service_id: str) -> Response:
    """Give a service with all that belongs to it."""
    at, wanted = clock.now(), read_id(service_id)
    with reading() as session:
        found = keys_of(session, Question(), council_slug=council_slug, at=at, ids={wanted})
    return _one(found, nested, at=at)


@open_data("/service_at_locations", "service_at_locations")
def service_at_locations(council_slug: str | None) -> Response:
    """List where services are."""
    question = read_question(request.args)
    at = clock.now()
    with reading() as session:
        found = keys_of(session, question, council_slug=council_slug, at=at)
    somewhere = [key for key in found if key.grid is not None]
    if question.minimal:
        return _minimal(somewhere, question, of=lambda key: place_link_id(key.id))

    def record(service: Published, terms: Terms) -> Record:
        return at_location(service, terms, full=question.full) if service.spot else {}

    return _listed(somewhere, question, record, at=at)


@open_data("/service_at_locations/<link_id>", "service_at_location")
def service_at_location(council_slug: str | None, link_id: str) -> Response:
    """Give a service at its location."""
    at, wanted = clock.now(), read_id(link_id)
    with reading() as session:
        found = keys_of(session, Question(), council_slug=council_slug, at=at)

    def record(service: Published, terms: Terms) -> Record:
        return at_location(service, terms, full=True) if service.spot else {}

    here = [key for key in found if key.grid and place_link_id(key.id) == wanted]
    return _one(here, record, at=at)


@open_data("/taxonomies", "taxonomies")
def taxonomies(_council_slug: str | None) -> Response:
    """List our taxonomies."""
    return _of_taxonomy(lambda found: found.records)


@open_data("/taxonomies/<taxonomy_id>", "taxonomy")
def taxonomy(_council_slug: str | None, taxonomy_id: str) -> Response:
    """Give a taxonomy with its terms."""
    return _one_of_taxonomy(taxonomy_id, lambda found: found.records)


@open_data("/taxonomy_terms", "taxonomy_terms")
def taxonomy_terms(_council_slug: str | None) -> Response:
    """List the terms of our taxonomies."""
    return _of_taxonomy(lambda found: found.terms)


@open_data("/taxonomy_terms/<term_id>", "taxonomy_term")
def taxonomy_term(_council_slug: str | None, term_id: str) -> Response:
    """Give a term."""
    return _one_of_taxonomy(term_id, lambda found: found.terms)


def _listed(
    found: Sequence[Key],
    question: Question,
    record: Callable[[Published, Terms], Record],
    *,
    at: datetime,
) -> Response:
    if question.lines:
        return _lines(found, record, at=at)
    first = (question.page - 1) * question.per_page
    shown = found[first : first + question.per_page]
    contents = _records(shown, record, at=at)
    page = envelope(contents, page=question.page, per_page=question.per_page, total=len(found))
    answer = conditional(json_answer(page))
    if shown:
        answer.last_modified = max(key.changed_at for key in shown)
    return answer


def _records(
    shown: Sequence[Key], record: Callable[[Published, Terms], Record], *, at: datetime
) -> list[Record]:
    with reading() as session:
        found = services_of(session, shown, base_url=whole_address(""), at=at)
        terms = all_taxonomies(session).terms_by_id
    made = (record(each, terms) for each in found)
    return [each for each in made if each]


def _lines(
    found: Sequence[Key], record: Callable[[Published, Terms], Record], *, at: datetime
) -> Response:
    def written() -> Iterator[str]:
        for first in range(0, len(found), CHUNK):
            for each in _records(found[first : first + CHUNK], record, at=at):
                yield json.dumps(each, ensure_ascii=False) + "\n"

    # The context keeps the settings and the database at hand while the answer is on its way.
    return Response(stream_with_context(written()), mimetype="application/x-ndjson")


def _minimal(
    found: Sequence[Key], question: Question, of: Callable[[Key], UUID] = lambda key: key.id
) -> Response:
    contents: list[Record] = [
        {"id": str(of(key)), "modified_date": instant(key.changed_at)} for key in found
    ]
    per_page = max(1, len(contents))
    first = (question.page - 1) * per_page
    page = envelope(contents[first:], page=question.page, per_page=per_page, total=len(contents))
    return conditional(json_answer(page))


def _one(
    found: Sequence[Key], record: Callable[[Published, Terms], Record], *, at: datetime
) -> Response:
    contents = _records(found, record, at=at) if found else []
    if not contents:
        raise NotFoundError("There is nothing with this id.")
    answer = json_answer(contents[0])
    answer.last_modified = found[0].changed_at
    return conditional(answer)


def _of_taxonomy(which: Callable[[Taxonomies], Sequence[Record]]) -> Response:
    question = read_question(request.args)
    with reading() as session:
        rows = which(all_taxonomies(session))
    first = (question.page - 1) * question.per_page
    page = envelope(
        list(rows[first : first + question.per_page]),
        page=question.page,
        per_page=question.per_page,
        total=len(rows),
    )
    return conditional(json_answer(page))


def _one_of_taxonomy(typed: str, which: Callable[[Taxonomies], Sequence[Record]]) -> Response:
    wanted = str(read_id(typed))
    with reading() as session:
        rows = which(all_taxonomies(session))
    found = next((row for row in rows if row["id"] == wanted), None)
    if found is None:
        raise NotFoundError("There is nothing with this id.")
    return conditional(json_answer(found))
