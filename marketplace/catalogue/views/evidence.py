"""The evidence locker."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadWordsError
from marketplace.catalogue.forms import EvidenceForm
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@catalogue.route("/my-store/evidence", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def evidence() -> str | Response:
    """Show what is in the locker, and ask for one thing more."""
    actor, at = current_actor(), clock.now()
    form = EvidenceForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_evidence(session, form.wish(), by=actor, at=at)
        except BadWordsError as refusal:
            form.note.errors = [str(refusal)]
        else:
            flash("It is in your evidence locker. The council looks at it next.")
            return redirect(url_for("catalogue.evidence"))
    with reading() as session:
        store = queries.kept_store(session, by=actor)
    return render_template(
        "catalogue/evidence.html", form=form, store=store, today=clock.local_day(at)
    )
