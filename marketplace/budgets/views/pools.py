"""Pools: money that some people put together, with each one's share of it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError, PoolError
from marketplace.budgets.forms.pools import (
    InviteToPoolForm,
    MakePoolForm,
    PutIntoPoolForm,
    TakeFromPoolForm,
)
from marketplace.budgets.queries import LineRow, PoolView
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError, NotFoundError


@budgets.route("/pools")
@requires(Permission.SEE_WALLET)
def pools() -> str:
    """List the pools somebody is in, and those they are asked into."""
    actor = current_actor()
    with reading() as session:
        mine = queries.pools_of(session, person_id=actor.buys_for)
        asked = queries.pool_invitations(session, by=actor)
        may_consent = queries.may_consent(session, by=actor, at=clock.now())
    return render_template(
        "budgets/pools.html", pools=mine, asked=asked, may_consent=may_consent, actor=actor
    )


@budgets.route("/pools/new", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def make_pool() -> str | Response:
    """Ask what the pool is called and for, then make it."""
    actor, form = current_actor(), MakePoolForm()
    _check_may_consent()
    form.offer_councils(_own_lines())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                pool_id = commands.make_pool(session, form.wish, by=actor, at=clock.now())
        except BadLineError as refusal:
            form[refusal.field].errors = [str(refusal)]
        except PoolError as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash("The pool is made. Ask somebody to join, and put money in.")
            return redirect(url_for("budgets.pool", pool_id=pool_id))
    return render_template("budgets/pools_make.html", form=form, actor=actor)


@budgets.route("/pools/<uuid:pool_id>")
@requires(Permission.SEE_WALLET)
def pool(pool_id: UUID) -> str:
    """Show a pool: whose money is in it, what it paid for, and what can be done."""
    actor = current_actor()
    return render_template(
        "budgets/pools_show.html",
        pool=_pool(pool_id),
        may_pay=actor.may(Permission.PLACE_ORDERS),
        may_answer=actor.may(Permission.APPROVE_ORDERS),
    )


@budgets.route("/pools/<uuid:pool_id>/invite", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def invite_to_pool(pool_id: UUID) -> str | Response:
    """Ask for an address, then ask that person to join."""
    found, form = _pool(pool_id), InviteToPoolForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.invite_to_pool(
                    session, form.wish(pool_id), by=current_actor(), at=clock.now()
                )
        except BadLineError as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash(f"We have written to {form.email.data}.")
            return redirect(url_for("budgets.pool", pool_id=pool_id))
    return render_template("budgets/pools_invite.html", form=form, pool=found)


@budgets.route("/pools/invitations/<uuid:invitation_id>", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def pool_invitation(invitation_id: UUID) -> str | Response:
    """Say in plain words what joining a pool means, then take the answer."""
    actor, agrees = current_actor(), request.form.get("answer") == "yes"
    with reading() as session:
        asked = queries.find_pool_invitation(session, invitation_id=invitation_id, by=actor)
    _check_may_consent()
    if request.method == "GET":
        return render_template("budgets/pools_invitation.html", asked=asked, actor=actor)
    with transaction() as session:
        pool_id = commands.answer_pool_invitation(
            session, invitation_id=invitation_id, agrees=agrees, by=actor, at=clock.now()
        )
    if not agrees:
        flash("You said no. Nothing happens to the money.")
        return redirect(url_for("budgets.pools"))
    flash(f"You are in the pool {asked.pool_name}.")
    return redirect(url_for("budgets.pool", pool_id=pool_id))


@budgets.route("/pools/<uuid:pool_id>/put-in", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def put_into_pool(pool_id: UUID) -> str | Response:
    """Ask how much of which money, then put it into the pool."""
    found, form = _pool(pool_id), PutIntoPoolForm()
    form.offer_lines([line for line in _own_lines() if line.council_id == found.council_id])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.put_into_pool(
                    session, form.wish(pool_id), by=current_actor(), at=clock.now()
                )
        except BadLineError as refusal:
            form.amount.errors = [str(refusal)]
        except PoolError as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(f"{form.amount.data} is in the pool.")
            return redirect(url_for("budgets.pool", pool_id=pool_id))
    return render_template("budgets/pools_put_in.html", form=form, pool=found)


@budgets.route("/pools/<uuid:pool_id>/shares/<uuid:share_id>/take-out", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def take_from_pool(pool_id: UUID, share_id: UUID) -> str | Response:
    """Ask how much of one's own share to take back."""
    found, form = _pool(pool_id), TakeFromPoolForm()
    share = next((one for one in found.mine if one.line_id == share_id), None)
    if share is None:
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.take_from_pool(
                    session, form.wish(pool_id, share_id), by=current_actor(), at=clock.now()
                )
        except BadLineError as refusal:
            form.amount.errors = [str(refusal)]
        except PoolError as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(f"{form.amount.data} is back where it came from.")
            return redirect(url_for("budgets.pool", pool_id=pool_id))
    return render_template("budgets/pools_take_out.html", form=form, pool=found, share=share)


@budgets.route("/pools/<uuid:pool_id>/leave", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def leave_pool(pool_id: UUID) -> str | Response:
    """Say what happens to the money of whoever leaves, then let them."""
    found = _pool(pool_id)
    if request.method == "GET":
        return render_template("budgets/pools_leave.html", pool=found)
    with transaction() as session:
        back = commands.leave_pool(session, pool_id=pool_id, by=current_actor(), at=clock.now())
    flash(f"You have left {found.name}. {back} is back where it came from.")
    return redirect(url_for("budgets.pools"))


@budgets.route("/pools/<uuid:pool_id>/end", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def end_pool(pool_id: UUID) -> str | Response:
    """Say what happens to everybody's money when a pool ends, then end it."""
    found = _pool(pool_id)
    if request.method == "GET":
        return render_template("budgets/pools_end.html", pool=found)
    with transaction() as session:
        commands.end_pool(session, pool_id=pool_id, by=current_actor(), at=clock.now())
    flash(f"{found.name} has ended. What was free went back to everybody.")
    return redirect(url_for("budgets.pools"))


@budgets.route("/pools/<uuid:pool_id>/asks/<uuid:ask_id>", methods=["POST"])
@requires(Permission.APPROVE_ORDERS)
def answer_pool_ask(pool_id: UUID, ask_id: UUID) -> Response:
    """Say yes or no to another member's order."""
    agrees = request.form.get("answer") == "yes"
    with transaction() as session:
        commands.answer_pool_ask(
            session,
            pool_id=pool_id,
            ask_id=ask_id,
            agrees=agrees,
            by=current_actor(),
            at=clock.now(),
        )
    flash("You said yes. They can place the order now." if agrees else "You said no.")
    return redirect(url_for("budgets.pool", pool_id=pool_id))


def _pool(pool_id: UUID) -> PoolView:
    with reading() as session:
        return queries.pool_for(session, pool_id=pool_id, person_id=current_actor().buys_for)


def _own_lines() -> list[LineRow]:
    with reading() as session:
        return queries.lines_of(session, person_id=current_actor().buys_for, at=clock.now())


def _check_may_consent() -> None:
    actor = current_actor()
    with reading() as session:
        allowed = queries.may_consent(session, by=actor, at=clock.now())
    if not allowed:
        raise NotAllowedError(
            f"Only {actor.person_name}, or somebody who acts for them by law, can say yes or no to "
            "putting their money together with others."
        )
