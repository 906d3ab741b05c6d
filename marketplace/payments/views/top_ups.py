"""A person, or a supporter who may pay, puts the person's own money into the wallet."""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.councils.queries import CouncilCard
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.errors import CardPageError, TopUpRefusedError
from marketplace.payments.forms import TopUpForm
from marketplace.payments.queries import HowToPay
from marketplace.payments.views.blueprint import payments
from marketplace.payments.views.cards import open_card_page
from marketplace.web.site import settings


@payments.route("/wallet/top-up", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def top_up() -> str | BaseResponse:
    """Say how to pay one's own money in: by card, and by bank transfer."""
    actor = current_actor()
    with reading() as session:
        markets = queries.markets_of(session, person_id=actor.buys_for)
        earlier = queries.top_ups_of(session, person_id=actor.buys_for)
    form = TopUpForm()
    form.offer(markets)
    if settings().takes_cards and form.validate_on_submit():
        try:
            top_up_id = _ask(form, markets)
        except (TopUpRefusedError, CardPageError) as refusal:
            form.amount.errors = [str(refusal)]
        else:
            return redirect(url_for("payments.top_up_shown", top_up_id=top_up_id))
    return render_template(
        "payments/top_up.html",
        form=form,
        takes_cards=settings().takes_cards,
        transfers=ways_to_transfer(actor.buys_for, markets, by_family=False),
        earlier=earlier,
        sees_wallet=actor.may(Permission.SEE_WALLET),
        whose=actor.person_name if actor.acts_for_another else "",
    )


@payments.route("/wallet/top-ups/<uuid:top_up_id>")
@requires(Permission.PLACE_ORDERS)
def top_up_shown(top_up_id: UUID) -> str:
    """Show where a payment by card is: lead to the card company's page, or say that it came."""
    with reading() as session:
        found = queries.top_up(session, top_up_id=top_up_id, seen_by=current_actor())
        dispute = queries.dispute_of(session, top_up_id=top_up_id)
    return render_template(
        "payments/top_up_shown.html",
        top_up=found,
        dispute=dispute,
        takes_cards=settings().takes_cards,
    )


def ways_to_transfer(
    person_id: UUID, markets: Sequence[CouncilCard], *, by_family: bool
) -> list[HowToPay]:
    """Return how to pay by transfer into each market; a reference is made on first use."""
    return [way for market in markets if (way := _way(person_id, market.id, by_family=by_family))]


def _way(person_id: UUID, council_id: UUID, *, by_family: bool) -> HowToPay | None:
    whose = {"person_id": person_id, "council_id": council_id}
    with reading() as session:
        found = queries.find_how_to_pay(session, **whose, by_family=by_family)
        has_account = found or queries.find_bank(session, council_id=council_id)
    if found or not has_account:
        return found
    with transaction() as session:
        commands.make_reference(session, **whose, by_family=by_family, at=clock.now())
        return queries.find_how_to_pay(session, **whose, by_family=by_family)


def _ask(form: TopUpForm, markets: Sequence[CouncilCard]) -> UUID:
    wish = form.wish(markets)
    with transaction() as session:
        top_up_id = commands.ask_top_up(session, wish, by=current_actor(), at=clock.now())
    back = url_for("payments.top_up_shown", top_up_id=top_up_id)
    open_card_page(top_up_id, wish.amount, back_path=back)
    return top_up_id
