"""How the open data is answered: as JSON, to every web page, marked so that nobody reads twice."""

import json
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import Response, request

from marketplace.access.guards import public
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.feeds.errors import BadQuestionError
from marketplace.feeds.rules.shaping import Record
from marketplace.feeds.views.blueprint import feeds
from marketplace.kernel.errors import NotFoundError
from marketplace.places.errors import PlaceNotFoundError

FRESH_SECONDS = 60

View = Callable[..., Response]


def open_data(path: str, name: str) -> Callable[[View], View]:
    """Serve a view for the whole market and for each council, with refusals as JSON."""

    def decorate(view: View) -> View:
        @public
        @wraps(view)
        def answered(council_slug: str | None = None, **ids: str) -> Response:
            try:
                answer = view(_council(council_slug), **ids)
            except (BadQuestionError, PlaceNotFoundError) as refusal:
                answer = json_answer({"error": str(refusal)}, status=400)
            except NotFoundError as refusal:
                answer = json_answer({"error": str(refusal)}, status=404)
            return _open_to_all(answer)

        feeds.add_url_rule(f"/oruk{path}", f"oruk_{name}", answered)
        feeds.add_url_rule(f"/<portal:council_slug>/oruk{path}", f"oruk_{name}_in", answered)
        return answered

    return decorate


@feeds.after_request
def allow_reading(answer: Response) -> Response:
    """Let a browser's question beforehand be answered as the real one will be."""
    if request.method == "OPTIONS" and (request.endpoint or "").startswith("feeds.oruk_"):
        answer.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        return _open_to_all(answer)
    return answer


def _open_to_all(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _council(slug: str | None) -> str | None:
    if slug is None:
        return None
    with reading() as session:
        if councils.find_portal(session, slug=slug) is None:
            raise NotFoundError("There is no such council here.")
    return slug


def read_id(typed: str) -> UUID:
    """Return an id of an address.

    Raises:
        NotFoundError: it is none.
    """
    try:
        return UUID(typed)
    except ValueError:
        raise NotFoundError("There is nothing with this id.") from None


def json_answer(value: Record, status: int = 200) -> Response:
    """Return a record as an answer."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status=status, mimetype="application/json")


def conditional(answer: Response) -> Response:
    """Mark an answer, so that who has it already is told so.

    A list is compared by its mark alone: when something is taken out of it, nothing in it is newer.
    """
    answer.add_etag()
    answer.cache_control.public = True
    answer.cache_control.max_age = FRESH_SECONDS
    answer.make_conditional(request)
    return answer
