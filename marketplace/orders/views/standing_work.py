"""The provider's side of standing orders: what comes, who goes, and what waits for an answer."""

from datetime import date
from typing import cast
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue.queries.workers import workers_of
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import ConflictError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.errors import BadLineError, StandingRefusedError
from marketplace.orders.forms import DeclineForm
from marketplace.orders.forms.standing_deeds import StopForm, WorkerForm
from marketplace.orders.queries import StandingView
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do


@orders.route("/work/standing")
@requires(Permission.TAKE_ORDERS)
def work_standing() -> str:
    """List what goes on week after week, with the next four weeks."""
    with reading() as session:
        weeks = queries.standing_of_provider(
            session, provider_id=current_actor().works_for, at=clock.now()
        )
    return render_template("orders/work_standing.html", weeks=weeks)


@orders.route("/work/standing/<uuid:standing_id>")
@requires(Permission.TAKE_ORDERS)
def work_standing_order(standing_id: UUID) -> str:
    """Show a standing order to the provider."""
    return render_template("orders/work_standing_order.html", view=_view(standing_id))


@orders.route("/work/standing/<uuid:standing_id>/accept-change", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def accept_standing_change(standing_id: UUID) -> Response:
    """Say yes to other days or times."""
    return _do(
        standing_id,
        "You said yes to the change. The person is told.",
        lambda session: commands.accept_standing_change(
            session, standing_id=standing_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/work/standing/<uuid:standing_id>/decline-change", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def decline_standing_change(standing_id: UUID) -> str | Response:
    """Ask why the change cannot be, then say no to it."""
    view, form = _view(standing_id), DeclineForm()
    if form.validate_on_submit():
        return _do(
            standing_id,
            "You said no to the change. All stays as it is, and the person is told.",
            lambda session: commands.decline_standing_change(
                session,
                standing_id=standing_id,
                reason=form.words.data or "",
                by=current_actor(),
                at=clock.now(),
            ),
        )
    return render_template("orders/work_standing_decline.html", form=form, view=view)


@orders.route("/work/standing/<uuid:standing_id>/keep-price", methods=["POST"])
@requires(Permission.KEEP_STORE)
def keep_old_price(standing_id: UUID) -> Response:
    """Charge the old price until the person has answered."""
    return _do(
        standing_id,
        "You charge the old price until they answer. No week is left out.",
        lambda session: commands.keep_old_price(
            session, standing_id=standing_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/work/standing/<uuid:standing_id>/worker", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def standing_worker(standing_id: UUID) -> str | Response:
    """Ask who comes from which day on, then tell the person."""
    view, form = _view(standing_id), WorkerForm()
    _offer_workers(form)
    if form.validate_on_submit():
        return _do(
            standing_id,
            "The person is told who comes.",
            lambda session: commands.send_worker(
                session,
                standing_id=standing_id,
                worker=form.worker.data,
                from_on=cast("date", form.from_on.data),
                by=current_actor(),
                at=clock.now(),
            ),
        )
    return render_template("orders/work_standing_worker.html", form=form, view=view)


@orders.route("/work/standing/<uuid:standing_id>/stop", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def stop_standing(standing_id: UUID) -> str | Response:
    """Ask for the last day and why, then tell the person."""
    view, form = _view(standing_id), StopForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.stop_providing(
                    session, form.wish(standing_id), by=current_actor(), at=clock.now()
                )
        except StandingRefusedError as refusal:
            form.last_on.errors = [str(refusal)]
        except ConflictError as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash("The person is told, so that they can look for somebody else.")
            return _back(standing_id)
    return render_template("orders/work_standing_stop.html", form=form, view=view)


@orders.route("/work/visits/<uuid:visit_id>/worker", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def visit_worker(visit_id: UUID) -> str | Response:
    """Ask who comes to one visit, then tell the person."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        order_id = queries.order_of_visit(session, visit_id=visit_id)
        order = queries.order_for(session, order_id=order_id, seen_by=actor, at=at)
    if order.provider_id != actor.organisation_id:
        raise NotFoundError("We cannot find that visit.")
    visit = next(visit for visit in order.visits if visit.id == visit_id)
    form = WorkerForm()
    del form.from_on
    _offer_workers(form)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.send_worker_to_visit(
                    session, visit_id=visit_id, worker=form.worker.data, by=actor, at=at
                )
        except (ConflictError, BadLineError) as refusal:
            flash(str(refusal), "warning")
        else:
            flash("The person is told who comes.")
        return redirect(url_for("orders.work_order", order_id=order_id))
    return render_template("orders/visit_worker.html", form=form, order=order, visit=visit)


def _offer_workers(form: WorkerForm) -> None:
    provider_id = current_actor().works_for
    with reading() as session:
        workers = workers_of(session, [provider_id]).get(provider_id, ())
    form.worker.choices = [SelectChoice(worker.name, worker.name) for worker in workers]


def _view(standing_id: UUID) -> StandingView:
    actor = current_actor()
    with reading() as session:
        return queries.standing_for(session, standing_id=standing_id, seen_by=actor, at=clock.now())


def _do(standing_id: UUID, said: str, deed: Deed) -> Response:
    return do(deed, said, lambda: _back(standing_id))


def _back(standing_id: UUID) -> Response:
    return redirect(url_for("orders.work_standing_order", standing_id=standing_id))
