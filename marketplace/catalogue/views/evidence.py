"""The evidence locker, and what councils said of it."""

from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import (
    AppealError,
    BadDocumentError,
    BadEvidenceError,
    BadWordsError,
)
from marketplace.catalogue.forms import AppealForm, EvidenceForm
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.downloads import file_answer


@catalogue.route("/my-store/evidence", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def evidence() -> str | Response:
    """Show what is in the locker, and ask for one thing more."""
    actor, at = current_actor(), clock.now()
    form = EvidenceForm()
    if form.validate_on_submit() and _added(form):
        flash("It is in your evidence locker. The council looks at it next.")
        return redirect(url_for("catalogue.evidence"))
    today = clock.local_day(at)
    with reading() as session:
        store = queries.kept_store(session, by=actor)
        offers = queries.offers_of_provider(
            session, provider_id=store.id, funded_by=frozenset(), on=today
        )
        needs = queries.needs_of(
            session,
            council_ids=[said.council_id for said in store.councils],
            categories={offer.category for offer in offers},
            evidence=store.evidence,
            on=today,
        )
        asks = queries.asks_of(session, provider_id=store.id)
    return render_template(
        "catalogue/evidence.html", form=form, store=store, needs=needs, asks=asks, today=today
    )


@catalogue.route("/my-store/evidence/<uuid:evidence_id>/take-out", methods=["POST"])
@requires(Permission.KEEP_STORE)
def take_out_evidence(evidence_id: UUID) -> Response:
    """Take something out of the locker."""
    with transaction() as session:
        commands.take_out_evidence(
            session, evidence_id=evidence_id, by=current_actor(), at=clock.now()
        )
    flash("It is out of your evidence locker. Nobody is shown it any more.")
    return redirect(url_for("catalogue.evidence"))


@catalogue.route("/evidence/<uuid:evidence_id>/paper")
@requires(Permission.SIGNED_IN)
def evidence_paper(evidence_id: UUID) -> FlaskResponse:
    """Send a paper from a locker to be kept, to those who may see it: never a page of ours."""
    with reading() as session:
        found = queries.evidence_paper(session, evidence_id=evidence_id, by=current_actor())
    answer = file_answer(found.name, found.content, found.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@catalogue.route("/my-store/councils/<uuid:council_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def my_council(council_id: UUID) -> str | Response:
    """Show what one council decided about the store, and let the store say that it is wrong."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        dealings = queries.own_dealings(session, council_id=council_id, by=actor, at=at)
    form = AppealForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.appeal(session, form.wish(council_id), by=actor, at=at)
        except (AppealError, BadWordsError) as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash("Your appeal is with the council. Somebody else there looks at it.")
            return redirect(url_for("catalogue.my_council", council_id=council_id))
    return render_template("catalogue/my_council.html", form=form, dealings=dealings)


def _added(form: EvidenceForm) -> bool:
    try:
        with transaction() as session:
            commands.add_evidence(session, form.wish(), by=current_actor(), at=clock.now())
    except BadWordsError as refusal:
        form.note.errors = [str(refusal)]
    except BadDocumentError as refusal:
        form.paper.errors = [str(refusal)]
    except BadEvidenceError as refusal:
        form[refusal.field or "kind"].errors = [str(refusal)]
    else:
        return True
    return False
