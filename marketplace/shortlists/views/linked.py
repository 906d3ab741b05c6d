"""A list that a link opens: nobody's, and without anybody's name."""

from datetime import datetime
from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, find_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.shortlists import commands, queries
from marketplace.shortlists.rules import LINK_KEY
from marketplace.shortlists.views.blueprint import keeper, shortlists
from marketplace.web.site import address_of


@shortlists.route("/kept/<secret>")
@public
def linked(secret: str) -> FlaskResponse:
    """Show a list to whoever has its link; that keeps it for another while."""
    actor, at = find_actor(), clock.now()
    person_id = actor.person_id if actor else None
    try:
        with reading() as session:
            found = queries.linked_list(session, secret=secret, person_id=person_id, at=at)
    except NotFoundError:
        return _gone(secret)
    _use(secret, at)
    own = cookie.get(LINK_KEY) == secret
    page = render_template(
        "shortlists/linked.html",
        list=found,
        secret=secret,
        own=own,
        may_copy=keeper() is not None,
        signed_in=actor is not None,
        address=address_of("shortlists.linked", secret=secret),
    )
    return _unlisted(page)


@shortlists.route("/kept/<secret>/<uuid:thing_id>/take-off", methods=["POST"])
@public
def take_off_linked(secret: str, thing_id: UUID) -> Response:
    """Take something off a list by link: only in the browser in which it was begun."""
    if cookie.get(LINK_KEY) != secret:
        raise NotFoundError
    with transaction() as session:
        commands.take_off_linked(session, secret=secret, thing_id=thing_id, at=clock.now())
    flash("It is off the list.")
    return redirect(url_for("shortlists.linked", secret=secret))


@shortlists.route("/kept/<secret>/end", methods=["POST"])
@public
def end_linked(secret: str) -> Response:
    """Take a list by link away: only in the browser in which it was begun."""
    if cookie.get(LINK_KEY) != secret:
        raise NotFoundError
    with transaction() as session:
        commands.end_linked_list(session, secret=secret)
    cookie.pop(LINK_KEY)
    flash("The list is gone. Its link opens nothing now.")
    return redirect(url_for("search.find"))


@shortlists.route("/kept/<secret>/copy", methods=["POST"])
@requires(Permission.KEEP_LISTS)
def copy(secret: str) -> Response:
    """Copy a list by link into one's own."""
    with transaction() as session:
        shortlist_id = commands.copy_list(
            session, secret=secret, by=current_actor(), at=clock.now()
        )
    if cookie.get(LINK_KEY) == secret:
        cookie.pop(LINK_KEY)
    flash("The list is copied. It is one of your own now.")
    return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))


def _gone(secret: str) -> FlaskResponse:
    """Say what becomes of lists: whoever was sent a link should not doubt their own typing."""
    if cookie.get(LINK_KEY) == secret:
        cookie.pop(LINK_KEY)
    return _unlisted(render_template("shortlists/gone.html"), 404)


def _unlisted(page: str, status: int = 200) -> FlaskResponse:
    """Return a page that whoever has its link may see, and that no search engine hands on."""
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _use(secret: str, at: datetime) -> None:
    with transaction() as session:
        commands.use_linked_list(session, secret=secret, at=at)
