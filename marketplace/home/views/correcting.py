"""Asking a council to put right what is kept about somebody."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.councils import commands, queries
from marketplace.councils.commands import AskForCorrection
from marketplace.database import reading, transaction
from marketplace.home.forms import CorrectionForm
from marketplace.home.views.blueprint import home
from marketplace.home.views.my_data import whose
from marketplace.kernel import clock


@home.route("/my-data/put-right", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def put_right() -> str | Response:
    """Ask what is wrong, and send it to the council's inbox."""
    actor, at, form = current_actor(), clock.now(), CorrectionForm()
    with reading() as session:
        user_id = whose(session, actor, at)
        councils = queries.councils_of(session, person_id=user_id)
    form.offer(councils)
    if form.validate_on_submit():
        with transaction() as session:
            commands.ask_for_correction(session, _wish(form, user_id), by=actor, at=at)
        flash("We have told the council. You read its answer on this page.")
        return redirect(url_for("home.my_data"))
    return render_template("home/put_right.html", form=form, councils=councils)


def _wish(form: CorrectionForm, user_id: UUID) -> AskForCorrection:
    return AskForCorrection(
        correction_id=form.correction_id.data,
        council_id=UUID(form.council.data),
        person_id=user_id,
        what=form.what.data.strip(),
        instead=(form.instead.data or "").strip(),
    )
