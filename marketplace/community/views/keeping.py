"""Looking after a group: what it says of itself, who keeps it, handing it on."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.community import commands, queries
from marketplace.community.errors import BadEntryError, LastKeeperError
from marketplace.community.forms import ChangeGroupForm, ClaimGroupForm, KeeperForm
from marketplace.community.views.blueprint import community
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.web.site import settings

_INVITATIONS_MAX = 20
"""Letters one person may have sent in a quarter of an hour."""


@community.route("/groups/<slug>/keep")
@requires(Permission.SIGNED_IN)
def keep(slug: str) -> str:
    """Show one's group with everything to be done about it."""
    at = clock.now()
    with reading() as session:
        kept = queries.kept_group(session, slug=slug, by=current_actor())
    return render_template("community/keep.html", kept=kept, group=kept.card, at=at)


@community.route("/groups/<slug>/change", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def change_group(slug: str) -> str | Response:
    """Change what one's group says of itself."""
    actor, form = current_actor(), ChangeGroupForm()
    with reading() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
    if form.validate_on_submit():
        with transaction() as session:
            commands.change_group(session, form.wish(card.id), by=actor, at=clock.now())
        flash("Your changes are saved.")
        return redirect(url_for("community.keep", slug=slug))
    if request.method == "GET":
        form.show(card)
    return render_template("community/change_group.html", form=form, group=card)


@community.route("/groups/<slug>/close", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def close_group(slug: str) -> str | Response:
    """Ask once more, then close one's group."""
    actor = current_actor()
    with reading() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
    if request.method == "POST":
        with transaction() as session:
            commands.close_group(session, group_id=card.id, by=actor, at=clock.now())
        flash(f"{card.name} is closed. Nobody finds it any more.")
        return redirect(url_for("community.keep", slug=slug))
    return render_template("community/close_group.html", group=card)


@community.route("/groups/<slug>/open", methods=["POST"])
@requires(Permission.SIGNED_IN)
def open_group(slug: str) -> Response:
    """Open one's closed group again, or ask the council to look again at a hidden one."""
    actor, at = current_actor(), clock.now()
    with transaction() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
        again = commands.open_again if card.state == "closed" else commands.ask_again
        again(session, group_id=card.id, by=actor, at=at)
    flash("The council looks at it before everybody can find it.")
    return redirect(url_for("community.keep", slug=slug))


@community.route("/groups/<slug>/keepers", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def keepers(slug: str) -> str | Response:
    """Show who looks after one's group, and send somebody a link to help."""
    actor, form, at = current_actor(), KeeperForm(), clock.now()
    with reading() as session:
        kept = queries.kept_group(session, slug=slug, by=actor)
    if form.validate_on_submit():
        try:
            limits = {f"invite-keeper/{actor.user_id}": _INVITATIONS_MAX}
            with transaction() as session:
                count_try(session, limits=limits, at=at)
            with transaction() as session:
                commands.invite_keeper(
                    session,
                    group_id=kept.card.id,
                    email=form.email.data,
                    secret_key=settings().secret_key,
                    by=actor,
                    at=at,
                )
        except (TooManyTriesError, BadEntryError) as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash("The link is on its way.")
            return redirect(url_for("community.keepers", slug=slug))
    return render_template("community/keepers.html", form=form, kept=kept, group=kept.card)


@community.route("/groups/<slug>/keepers/<uuid:invitation_id>/end", methods=["POST"])
@requires(Permission.SIGNED_IN)
def end_keeper_invitation(slug: str, invitation_id: UUID) -> Response:
    """Take a link back that nobody has used."""
    actor = current_actor()
    with transaction() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
        commands.take_back_invitation(
            session, group_id=card.id, invitation_id=invitation_id, by=actor, at=clock.now()
        )
    flash("That link is no longer good.")
    return redirect(url_for("community.keepers", slug=slug))


@community.route("/groups/<slug>/leave", methods=["POST"])
@requires(Permission.SIGNED_IN)
def leave_group(slug: str) -> Response:
    """Stop looking after a group."""
    actor = current_actor()
    try:
        with transaction() as session:
            card = queries.kept_group(session, slug=slug, by=actor).card
            commands.leave_group(session, group_id=card.id, by=actor, at=clock.now())
    except LastKeeperError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("community.keepers", slug=slug))
    flash(f"You no longer look after {card.name}.")
    return redirect(url_for("community.my_groups"))


@community.route("/groups/invitation/<token>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def keeper_invitation(token: str) -> str | Response:
    """Ask for one press of a button, then make the reader of a letter a keeper."""
    if request.method == "GET":
        return render_template("community/keeper_invitation.html")
    with transaction() as session:
        slug = commands.become_keeper(
            session,
            link=token,
            secret_key=settings().secret_key,
            by=current_actor(),
            at=clock.now(),
        )
    flash("You look after this group now. Thank you.")
    return redirect(url_for("community.keep", slug=slug))


@community.route("/groups/<slug>/claim", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def claim_group(slug: str) -> str | Response:
    """Ask who says that a group nobody looks after is theirs."""
    actor, form = current_actor(), ClaimGroupForm()
    with reading() as session:
        page = queries.seen_group(session, slug=slug, by=None)
    if page.kept:
        raise NotFoundError
    if form.validate_on_submit():
        with transaction() as session:
            commands.claim_group(
                session,
                claim_id=form.claim_id.data,
                group_id=page.card.id,
                words=form.words.data or "",
                by=actor,
                at=clock.now(),
            )
        flash("The council decides. We write to you.")
        return redirect(url_for("community.group", slug=slug))
    return render_template("community/claim_group.html", form=form, group=page.card)


@community.route("/groups/confirm/<token>", methods=["GET", "POST"])
@public
def confirm_by_letter(token: str) -> str:
    """Show what a letter asked about, and confirm all of it by one press of a button."""
    secret = settings().secret_key
    if request.method == "POST":
        with transaction() as session:
            name, count = commands.confirm_by_link(
                session, link=token, secret_key=secret, at=clock.now()
            )
        return render_template("community/confirmed.html", name=name, count=count)
    with reading() as session:
        group_id = commands.check_link(session, link=token, secret_key=secret)
        listings = queries.listings_of(session, group_id=group_id)
    return render_template("community/confirm_by_letter.html", listings=listings)
