"""Paying one's own money in regularly: say yes, keep a card on Stripe's page, stop with one tap."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.councils.queries import CouncilCard
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.adapters import OpenSetup
from marketplace.payments.adapters.stripe_money import card_money
from marketplace.payments.errors import (
    CardPageError,
    CardRefusedError,
    CardSilentError,
    TopUpRefusedError,
)
from marketplace.payments.forms import RegularForm
from marketplace.payments.views.blueprint import payments
from marketplace.payments.views.cards import open_card_page
from marketplace.payments.views.top_ups import ways_to_transfer
from marketplace.web.site import settings, whole_address


@payments.route("/wallet/regular", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def regulars() -> str | BaseResponse:
    """Show what is paid in regularly, and say yes to more."""
    actor = current_actor()
    with reading() as session:
        markets = queries.markets_of(session, person_id=actor.buys_for)
        rows = queries.regulars_of(session, person_id=actor.buys_for)
    form = RegularForm()
    form.offer(markets)
    if settings().takes_cards and form.validate_on_submit():
        try:
            regular_id = _ask(form, markets)
        except (TopUpRefusedError, CardPageError) as refusal:
            form.amount.errors = [str(refusal)]
        else:
            return redirect(url_for("payments.regular", regular_id=regular_id))
    return render_template(
        "payments/regulars.html",
        form=form,
        rows=rows,
        takes_cards=settings().takes_cards,
        transfers=ways_to_transfer(actor.buys_for, markets, by_family=False),
        whose=actor.person_name if actor.acts_for_another else "",
    )


@payments.route("/wallet/regular/<uuid:regular_id>")
@requires(Permission.PLACE_ORDERS)
def regular(regular_id: UUID) -> str:
    """Show one regular payment: lead to the card page, or say when the next is."""
    with reading() as session:
        found = queries.regular(session, regular_id=regular_id, seen_by=current_actor())
    return render_template("payments/regular.html", row=found, takes_cards=settings().takes_cards)


@payments.route("/wallet/regular/<uuid:regular_id>/stop", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def stop_regular(regular_id: UUID) -> BaseResponse:
    """Stop a regular payment, with one tap."""
    with transaction() as session:
        commands.stop_regular(session, regular_id=regular_id, by=current_actor(), at=clock.now())
    flash("It is stopped. Nothing more is taken from the card.")
    return redirect(url_for("payments.regulars"))


@payments.route("/wallet/top-ups/<uuid:top_up_id>/finish", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def finish_top_up(top_up_id: UUID) -> BaseResponse:
    """Open a card page for a regular payment to which the card said no."""
    with reading() as session:
        found = queries.top_up(session, top_up_id=top_up_id, seen_by=current_actor())
    back = url_for("payments.top_up_shown", top_up_id=top_up_id)
    money = card_money(settings())
    if not found.may_be_finished or money is None:
        return redirect(back)
    try:
        # It is given up first, so that it can never be paid twice.
        if found.payment:
            money.give_up(payment=found.payment)
        with transaction() as session:
            commands.note_given_up(session, top_up_id=top_up_id)
        open_card_page(top_up_id, found.amount, back_path=back)
    except CardRefusedError:
        flash("Your bank has just said yes after all. Look again in a minute.", "warning")
    except (CardSilentError, CardPageError) as refusal:
        flash(str(refusal), "warning")
    return redirect(back)


def _ask(form: RegularForm, markets: Sequence[CouncilCard]) -> UUID:
    """Note the yes, and open a page on which the card is kept."""
    wish, money = form.wish(markets), card_money(settings())
    if money is None:
        raise CardPageError
    with transaction() as session:
        regular_id = commands.ask_regular(session, wish, by=current_actor(), at=clock.now())
    back = whole_address(url_for("payments.regular", regular_id=regular_id))
    try:
        customer = money.make_customer(regular_id=regular_id)
        with transaction() as session:
            commands.keep_setup(session, regular_id=regular_id, customer=customer, page=None)
        page = money.open_setup(OpenSetup(regular_id=regular_id, customer=customer, back_url=back))
    except (CardRefusedError, CardSilentError) as refusal:
        raise CardPageError from refusal
    with transaction() as session:
        commands.keep_setup(session, regular_id=regular_id, customer=customer, page=page)
    return regular_id
