"""What somebody wants to be told about a person's money."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.forms.alerts import AlertsForm
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@budgets.route("/wallet/alerts", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def alerts() -> str | Response:
    """Ask what to write to somebody about, then write about that alone."""
    actor, form = current_actor(), AlertsForm()
    if form.validate_on_submit():
        with transaction() as session:
            commands.choose_alerts(session, form.wishes(), by=actor, at=clock.now())
        flash("We will tell you what you chose.")
        return redirect(url_for("budgets.alerts"))
    if not form.is_submitted():
        with reading() as session:
            form.fill(queries.alerts_of(session, user_id=actor.user_id, person_id=actor.buys_for))
    whose = actor.person_name if actor.acts_for_another else ""
    return render_template("budgets/alerts.html", form=form, whose=whose)
