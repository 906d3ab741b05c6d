"""When a store is away, and what was planned for those days."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import queries as stores
from marketplace.catalogue.errors import BadTimesError, BadWordsError
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.orders.commands.away import Told, come_back, take_holiday
from marketplace.orders.forms.holidays import HolidayForm
from marketplace.orders.queries.away import affected
from marketplace.orders.views.blueprint import orders


@orders.route("/my-store/holidays", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def holidays() -> str | Response:
    """Show when the store is away and what is planned then, and ask for more days."""
    actor, at = current_actor(), clock.now()
    form = HolidayForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                told = take_holiday(session, form.wish(), by=actor, at=at)
        except BadTimesError as refusal:
            form.starts_on.errors = [str(refusal)]
        except BadWordsError as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash(_said(told))
            return redirect(url_for("orders.holidays"))
    today = clock.local_day(at)
    with reading() as session:
        rows = [
            (
                each,
                affected(
                    session,
                    provider_id=actor.works_for,
                    from_on=each.away.starts_on,
                    last_on=each.away.last_on,
                    at=at,
                ),
            )
            for each in stores.own_breaks(session, by=actor, on=today)
        ]
    return render_template("orders/holidays.html", form=form, rows=rows, today=today)


@orders.route("/my-store/holidays/<uuid:break_id>/end", methods=["POST"])
@requires(Permission.KEEP_STORE)
def end_holiday(break_id: UUID) -> Response:
    """Call a holiday off, or come back early."""
    with transaction() as session:
        come_back(session, break_id=break_id, by=current_actor(), at=clock.now())
    flash(
        "Your holiday is called off. People can order visits on these days again, and standing "
        "orders come back."
    )
    return redirect(url_for("orders.holidays"))


def _said(told: Told) -> str:
    said = "Your holiday is set. Nobody can order visits on these days."
    if told.visits:
        people = "one order" if told.orders == 1 else f"{told.orders} orders"
        visits = "One visit is" if told.visits == 1 else f"{told.visits} visits are"
        said += f" {visits} planned then, in {people}. We wrote to those who ordered them."
    return said
