"""Being asked into somebody's circle: yes, no, and leaving."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.access.views.blueprint import access
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@access.route("/invitations")
@requires(Permission.SIGNED_IN)
def invitations() -> str:
    """Show who asks one into their circle, and the circles one is in."""
    actor = current_actor()
    with reading() as session:
        rows = queries.invitations_for(session, user_id=actor.user_id)
        confirmed = queries.is_confirmed(session, user_id=actor.user_id)
        supporting = queries.supporting(session, user_id=actor.user_id)
    return render_template(
        "access/invitations.html", rows=rows, confirmed=confirmed, supporting=supporting
    )


@access.route("/invitations/<uuid:row_id>/accept", methods=["POST"])
@requires(Permission.SIGNED_IN)
def accept_invitation(row_id: UUID) -> Response:
    """Join a circle."""
    with transaction() as session:
        commands.accept_invitation(
            session, supporter_row_id=row_id, by=current_actor(), at=clock.now()
        )
    flash("You are in the circle. Choose whom you act for.")
    return redirect(url_for("access.hats"))


@access.route("/invitations/<uuid:row_id>/refuse", methods=["POST"])
@requires(Permission.SIGNED_IN)
def refuse_invitation(row_id: UUID) -> Response:
    """Say no to a circle."""
    with transaction() as session:
        commands.refuse_invitation(
            session, supporter_row_id=row_id, by=current_actor(), at=clock.now()
        )
    flash("You said no. We have not told them why.")
    return redirect(url_for("access.invitations"))
