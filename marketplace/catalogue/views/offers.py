"""Writing, publishing, pausing and ending one's own offers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadOfferError, BadSaleDaysError, BadWordsError
from marketplace.catalogue.forms import OfferForm
from marketplace.catalogue.rules import NAME_LENGTH_MAX, OfferState, SaleDays, per_unit, sale_day
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.fields import tidy

_SAID = {
    OfferState.PAUSED: "Your offer is paused. Nobody can order it until you publish it again.",
    OfferState.ENDED: "Your offer has ended.",
}


@catalogue.route("/my-store/offers/new", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def add_offer() -> str | Response:
    """Ask what is sold, at what price."""
    actor = current_actor()
    with reading() as session:
        queries.kept_store(session, by=actor)
        categories = queries.categories(session)
    form = OfferForm(data={"title": tidy(request.args.get("title", ""))[:NAME_LENGTH_MAX]})
    form.offer_categories(categories)
    if form.validate_on_submit():
        publish = request.form.get("deed") == "publish"
        try:
            with transaction() as session:
                commands.add_offer(session, form.wish(), by=actor, at=clock.now(), publish=publish)
        except BadSaleDaysError as refusal:
            form.on_sale_until.errors = [str(refusal)]
        except (BadOfferError, BadWordsError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            days = form.wish().sale_days
            flash(_published(days) if publish else "Your offer is kept as a draft.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/add_offer.html", form=form)


@catalogue.route("/my-store/offers/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def change_offer(offer_id: UUID) -> str | Response:
    """Ask what an offer is to say and cost from now on."""
    actor = current_actor()
    with reading() as session:
        offer = queries.kept_offer(session, offer_id=offer_id, by=actor)
        categories = queries.categories(session)
    form = OfferForm(data=OfferForm.values_of(offer))
    form.offer_categories(categories)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_offer(session, form.wish(offer_id), by=actor, at=clock.now())
        except BadSaleDaysError as refusal:
            form.on_sale_until.errors = [str(refusal)]
        except (BadOfferError, BadWordsError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Your offer is changed. Orders already placed keep their price.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/change_offer.html", form=form, offer=offer)


@catalogue.route(
    "/my-store/offers/<uuid:offer_id>/<any(on_sale, paused, ended):state>", methods=["POST"]
)
@requires(Permission.KEEP_STORE)
def set_offer_state(offer_id: UUID, state: str) -> Response:
    """Publish, pause or end an offer."""
    wanted = OfferState(state)
    actor = current_actor()
    try:
        with transaction() as session:
            commands.set_offer_state(
                session, offer_id=offer_id, state=wanted, by=actor, at=clock.now()
            )
            offer = queries.kept_offer(session, offer_id=offer_id, by=actor)
    except BadSaleDaysError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("catalogue.change_offer", offer_id=offer_id))
    flash(_published(offer.sale_days) if wanted is OfferState.ON_SALE else _SAID[wanted])
    return redirect(url_for("catalogue.my_store"))


def _published(days: SaleDays) -> str:
    if days.first is None or not days.ahead_of(clock.local_day(clock.now())):
        return "Your offer is on sale."
    return f"Your offer is ready. It goes on sale by itself on {sale_day(days.first)}."


@catalogue.route("/my-store/offers/<uuid:offer_id>/versions")
@requires(Permission.KEEP_STORE)
def offer_versions(offer_id: UUID) -> str:
    """Show what an offer said before, who changed it, and what became different."""
    actor = current_actor()
    with reading() as session:
        offer = queries.kept_offer(session, offer_id=offer_id, by=actor)
        versions = queries.versions_of(session, offer_id=offer_id, by=actor)
    return render_template(
        "catalogue/offer_versions.html", offer=offer, versions=versions, per_unit=per_unit
    )


@catalogue.route("/my-store/offers/<uuid:offer_id>/versions/<int:number>", methods=["POST"])
@requires(Permission.KEEP_STORE)
def put_back_offer(offer_id: UUID, number: int) -> Response:
    """Let an offer say again what it did in a version."""
    try:
        with transaction() as session:
            is_new = commands.put_back(
                session, offer_id=offer_id, number=number, by=current_actor(), at=clock.now()
            )
    except (BadOfferError, BadWordsError) as refusal:
        flash(str(refusal), "warning")
    else:
        flash(
            "Your offer is as it was. Orders already placed keep their price."
            if is_new
            else "Your offer says this already."
        )
    return redirect(url_for("catalogue.offer_versions", offer_id=offer_id))
