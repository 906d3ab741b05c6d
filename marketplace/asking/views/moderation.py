"""Open asks, for a council's moderators."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.asking import commands, queries
from marketplace.asking.forms import ReasonForm
from marketplace.asking.views.blueprint import asking
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number
from marketplace.web.fields import tidy


@asking.route("/moderation/asks")
@requires(Permission.MODERATE)
def moderate() -> str:
    """Show what people of one's council ask for, as providers see it."""
    with reading() as session:
        found = queries.asks_to_moderate(
            session, by=current_actor(), page=page_number(request.args.get("page"))
        )
    return render_template("asking/moderate.html", asks=found)


@asking.route("/moderation/asks/<uuid:ask_id>/take-down", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def take_down(ask_id: UUID) -> str | Response:
    """Ask why an ask is taken down; whoever asked is told."""
    actor, form = current_actor(), ReasonForm()
    with reading() as session:
        found = queries.ask_to_moderate(session, ask_id=ask_id, by=actor)
    if form.validate_on_submit():
        with transaction() as session:
            commands.take_down(session, ask_id, tidy(form.reason.data), by=actor, at=clock.now())
        flash("It is taken down. Whoever asked is told why.")
        return redirect(url_for("asking.moderate"))
    return render_template("asking/take_down.html", form=form, ask=found)
