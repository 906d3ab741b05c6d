"""Checking providers and deciding claims, for a council's moderators."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import DecideOnProvider
from marketplace.catalogue.errors import ReasonMissingError, WrongStateError
from marketplace.catalogue.forms import DecideClaimForm, DecideProviderForm
from marketplace.catalogue.rules import CheckState
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import page_number


@catalogue.route("/moderation/providers")
@requires(Permission.MODERATE)
def moderate_providers() -> str:
    """Show the providers that applied to the council, those that wait first."""
    typed = request.args.get("state", "")
    state = CheckState(typed) if typed in list(CheckState) else None
    with reading() as session:
        page = queries.providers_to_check(
            session,
            by=current_actor(),
            state=state,
            page=page_number(request.args.get("page")),
        )
        appeals = queries.count_open_appeals(session, council_id=current_actor().works_for)
    return render_template(
        "catalogue/moderate_providers.html",
        page=page,
        state=state,
        states=list(CheckState),
        appeals=appeals,
    )


@catalogue.route("/moderation/providers/<uuid:provider_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def moderate_provider(provider_id: UUID) -> str | Response:
    """Show one provider and its evidence, and ask what the council decides."""
    actor, at = current_actor(), clock.now()
    today = clock.local_day(at)
    with reading() as session:
        provider, evidence = queries.provider_to_check(session, provider_id=provider_id, by=actor)
        dealings = queries.dealings(
            session, provider_id=provider_id, council_id=actor.works_for, at=at
        )
        needs = queries.needs_of(
            session,
            council_ids=[actor.works_for],
            categories=provider.categories,
            evidence=evidence,
            on=today,
        )
    form = DecideProviderForm()
    if form.validate_on_submit():
        wish = DecideOnProvider(
            provider_id=provider_id,
            state=CheckState(form.state.data),
            reason=form.reason.data or "",
        )
        try:
            with transaction() as session:
                commands.decide_on_provider(session, wish, by=actor, at=at)
        except (ReasonMissingError, WrongStateError) as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash(f"{provider.name}: {wish.state.label.lower()}. We write to them.")
            return redirect(url_for("catalogue.moderate_providers"))
    return render_template(
        "catalogue/moderate_provider.html",
        form=form,
        provider=provider,
        evidence=evidence,
        dealings=dealings,
        needs=needs[0].kinds if needs else (),
        council_id=actor.works_for,
        today=today,
    )


@catalogue.route(
    "/moderation/providers/<uuid:provider_id>/evidence/<uuid:evidence_id>", methods=["POST"]
)
@requires(Permission.MODERATE)
def accept_evidence(provider_id: UUID, evidence_id: UUID) -> Response:
    """Accept a piece of evidence for the council, looked at or on another council's word."""
    actor, here = current_actor(), url_for("catalogue.moderate_provider", provider_id=provider_id)
    try:
        with transaction() as session:
            # The address names both: neither may be another council's.
            queries.provider_to_check(session, provider_id=provider_id, by=actor)
            commands.check_evidence(
                session,
                evidence_id=evidence_id,
                taken_from_id=request.form.get("taken_from", type=UUID),
                by=actor,
                at=clock.now(),
            )
    except WrongStateError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Your council accepts this evidence.")
    return redirect(here)


@catalogue.route("/moderation/claims")
@requires(Permission.MODERATE)
def moderate_claims() -> str:
    """Show who says that a store from a public register is theirs."""
    with reading() as session:
        claims = queries.claims_to_decide(session, by=current_actor())
    return render_template("catalogue/moderate_claims.html", claims=claims)


@catalogue.route("/moderation/claims/<uuid:claim_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_claim(claim_id: UUID) -> str | Response:
    """Ask whether somebody may look after a store."""
    actor = current_actor()
    with reading() as session:
        claims = queries.claims_to_decide(session, by=actor)
    claim = next((found for found in claims if found.id == claim_id), None)
    if claim is None:
        raise NotFoundError
    form = DecideClaimForm()
    if form.validate_on_submit():
        approve = form.answer.data == "yes"
        try:
            with transaction() as session:
                commands.decide_claim(
                    session,
                    claim_id=claim_id,
                    approve=approve,
                    reason=form.reason.data or "",
                    by=actor,
                    at=clock.now(),
                )
        except ReasonMissingError as refusal:
            form.reason.errors = [str(refusal)]
        else:
            done = "looks after the store now" if approve else "was refused"
            flash(f"{claim.user_name} {done}. We write to them.")
            return redirect(url_for("catalogue.moderate_claims"))
    return render_template("catalogue/decide_claim.html", form=form, claim=claim)
