"""The circle of support: who is in it, inviting, changing, ending."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.errors import CircleTooSmallError, InvitationError
from marketplace.access.forms import CircleRuleForm, InviteForm, SupporterForm
from marketplace.access.guards import current_actor, requires
from marketplace.access.queries import SupporterRow
from marketplace.access.rules import Permission
from marketplace.access.views.blueprint import access
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError, NotFoundError


@access.route("/circle")
@requires(Permission.MANAGE_CIRCLE)
def circle() -> str:
    """Show a person's circle of support."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        rows = queries.circle_of(session, person_id=actor.buys_for)
        said = queries.declarations_of(session, supporter_row_ids=[row.id for row in rows])
        rule = queries.circle_rule(session, person_id=actor.buys_for)
        stuck = queries.who_gets_stuck(session, person_id=actor.buys_for, yeses=rule.yeses, at=at)
    return render_template(
        "access/circle.html",
        said=said,
        rule=rule,
        stuck=stuck,
        rows=[row for row in rows if row.ended_at is None],
        ended=[row for row in rows if row.ended_at is not None],
        today=clock.local_day(at),
        actor=actor,
    )


@access.route("/circle/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_CIRCLE)
def invite() -> str | Response:
    """Ask somebody to be in the circle."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.invite_supporter(session, form.wish(), by=current_actor(), at=clock.now())
        except (InvitationError, NotAllowedError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(f"We have written to {form.email.data}.")
            return redirect(url_for("access.circle"))
    return render_template("access/invite.html", form=form, actor=current_actor())


@access.route("/circle/<uuid:row_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CIRCLE)
def supporter(row_id: UUID) -> str | Response:
    """Change what somebody in the circle may do, and until when."""
    row = _of_circle(row_id)
    form = SupporterForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_supporter(
                    session,
                    supporter_row_id=row_id,
                    **form.terms(),
                    by=current_actor(),
                    at=clock.now(),
                )
        except (InvitationError, NotAllowedError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash("Your change is saved.")
            return redirect(url_for("access.circle"))
    elif not form.is_submitted():
        form.show(row)
    return render_template("access/supporter.html", form=form, row=row)


@access.route("/circle/how-we-decide", methods=["GET", "POST"])
@requires(Permission.MANAGE_CIRCLE)
def choose_rule() -> str | Response:
    """Choose how many yeses an order needs, and which orders need any."""
    actor, form = current_actor(), CircleRuleForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.choose_circle_rule(session, form.wish(), by=actor, at=clock.now())
        except CircleTooSmallError as refusal:
            form.yeses.errors = [str(refusal)]
        else:
            flash("Your choice is saved. It counts for what is suggested from now on.")
            return redirect(url_for("access.circle"))
    elif not form.is_submitted():
        with reading() as session:
            form.show(queries.circle_rule(session, person_id=actor.buys_for))
    return render_template("access/choose_rule.html", form=form, actor=actor)


@access.route("/circle/<uuid:row_id>/agree", methods=["POST"])
@requires(Permission.MANAGE_CIRCLE)
def agree_to_broker(row_id: UUID) -> Response:
    """Say yes to a broker, having read what they charge and what they sell."""
    with transaction() as session:
        commands.agree_to_broker(
            session, supporter_row_id=row_id, by=current_actor(), at=clock.now()
        )
    flash("They are your broker now.")
    return redirect(url_for("access.circle"))


@access.route("/circle/<uuid:row_id>/end", methods=["POST"])
@requires(Permission.SIGNED_IN)
def end_supporter(row_id: UUID) -> Response:
    """Take somebody out of the circle, withdraw an invitation, or leave a circle."""
    actor = current_actor()
    with transaction() as session:
        commands.end_supporter(session, supporter_row_id=row_id, by=actor, at=clock.now())
    flash("That is ended. They can no longer act. Orders they placed stay as they are.")
    if actor.may(Permission.MANAGE_CIRCLE) and not actor.acts_for_another:
        return redirect(url_for("access.circle"))
    return redirect(url_for("access.hats"))


def _of_circle(row_id: UUID) -> SupporterRow:
    with reading() as session:
        row = queries.supporter(session, supporter_row_id=row_id)
    if row.person_id != current_actor().buys_for or row.ended_at is not None:
        raise NotFoundError
    return row
