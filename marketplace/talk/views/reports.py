"""Reporting a message, and the moderators' list of what was reported."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.talk import commands, queries
from marketplace.talk.forms import ReportForm
from marketplace.talk.views.blueprint import talk
from marketplace.web.fields import tidy


@talk.route("/messages/report/<uuid:message_id>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def report(message_id: UUID) -> str | Response:
    """Ask what is wrong with a message of somebody else."""
    actor, form = current_actor(), ReportForm()
    with reading() as session:
        thread_id, message = queries.message_for(session, message_id=message_id, by=actor)
    if form.validate_on_submit():
        with transaction() as session:
            commands.report_message(
                session, message_id, tidy(form.words.data), by=actor, at=clock.now()
            )
        flash("Thank you. The council’s moderators will look at it.")
        return redirect(url_for("talk.thread", thread_id=thread_id))
    return render_template("talk/report.html", form=form, message=message, thread_id=thread_id)


@talk.route("/messages/reported")
@requires(Permission.MODERATE)
def reported() -> str:
    """Show the moderators which messages were reported to their council."""
    with reading() as session:
        found = queries.reported_messages(session, by=current_actor())
    return render_template("talk/reported.html", reports=found)


@talk.route("/messages/reported/<uuid:report_id>/settle", methods=["POST"])
@requires(Permission.MODERATE)
def settle(report_id: UUID) -> Response:
    """Let a moderator say that they have looked at it."""
    with transaction() as session:
        commands.settle_report(session, report_id, by=current_actor(), at=clock.now())
    flash("It is marked as looked at.")
    return redirect(url_for("talk.reported"))
