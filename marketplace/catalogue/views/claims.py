"""Saying that a store from a public register is one's own."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadWordsError, WrongStateError
from marketplace.catalogue.forms import ClaimForm
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@catalogue.route("/stores/<slug>/claim", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def claim(slug: str) -> str | Response:
    """Ask who they are; a moderator of the council decides."""
    with reading() as session:
        store = queries.store(session, slug=slug)
    if not store.from_register:
        raise WrongStateError("Somebody looks after this store already.")
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.ask_claim(
                    session,
                    claim_id=form.claim_id.data,
                    provider_id=store.id,
                    words=form.words.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadWordsError as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash("Thank you. The council reads this and writes to you.")
            return redirect(url_for("catalogue.claim", slug=slug, sent="yes"))
    return render_template(
        "catalogue/claim.html", form=form, store=store, sent="sent" in request.args
    )
