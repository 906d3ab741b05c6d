"""What councils and the partners they trust decide about groups and entries."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.community import commands, queries
from marketplace.community.errors import NoSuchPersonError, ReasonMissingError
from marketplace.community.forms import (
    HIDE,
    DecideGroupClaimForm,
    DecideGroupForm,
    PartnerForm,
)
from marketplace.community.rules import HidingRule
from marketplace.community.views.blueprint import community
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError


@community.route("/moderation/groups")
@requires(Permission.MODERATE)
def moderate_groups() -> str:
    """Show what waits for the council: new groups, claims, reports nobody answered."""
    with reading() as session:
        waiting = queries.worklist(session, by=current_actor(), at=clock.now())
    return render_template("community/moderate_groups.html", waiting=waiting)


@community.route("/moderation/groups/<uuid:group_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def moderate_group(group_id: UUID) -> str | Response:
    """Show one group, and ask whether everybody may see it."""
    actor, form = current_actor(), DecideGroupForm()
    with reading() as session:
        card = queries.group_to_decide(session, group_id=group_id, by=actor)
        page = queries.seen_group(session, slug=card.slug, by=actor)
    if form.validate_on_submit():
        if form.decision.data == HIDE and not form.rule.data:
            form.rule.errors = ["Choose the rule."]
        else:
            try:
                return _decide(group_id, form)
            except ReasonMissingError as refusal:
                form.reason.errors = [str(refusal)]
    return render_template(
        "community/moderate_group.html", form=form, group=card, listings=page.listings
    )


@community.route("/moderation/group-claims/<uuid:claim_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_group_claim(claim_id: UUID) -> str | Response:
    """Ask whether somebody may look after a group that nobody keeps."""
    actor, form = current_actor(), DecideGroupClaimForm()
    with reading() as session:
        claim = queries.claim_to_decide(session, claim_id=claim_id, by=actor)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.decide_group_claim(
                    session,
                    claim_id=claim_id,
                    agree=form.answer.data == "yes",
                    reason=form.reason.data or "",
                    by=actor,
                    at=clock.now(),
                )
        except ReasonMissingError as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash(f"We write to {claim.user_name}.")
            return redirect(url_for("community.moderate_groups"))
    return render_template("community/decide_group_claim.html", form=form, claim=claim)


@community.route("/councils/<uuid:council_id>/partners", methods=["GET", "POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def partners(council_id: UUID) -> str | Response:
    """Show whom one's own council trusts to look at entries, and name somebody."""
    actor, form = current_actor(), PartnerForm()
    if council_id != actor.works_for:
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.name_partner(
                    session,
                    name=form.name.data,
                    email=form.email.data,
                    by=actor,
                    at=clock.now(),
                )
        except NoSuchPersonError as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash(f"{form.name.data} is a trusted partner now.")
            return redirect(url_for("community.partners", council_id=council_id))
    with reading() as session:
        rows = queries.partners_of(session, council_id=council_id)
    return render_template("community/partners.html", form=form, rows=rows, council_id=council_id)


@community.route("/councils/partners/<uuid:partner_id>/end", methods=["POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def end_partnership(partner_id: UUID) -> Response:
    """End a partnership: marks stay with their day, new ones there are none."""
    actor = current_actor()
    with transaction() as session:
        commands.end_partnership(session, partner_id=partner_id, by=actor, at=clock.now())
    flash("The partnership has ended. Marks stay, each with its day.")
    return redirect(url_for("community.partners", council_id=actor.works_for))


@community.route("/groups/to-check")
@requires(Permission.SIGNED_IN)
def to_check() -> str:
    """Show a trusted partner what waits to be looked at."""
    actor = current_actor()
    with reading() as session:
        groups, listings = queries.to_check(session, by=actor)
        trusted = queries.partnerships_of(session, user_id=actor.user_id)
    return render_template(
        "community/to_check.html", groups=groups, listings=listings, trusted=trusted
    )


@community.route("/groups/<slug>/checked", methods=["POST"])
@requires(Permission.SIGNED_IN)
def check_group(slug: str) -> Response:
    """Say, as a trusted partner, that a group is what it says."""
    actor = current_actor()
    with transaction() as session:
        card = queries.seen_group(session, slug=slug, by=actor).card
        commands.check_group(session, group_id=card.id, by=actor, at=clock.now())
    flash(f"{card.name} is marked as checked today.")
    return redirect(url_for("community.group", slug=slug))


@community.route("/activities/<uuid:listing_id>/checked", methods=["POST"])
@requires(Permission.SIGNED_IN)
def check_listing(listing_id: UUID) -> Response:
    """Say, as a trusted partner, that everything in an entry is right."""
    with transaction() as session:
        commands.check_listing(session, listing_id=listing_id, by=current_actor(), at=clock.now())
    flash("The entry is marked as checked today.")
    return redirect(url_for("community.activity", listing_id=listing_id))


def _decide(group_id: UUID, form: DecideGroupForm) -> Response:
    actor, at = current_actor(), clock.now()
    with transaction() as session:
        if form.decision.data == HIDE:
            commands.hide_group(
                session,
                group_id=group_id,
                rule=HidingRule(form.rule.data),
                reason=form.reason.data or "",
                by=actor,
                at=at,
            )
        else:
            commands.show_group(session, group_id=group_id, by=actor, at=at)
    flash("Your decision is saved. We write to the keepers.")
    return redirect(url_for("community.moderate_groups"))
