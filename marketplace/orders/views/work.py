"""The provider's side: what is new, what is to be delivered, what became of it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import page_number
from marketplace.orders import commands, queries
from marketplace.orders.errors import BadLineError, CreditTooMuchError, WrongStateError
from marketplace.orders.forms import ChangeForm, CreditForm, DeclineForm, WordsForm
from marketplace.orders.queries import OrderView, VisitRow
from marketplace.orders.rules import OrderState, VisitState
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do

NEW = (OrderState.PLACED, OrderState.CHANGE_PROPOSED)
WAITING = (VisitState.NOTED,)


@orders.route("/work")
@requires(Permission.TAKE_ORDERS)
def work() -> str:
    """Show what is new, what is to be delivered by day, and what waits to be confirmed."""
    provider_id, at = current_actor().works_for, clock.now()
    with reading() as session:
        new = queries.orders_of_provider(session, provider_id=provider_id, states=NEW)
        planned = queries.visits_of_provider(
            session, provider_id=provider_id, states=[VisitState.PLANNED], at=at
        )
        waiting = queries.visits_of_provider(
            session, provider_id=provider_id, states=WAITING, at=at
        )
        wrong = queries.queries_of_provider(session, provider_id=provider_id)
    days: dict[object, list[tuple[VisitRow, str]]] = {}
    for visit, name in planned:
        day = local_day(visit.planned_at) if visit.planned_at else None
        days.setdefault(day, []).append((visit, name))
    return render_template(
        "orders/work.html",
        new=new.rows,
        days=days,
        waiting=waiting,
        wrong=wrong,
        today=local_day(at),
    )


@orders.route("/work/orders")
@requires(Permission.TAKE_ORDERS)
def work_orders() -> str:
    """List all orders that were ever sent to the provider."""
    with reading() as session:
        page = queries.orders_of_provider(
            session,
            provider_id=current_actor().works_for,
            page=page_number(request.args.get("page")),
        )
    return render_template("orders/work_orders.html", page=page)


@orders.route("/work/orders/<uuid:order_id>")
@requires(Permission.TAKE_ORDERS)
def work_order(order_id: UUID) -> str:
    """Show an order to the provider."""
    order = _order(order_id)
    with reading() as session:
        queried = queries.queries_of_order(session, order_id=order_id)
    return render_template("orders/work_order.html", order=order, queried=queried, late=())


@orders.route("/work/orders/<uuid:order_id>/accept", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def accept(order_id: UUID) -> Response:
    """Take an order on."""
    return _do(
        order_id,
        "You said yes. The person is told.",
        lambda session: commands.accept_order(
            session, order_id=order_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/work/orders/<uuid:order_id>/decline", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def decline(order_id: UUID) -> str | Response:
    """Ask why an order cannot be taken, then say no to it."""
    order, form = _order(order_id), DeclineForm()
    if form.validate_on_submit():
        return _do(
            order_id,
            "You said no. The person is told, and has their money back.",
            lambda session: commands.decline_order(
                session,
                order_id=order_id,
                reason=form.words.data or "",
                by=current_actor(),
                at=clock.now(),
            ),
        )
    return render_template("orders/decline.html", form=form, order=order)


@orders.route("/work/orders/<uuid:order_id>/propose", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def propose(order_id: UUID) -> str | Response:
    """Ask for another first time, then suggest it to the person."""
    order, form = _order(order_id), ChangeForm()
    form.line_id.choices = [SelectChoice(str(line.id), line.what) for line in order.lines]
    if len(order.lines) == 1 or order.standing_id is not None:
        del form.line_id
    if form.validate_on_submit():
        return _do(
            order_id,
            "You suggested another time. The person is told.",
            lambda session: commands.propose_change(
                session, form.wish(order_id), by=current_actor(), at=clock.now()
            ),
        )
    return render_template("orders/propose.html", form=form, order=order)


@orders.route("/work/visits/<uuid:visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def call_off(visit_id: UUID) -> str | Response:
    """Ask why the provider cannot come, then give the visit's money back."""
    order, visit = _visit(visit_id)
    form = WordsForm()
    if form.validate_on_submit():
        return _do(
            order.id,
            "The visit is cancelled. The person is told, and has their money back.",
            lambda session: commands.cancel_visit(
                session,
                visit_id=visit_id,
                reason=form.words.data or "",
                by=current_actor(),
                at=clock.now(),
            ),
        )
    return render_template("orders/call_off.html", form=form, order=order, visit=visit)


@orders.route("/work/invoices/<uuid:invoice_id>/credit", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def credit(invoice_id: UUID) -> str | Response:
    """Ask how much of an invoice to give back and why, then write the credit note."""
    with reading() as session:
        invoice = queries.invoice_for(session, invoice_id=invoice_id, seen_by=current_actor())
    form = CreditForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.credit(session, form.wish(invoice_id), by=current_actor(), at=clock.now())
        except (BadLineError, CreditTooMuchError, WrongStateError) as refusal:
            form.amount.errors = [str(refusal)]
        else:
            flash("The credit note is written, and the money is back where it came from.")
            return redirect(url_for("orders.invoice", invoice_id=invoice_id))
    return render_template("orders/credit.html", form=form, invoice=invoice)


def _order(order_id: UUID) -> OrderView:
    actor = current_actor()
    with reading() as session:
        order = queries.order_for(session, order_id=order_id, seen_by=actor, at=clock.now())
    if order.provider_id != actor.organisation_id:
        raise NotFoundError("We cannot find that order.")
    return order


def _visit(visit_id: UUID) -> tuple[OrderView, VisitRow]:
    with reading() as session:
        order_id = queries.order_of_visit(session, visit_id=visit_id)
    order = _order(order_id)
    return order, next(visit for visit in order.visits if visit.id == visit_id)


def _do(order_id: UUID, said: str, deed: Deed) -> Response:
    return do(deed, said, lambda: redirect(url_for("orders.work_order", order_id=order_id)))
