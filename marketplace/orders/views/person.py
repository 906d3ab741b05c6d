"""A person's orders: the list, one of them, and all they can do with it."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets.queries import limits_after_orders
from marketplace.budgets.rules import Answer
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import ConflictError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import page_number
from marketplace.orders import commands, queries
from marketplace.orders.commands import Decided
from marketplace.orders.errors import (
    BadLineError,
    CeilingError,
    ConflictedError,
    SameHandsError,
    ShareDueError,
)
from marketplace.orders.forms import CancelForm, ConfirmForm, DecideForm
from marketplace.orders.queries import OrderView, VisitRow
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do


@orders.route("/orders")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """List a person's orders, what waits for a yes first."""
    actor = current_actor()
    if actor.person_id is None:
        raise NotFoundError
    with reading() as session:
        page = queries.orders_of_person(
            session, by=actor, page=page_number(request.args.get("page"))
        )
        wrong = queries.queries_of_person(session, by=actor)
        stops = queries.stops_of_person(session, by=actor)
        waiting = (
            queries.suggestions_for(session, by=actor)
            if actor.may(Permission.APPROVE_ORDERS)
            else []
        )
        to_confirm = (
            queries.to_confirm_of_person(session, person_id=actor.person_id, at=clock.now())
            if actor.may(Permission.PLACE_ORDERS)
            else []
        )
    return render_template(
        "orders/index.html",
        page=page,
        waiting=waiting,
        wrong=wrong,
        stops=stops,
        to_confirm=to_confirm,
        sees_wallet=actor.may(Permission.SEE_WALLET),
        actor=actor,
    )


@orders.route("/orders/<uuid:order_id>")
@requires(Permission.SIGNED_IN)
def show(order_id: UUID) -> str:
    """Show an order: what, when, who said what, and what can be done now."""
    actor = current_actor()
    order = _order(order_id)
    sees_wallet = actor.may(Permission.SEE_WALLET)
    with reading() as session:
        left = (
            limits_after_orders(
                session, order_ids=[order_id], person_id=actor.buys_for, at=clock.now()
            )
            if sees_wallet
            else []
        )
        queried = queries.queries_of_order(session, order_id=order_id)
        late = queries.visits_to_query_late(session, order=order, at=clock.now())
    approves = actor.may(Permission.APPROVE_ORDERS) and actor.user_id != order.placed_by_id
    return render_template(
        "orders/show.html",
        order=order,
        left=left,
        queried=queried,
        late=late,
        sees_wallet=sees_wallet,
        actor=actor,
        form=DecideForm(),
        may_place=actor.may(Permission.PLACE_ORDERS),
        may_approve=approves,
        may_refuse=approves or actor.user_id == order.placed_by_id,
    )


@orders.route("/orders/<uuid:order_id>/approve", methods=["POST"])
@requires(Permission.APPROVE_ORDERS)
def approve(order_id: UUID) -> Response:
    """Say yes to what a supporter suggested."""
    return _decide(
        order_id,
        "You said yes.",
        lambda session, words: commands.approve_order(
            session, order_id=order_id, words=words, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/orders/<uuid:order_id>/turn-down", methods=["POST"])
@requires(Permission.SIGNED_IN)
def turn_down(order_id: UUID) -> Response:
    """Say no to what a supporter suggested, or take back one's own suggestion."""
    return _decide(
        order_id,
        "You said no. The others can still say yes or no.",
        lambda session, words: commands.refuse_proposal(
            session, order_id=order_id, reason=words, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/orders/<uuid:order_id>/agree", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def agree(order_id: UUID) -> Response:
    """Agree to the time the provider suggested."""
    return _do(
        order_id,
        "You agreed to the new time. The provider is told.",
        lambda session: commands.agree_change(
            session, order_id=order_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/orders/<uuid:order_id>/keep-time", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def keep_time(order_id: UUID) -> Response:
    """Say no to the time the provider suggested."""
    return _do(
        order_id,
        "You said no to the new time. The provider is told.",
        lambda session: commands.turn_down_change(
            session, order_id=order_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/orders/<uuid:order_id>/confirm", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def confirm(order_id: UUID) -> Response:
    """Say that one or all noted visits were delivered."""
    form = ConfirmForm()
    return _do(
        order_id,
        "Thank you. It is confirmed, and the provider will be paid.",
        lambda session: commands.confirm_visits(
            session,
            order_id=order_id,
            visit_ids=form.visits.data or [],
            by=current_actor(),
            at=clock.now(),
        ),
    )


@orders.route("/orders/<uuid:order_id>/cancel", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def cancel(order_id: UUID) -> str | Response:
    """Say what cancelling costs now, then cancel."""
    order = _order(order_id)
    form = CancelForm(agreed_pence=str(order.late_share.pence))
    if form.validate_on_submit():
        done = _call_off(
            lambda session: commands.cancel_order(
                session,
                order_id=order_id,
                reason=form.reason.data or "",
                agreed=form.agreed,
                by=current_actor(),
                at=clock.now(),
            )
        )
        return redirect(url_for("orders.show" if done else "orders.cancel", order_id=order_id))
    share = _shown(form, order.late_share)
    return render_template("orders/cancel.html", form=form, order=order, share=share)


@orders.route("/orders/visits/<uuid:visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def cancel_visit(visit_id: UUID) -> str | Response:
    """Say what cancelling one visit costs now, then cancel it."""
    order, visit = _visit(visit_id)
    form = CancelForm(agreed_pence=str(visit.late_share.pence))
    if form.validate_on_submit():
        done = _call_off(
            lambda session: commands.cancel_visit(
                session,
                visit_id=visit_id,
                reason=form.reason.data or "",
                agreed=form.agreed,
                by=current_actor(),
                at=clock.now(),
            )
        )
        if done:
            return _back(order.id)
        return redirect(url_for("orders.cancel_visit", visit_id=visit_id))
    share = _shown(form, visit.late_share)
    return render_template(
        "orders/cancel_visit.html", form=form, order=order, visit=visit, share=share
    )


def _decide(order_id: UUID, said: str, deed: Callable[[Session, str], Decided]) -> Response:
    form = DecideForm()
    try:
        with transaction() as session:
            decided = deed(session, form.said)
    except (BadLineError, CeilingError, ConflictedError, SameHandsError, ConflictError) as refusal:
        flash(str(refusal), "warning")
        return _back(order_id)
    if decided.placed:
        flash("You said yes. The money is set aside and the provider is told.")
    elif decided.refused:
        flash("You said no. Nothing was ordered.")
    elif decided.asks is not None and current_actor().may(Permission.PLACE_ORDERS):
        flash(f"{decided.refusal} The yes is kept. You can ask for it to be allowed once.")
        return _to_asking(order_id, decided.asks)
    elif decided.refusal:
        flash(f"{decided.refusal} The yes is kept, and you can try again.", "warning")
    else:
        flash(f"{said} It still waits for {decided.missing}.")
    return _back(order_id)


def _to_asking(order_id: UUID, answer: Answer) -> Response:
    """Lead to the page on which one asks to go past the limit once, filled with this order."""
    page = url_for(
        "budgets.ask_once",
        limit_id=answer.limit_id,
        provider=answer.spend.provider_id,
        pence=answer.spend.amount.pence,
        what=", ".join(line.title for line in _order(order_id).lines),
    )
    return redirect(page)


def _order(order_id: UUID) -> OrderView:
    actor = current_actor()
    if actor.person_id is None:
        raise NotFoundError("We cannot find that order.")
    with reading() as session:
        return queries.order_for(session, order_id=order_id, seen_by=actor, at=clock.now())


def _visit(visit_id: UUID) -> tuple[OrderView, VisitRow]:
    with reading() as session:
        order_id = queries.order_of_visit(session, visit_id=visit_id)
    order = _order(order_id)
    return order, next(visit for visit in order.visits if visit.id == visit_id)


def _do(order_id: UUID, said: str, deed: Deed) -> Response:
    return do(deed, said, lambda: _back(order_id))


def _call_off(deed: Deed) -> bool:
    try:
        with transaction() as session:
            deed(session)
    except ShareDueError as refusal:
        flash(str(refusal), "warning")
        return False
    except ConflictError as refusal:
        flash(str(refusal), "warning")
        return True
    flash("It is cancelled, and the provider is told.")
    return True


def _shown(form: CancelForm, share: Money) -> Money:
    # The form sends back the share that stands on the page, so that nobody pays one unseen.
    form.agreed_pence.data = str(share.pence)
    return share


def _back(order_id: UUID) -> Response:
    return redirect(url_for("orders.show", order_id=order_id))
