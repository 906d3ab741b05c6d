"""How a store's invoices are made: the agreement, and VAT."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.orders import commands, queries
from marketplace.orders.errors import BadVatError, WrongStateError
from marketplace.orders.forms.billing import AgreeForm, VatForm
from marketplace.orders.rules import VERSION, WORDS
from marketplace.orders.views.blueprint import orders


@orders.route("/my-store/invoices", methods=["GET", "POST"])
@requires(Permission.SEE_EARNINGS)
def self_billing() -> str | Response:
    """Ask the owner to let invoices be made in the store's name, and show what was agreed."""
    actor, at, form = current_actor(), clock.now(), AgreeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.agree_to_self_billing(
                    session,
                    agreement_id=form.chosen_id,
                    version=form.agreed_version,
                    by=actor,
                    at=at,
                )
        except WrongStateError as refusal:
            form.form_errors.append(str(refusal))
            form.version.data = VERSION
        else:
            flash("Thank you. We make your invoices in your name.")
            return redirect(url_for("orders.self_billing"))
    with reading() as session:
        page = queries.billing_page(session, by=actor, on=clock.local_day(at))
    return render_template(
        "orders/self_billing.html", form=form, page=page, words=WORDS[VERSION].split(". ")
    )


@orders.route("/my-store/vat", methods=["GET", "POST"])
@requires(Permission.SEE_EARNINGS)
def vat() -> str | Response:
    """Ask whether the store is registered for VAT."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        page = queries.billing_page(session, by=actor, on=clock.local_day(at))
    known = page.coming or page.vat
    said = {"number": known.number, "address": known.address} if known else {}
    form = VatForm(data={"registered": "yes" if known and known.number else None, **said})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.say_vat(session, form.wish(), by=actor, at=at)
        except BadVatError as refusal:
            form[refusal.field].errors = [str(refusal)]
        else:
            flash("Thank you. Your invoices follow this from that day on.")
            return redirect(url_for("orders.self_billing"))
    return render_template("orders/vat.html", form=form)
