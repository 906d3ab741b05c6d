"""Changing one's hat: oneself, somebody one supports, or a role at work."""

from uuid import UUID

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission, Role, own_path
from marketplace.access.views.blueprint import access, home_of
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError


@access.route("/hats", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def hats() -> str | Response:
    """Show every hat there is to wear, and put one on; then go where that was wanted for."""
    actor, at = current_actor(), clock.now()
    if request.method == "POST":
        role, hat_id = _chosen()
        assert actor.sign_in_id is not None, "who is signed in has a sign-in"
        with transaction() as session:
            hat = commands.wear_hat(
                session, sign_in_id=actor.sign_in_id, role=role, hat_id=hat_id, by=actor, at=at
            )
        return redirect(own_path(request.form.get("next")) or home_of(hat))
    with reading() as session:
        rows = queries.hats_of(session, user_id=actor.user_id, at=at)
        waiting = len(queries.invitations_for(session, user_id=actor.user_id))
    return render_template("access/hats.html", hats=rows, wearing=actor, waiting=waiting)


def _chosen() -> tuple[Role, UUID]:
    try:
        return Role(request.form.get("role", "")), UUID(request.form.get("hat_id", ""))
    except ValueError:
        raise NotAllowedError("You do not have that role, or no longer.") from None
