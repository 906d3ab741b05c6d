"""What does an hour cost me? A sum for providers, with each step shown."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.errors import BadFiguresError
from marketplace.catalogue.rules.unit_price import UnitPrice
from marketplace.catalogue.rules.unit_price import unit_price as price_of
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.orders.forms.unit_price import UnitPriceForm
from marketplace.orders.queries.worked import worked
from marketplace.orders.views.blueprint import orders


@orders.route("/my-store/price-of-an-hour", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def unit_price() -> str | Response:
    """Ask for a usual week, and show what an hour costs; nothing is kept unless that is asked."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        saved = stores.saved_figures(session, by=actor)
        lately = worked(session, provider_id=actor.works_for, at=at)
    usual = {
        "hours_delivered": lately.hours_a_week or None,
        "visits": lately.visits_a_week,
        "idle": min(lately.lost_of_hundred, 90),
    }
    form = UnitPriceForm(data=UnitPriceForm.values_of(saved) or usual)
    found: UnitPrice | None = price_of(saved) if saved else None
    if form.validate_on_submit():
        try:
            figures = form.figures()
            found = price_of(figures)
            if request.form.get("deed") == "save":
                with transaction() as session:
                    catalogue.save_figures(session, figures, by=actor, at=at)
                flash("Your figures are saved. Only your store sees them.")
                return redirect(url_for("orders.unit_price"))
        except BadFiguresError as refusal:
            form[refusal.field].errors = [str(refusal)]
            found = None
    elif form.is_submitted():
        found = None
    return render_template("orders/unit_price.html", form=form, found=found, lately=lately)
