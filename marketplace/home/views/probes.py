"""What machines ask: is the process up, can it work, how is it doing."""

from flask import Response, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from marketplace.access.guards import public
from marketplace.database import is_migrated, reading
from marketplace.home.views.blueprint import home
from marketplace.outbox import queries as outbox
from marketplace.web import observing
from marketplace.web.site import settings


@home.route("/health")
@public
def health() -> Response:
    """Say that the process answers, whatever else does."""
    return jsonify(status="up")


@home.route("/ready")
@public
def ready() -> tuple[Response, int]:
    """Say whether pages can be served: 200 if so, 503 with what is missing if not."""
    found = {"database": _database_answers(), "index": _index_is_there()}
    found["migrations"] = found["database"] and is_migrated()
    return jsonify(found), 200 if all(found.values()) else 503


@home.route("/metrics")
@public
def metrics() -> Response:
    """Return the numbers of this process, and what waits, for Prometheus.

    Requests are counted by each process for itself, so several of them behind one address are
    told apart by nothing: scrape each, or read the sums as samples.
    """
    with reading() as session:
        observing.LETTERS_WAITING.set(outbox.letters_waiting(session))
        observing.INDEX_CHANGES_WAITING.set(outbox.index_changes_waiting(session))
    answer = make_response(generate_latest(observing.REGISTRY))
    answer.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return answer


@home.route("/robots.txt")
@public
def robots() -> Response:
    """Tell search engines which pages are for them."""
    answer = make_response(_ROBOTS)
    answer.mimetype = "text/plain"
    return answer


_ROBOTS = """\
User-agent: *
Disallow: /account
Disallow: /calendar
Disallow: /confirm/
Disallow: /find
Disallow: /forgot
Disallow: /metrics
Disallow: /reset/
Disallow: /sign-in
Disallow: /sign-up
"""


def _database_answers() -> bool:
    try:
        with reading() as session:
            outbox.letters_waiting(session)
    except SQLAlchemyError:
        return False
    return True


def _index_is_there() -> bool:
    # The other engine keeps its index in a table, which the migrations make.
    chosen = settings()
    return chosen.search == "postgres" or any((chosen.var / "index").glob("*"))
