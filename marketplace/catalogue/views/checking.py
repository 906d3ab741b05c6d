"""What a council wants to see of providers, what runs out, and appeals."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadWordsError, OwnDecisionError, ReasonMissingError
from marketplace.catalogue.forms import AnswerAppealForm, AskForEvidenceForm, NeededForm
from marketplace.catalogue.forms.checking import EVERYBODY
from marketplace.catalogue.rules import NeededKinds
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import page_number


@catalogue.route("/moderation/evidence")
@requires(Permission.MODERATE)
def evidence_to_check() -> str:
    """Show whose evidence is new, runs out, ran out or is missing, most urgent first."""
    with reading() as session:
        page = queries.evidence_worklist(
            session,
            by=current_actor(),
            on=clock.local_day(clock.now()),
            page=page_number(request.args.get("page")),
        )
    return render_template("catalogue/evidence_to_check.html", page=page)


@catalogue.route("/moderation/providers/<uuid:provider_id>/ask", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def ask_for_evidence(provider_id: UUID) -> str | Response:
    """Ask what the council wants to see of a provider, and write to it."""
    actor = current_actor()
    with reading() as session:
        provider, _ = queries.provider_to_check(session, provider_id=provider_id, by=actor)
    form = AskForEvidenceForm(data={"kind": request.args.get("kind", "")})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                wish = form.wish(provider_id)
                commands.ask_for_evidence(session, wish, by=actor, at=clock.now())
        except BadWordsError as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash(f"We write to {provider.name}.")
            return redirect(url_for("catalogue.moderate_provider", provider_id=provider_id))
    return render_template("catalogue/ask_for_evidence.html", form=form, provider=provider)


@catalogue.route("/moderation/needed", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def needed_evidence() -> str | Response:
    """Show which evidence the council wants of whom, and ask for a change."""
    actor = current_actor()
    with reading() as session:
        rows = queries.categories(session)
        needed = queries.needed_of(session, council_ids=[actor.works_for])[actor.works_for]
    form = NeededForm(data=_asked_about(needed))
    form.offer_categories(rows)
    if form.validate_on_submit():
        with transaction() as session:
            commands.set_needed(session, form.changed(needed), by=actor, at=clock.now())
        flash("Saved. Providers see in their locker what you want.")
        return redirect(url_for("catalogue.needed_evidence"))
    named = {"": "Everybody", **{row.slug: row.name for row in rows}}
    return render_template("catalogue/needed_evidence.html", form=form, needed=needed, named=named)


@catalogue.route("/moderation/appeals")
@requires(Permission.MODERATE)
def appeals() -> str:
    """Show the appeals that wait for an answer."""
    actor = current_actor()
    with reading() as session:
        waiting = queries.open_appeals(session, by=actor)
    return render_template("catalogue/appeals.html", appeals=waiting, me=actor.user_id)


@catalogue.route("/moderation/appeals/<uuid:appeal_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def answer_appeal(appeal_id: UUID) -> str | Response:
    """Show an appeal and what was decided, and ask whether that stays."""
    actor = current_actor()
    with reading() as session:
        waiting = queries.open_appeals(session, by=actor)
    found = next((each for each in waiting if each.id == appeal_id), None)
    if found is None:
        raise NotFoundError
    form = AnswerAppealForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                wish = form.wish(appeal_id)
                commands.answer_appeal(session, wish, by=actor, at=clock.now())
        except OwnDecisionError as refusal:
            form.decision.errors = [str(refusal)]
        except (BadWordsError, ReasonMissingError) as refusal:
            form.answer.errors = [str(refusal)]
        else:
            flash(f"Your answer is kept. We write to {found.provider_name}.")
            return redirect(url_for("catalogue.appeals"))
    return render_template(
        "catalogue/answer_appeal.html",
        form=form,
        appeal=found,
        is_own=found.decided_by_id == actor.user_id,
    )


def _asked_about(needed: NeededKinds) -> dict[str, object]:
    """Return the form for whom the address names, with what is wanted of them now."""
    category = request.args.get("category", EVERYBODY)
    kinds = needed.get("" if category == EVERYBODY else category, frozenset())
    return {"category": category, "kinds": [kind.value for kind in kinds]}
