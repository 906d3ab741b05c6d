"""The button "Keep": on a person's own list, or on one by link for whoever is not signed in."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.guards import public
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.shortlists import commands
from marketplace.shortlists.errors import ListFullError
from marketplace.shortlists.rules import LINK_KEY, KeptKind
from marketplace.shortlists.views.blueprint import keeper, shortlists

KEPT_WITHOUT_ACCOUNT_MAX = 200
"""How much may be kept from one network in a while by people without an account."""


@shortlists.route("/keep", methods=["POST"])
@public
def keep() -> Response:
    """Keep something, and show the list it is on."""
    kind, subject_id = _asked()
    by, at = keeper(), clock.now()
    if by is None:
        return _keep_by_link(kind, subject_id)
    try:
        with transaction() as session:
            shortlist_id = commands.keep(session, kind=kind, subject_id=subject_id, by=by, at=at)
    except ListFullError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("shortlists.index"))
    flash("It is on the list.")
    return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))


def _keep_by_link(kind: KeptKind, subject_id: UUID) -> Response:
    at = clock.now()
    with transaction() as session:
        key = f"keep/network/{request.remote_addr}"
        count_try(session, limits={key: KEPT_WITHOUT_ACCOUNT_MAX}, at=at)
    secret = cookie.get(LINK_KEY)
    try:
        with transaction() as session:
            secret = commands.keep_by_link(
                session, secret=secret, kind=kind, subject_id=subject_id, at=at
            )
    except ListFullError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("It is on your list.")
    cookie[LINK_KEY] = secret
    return redirect(url_for("shortlists.linked", secret=secret))


def _asked() -> tuple[KeptKind, UUID]:
    try:
        return KeptKind(request.form.get("kind", "")), UUID(request.form.get("subject_id", ""))
    except ValueError:
        raise NotFoundError("That is not here any more, so it cannot be kept.") from None
