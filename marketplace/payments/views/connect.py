"""Being paid through Stripe, for providers; and paying so, for councils that choose to."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.adapters import CardMoney
from marketplace.payments.adapters.stripe_money import card_money
from marketplace.payments.errors import (
    BankDetailsChangedError,
    CardRefusedError,
    CardSilentError,
    NotReadyError,
)
from marketplace.payments.forms import PayingWayForm, PlainForm
from marketplace.payments.views.blueprint import payments
from marketplace.web.site import address_of, settings


@payments.route("/my-store/stripe", methods=["GET", "POST"])
@requires(Permission.SEE_EARNINGS)
def card_account() -> str | BaseResponse:
    """Show how one's store stands with Stripe; lead to Stripe's page, where it tells the rest."""
    provider_id, money = current_actor().works_for, card_money(settings())
    form, page_url = PlainForm(), ""
    if money is not None and form.validate_on_submit():
        try:
            page_url = _page_for(money)
        except (CardRefusedError, CardSilentError) as refusal:
            flash(str(refusal), "warning")
    with reading() as session:
        stands = queries.paid_through(session, provider_id=provider_id)
        wanted = queries.some_pay_by_transfer(session)
    return render_template(
        "payments/card_account.html",
        form=form,
        stands=stands,
        wanted=wanted,
        page_url=page_url,
        takes_cards=money is not None,
    )


@payments.route("/my-store/stripe/look", methods=["POST"])
@requires(Permission.SEE_EARNINGS)
def look_at_card_account() -> BaseResponse:
    """Ask Stripe how one's store stands there."""
    provider_id, money = current_actor().works_for, card_money(settings())
    with reading() as session:
        stands = queries.paid_through(session, provider_id=provider_id)
    if money is not None and stands.account_id:
        try:
            told = money.account(account_id=stands.account_id)
        except (CardRefusedError, CardSilentError) as refusal:
            flash(str(refusal), "warning")
        else:
            with transaction() as session:
                commands.note_stands(session, provider_id=provider_id, stands=told, at=clock.now())
    return redirect(url_for("payments.card_account"))


@payments.route("/payments/way", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def paying_way() -> str | BaseResponse:
    """Choose whether one's council pays providers through Stripe."""
    actor = current_actor()
    with reading() as session:
        by_transfer = queries.pays_by_transfer(session, council_id=actor.works_for)
    form = PayingWayForm(data={"way": "stripe" if by_transfer else "bank"})
    takes_cards = settings().takes_cards
    if takes_cards and form.validate_on_submit():
        with transaction() as session:
            commands.choose_paying_way(
                session, by_transfer=form.way.data == "stripe", by=actor, at=clock.now()
            )
        flash("It is noted how you pay providers.")
        return redirect(url_for("payments.index"))
    return render_template("payments/paying_way.html", form=form, takes_cards=takes_cards)


@payments.route("/payments/<uuid:run_id>/transfers", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def send_transfers(run_id: UUID) -> BaseResponse:
    """Send an approved run through Stripe, all of it or nothing."""
    with reading() as session:
        queries.run_for(session, run_id=run_id, seen_by=current_actor(), page=1)
    if not settings().takes_cards:
        flash("Stripe is not set up here. Send the run to the bank as a file.", "warning")
        return redirect(url_for("payments.run", run_id=run_id))
    try:
        with transaction() as session:
            commands.send_by_transfer(session, run_id, by=current_actor(), at=clock.now())
    except (NotReadyError, BankDetailsChangedError) as refusal:
        flash(str(refusal), "warning")
    else:
        flash("The run is on its way through Stripe. Each payment says when it is made.")
    return redirect(url_for("payments.run", run_id=run_id))


def _page_for(money: CardMoney) -> str:
    """Return Stripe's page for one's own store; make the store's account there on first use."""
    actor = current_actor()
    with transaction() as session:
        account_id = commands.begin_account(session, by=actor, at=clock.now())
    if not account_id:
        account_id = money.make_account(provider_id=actor.works_for)
        with transaction() as session:
            commands.keep_account(session, provider_id=actor.works_for, account_id=account_id)
    here = address_of("payments.card_account")
    return money.account_page(account_id=account_id, back_url=here, again_url=here)
