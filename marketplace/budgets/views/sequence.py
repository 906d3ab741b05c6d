"""Which money pays first: the person chooses, with two buttons a line."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.forms.changes import MoveForm
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError


@budgets.route("/wallet/sequence")
@requires(Permission.SEE_WALLET)
def sequence() -> str:
    """Show which money pays first."""
    actor = _chooser()
    with reading() as session:
        lines = queries.lines_of(session, person_id=actor.buys_for, at=clock.now())
    return render_template("budgets/sequence.html", lines=lines)


@budgets.route("/wallet/sequence/<uuid:line_id>", methods=["POST"])
@requires(Permission.SEE_WALLET)
def move_in_sequence(line_id: UUID) -> Response:
    """Let a line pay one place earlier, or later."""
    actor, form = current_actor(), MoveForm()
    with transaction() as session:
        commands.move_in_sequence(
            session,
            line_id=line_id,
            up=request.form.get("way") != "down",
            change_id=form.change_id.data,
            by=actor,
            at=clock.now(),
        )
    return redirect(url_for("budgets.sequence"))


def _chooser() -> Actor:
    actor = current_actor()
    if actor.acts_for_another and Scope.PLAN not in actor.scopes:
        raise NotAllowedError(f"{actor.person_name} has not asked you to help with their plan.")
    return actor
