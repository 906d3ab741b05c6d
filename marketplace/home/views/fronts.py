"""The front of the whole market, and the portal of each council in its own colours."""

from uuid import UUID

from flask import (
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    session,
    url_for,
)

from marketplace.access.guards import public
from marketplace.catalogue import queries as catalogue
from marketplace.community import queries as community
from marketplace.community.queries import Happening
from marketplace.councils import queries as councils
from marketplace.councils.rules import readable_on_white
from marketplace.database import reading
from marketplace.home.views.blueprint import home
from marketplace.kernel import clock

DAYS_AHEAD = 7
HAPPENINGS_MAX = 6
CATEGORIES_MAX = 9
"""More would hide on a phone what comes below; the rest is one press away."""
THEME_SECONDS = 300


@home.route("/")
@public
def front() -> str:
    """Show the front of the whole market."""
    # Whoever asks for the whole market's own front has left the portal they were in.
    g.portal = None
    session.pop("portal", None)
    return _front(None)


@home.route("/<portal:council_slug>/")
@public
def portal(council_slug: str) -> str:
    """Show the front of a council's portal, in its words and colours."""
    return _front(council_slug)


@home.route("/<portal:council_slug>/theme.css")
@public
def theme(council_slug: str) -> Response:
    """Return the colours of a portal: nothing but custom properties."""
    with reading() as db_session:
        council = councils.council_at(db_session, slug=council_slug)
    # An accent may stand behind nothing; where it colours words, they must be readable.
    accent = readable_on_white(council.accent)
    answer = make_response(
        f":root {{\n  --brand: {council.brand};\n  --brand-ink: #ffffff;\n"
        f"  --accent: {accent};\n}}\n"
    )
    answer.mimetype = "text/css"
    answer.cache_control.public = True
    answer.cache_control.max_age = THEME_SECONDS
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _front(slug: str | None) -> str:
    at = clock.now()
    with reading() as db_session:
        council = councils.council_at(db_session, slug=slug) if slug else None
        categories = catalogue.categories(db_session)
        every_council = councils.councils(db_session)
        found = community.whats_on(
            db_session, at=at, days=DAYS_AHEAD, council_id=council.id if council else None
        )
    return render_template(
        "home/front.html",
        council=council,
        categories=categories[:CATEGORIES_MAX],
        more_categories=categories[CATEGORIES_MAX:],
        councils=every_council,
        happenings=_each_once(found),
        find_endpoint=_find_endpoint(slug),
        find_values={"council_slug": slug} if slug else {},
        join_url=_url("catalogue.join"),
    )


def _each_once(found: list[Happening]) -> list[Happening]:
    """Return the next time of each of the first few activities."""
    seen: dict[UUID, Happening] = {}
    for each in found:
        seen.setdefault(each.listing.id, each)
    return list(seen.values())[:HAPPENINGS_MAX]


def _find_endpoint(slug: str | None) -> str:
    endpoint = "search.find_in" if slug else "search.find"
    return endpoint if endpoint in current_app.view_functions else ""


def _url(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else ""
