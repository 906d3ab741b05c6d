"""Agreed prices, for the council that negotiates them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AgreePrice
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.forms import AgreedPriceForm
from marketplace.catalogue.rules import per_unit
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page, page_number


@catalogue.route("/agreed-prices")
@requires(Permission.READ_MARKET)
def agreed_prices() -> str:
    """Show the offers of the council's providers, with what was agreed for each."""
    with reading() as session:
        offers = queries.priced_offers(session, on=clock.local_day(clock.now()), by=current_actor())
    number = page_number(request.args.get("page"))
    shown = offers[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    page = Page(shown, number, len(offers))
    return render_template("catalogue/agreed_prices.html", page=page, per_unit=per_unit)


@catalogue.route("/agreed-prices/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.READ_MARKET)
def agree_price(offer_id: UUID) -> str | Response:
    """Ask what was agreed for one offer."""
    actor, at = current_actor(), clock.now()
    today = clock.local_day(at)
    with reading() as session:
        offers = queries.priced_offers(session, on=today, by=actor)
    offer = next((found for found in offers if found.id == offer_id), None)
    if offer is None:
        raise NotFoundError
    form = AgreedPriceForm(data={"starts_on": today})
    if form.validate_on_submit():
        wish = AgreePrice(offer_id=offer_id, bands=form.bands, starts_on=form.first_day)
        try:
            with transaction() as session:
                commands.agree_price(session, wish, by=actor, at=at)
        except BadOfferError as refusal:
            form.starts_on.errors = [str(refusal)]
        else:
            flash(f"The agreed price for {offer.title} is saved.")
            return redirect(url_for("catalogue.agreed_prices"))
    return render_template(
        "catalogue/agree_price.html", form=form, offer=offer, unit=per_unit(offer.unit)
    )


@catalogue.route("/agreed-prices/<uuid:price_id>/end", methods=["POST"])
@requires(Permission.READ_MARKET)
def end_agreed_price(price_id: UUID) -> Response:
    """End an agreed price from today."""
    with transaction() as session:
        commands.end_agreed_price(session, price_id=price_id, by=current_actor(), at=clock.now())
    flash("The agreed price has ended. People you fund pay the public price.")
    return redirect(url_for("catalogue.agreed_prices"))
