"""Links with which family gives money, and the page that opens behind one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.errors import CardPageError, TopUpRefusedError
from marketplace.payments.forms import FamilyLinkForm, GiveForm
from marketplace.payments.queries import FamilyLinkRow
from marketplace.payments.rules import link_token, token_hash
from marketplace.payments.views.blueprint import payments
from marketplace.payments.views.cards import open_card_page
from marketplace.payments.views.top_ups import ways_to_transfer
from marketplace.web.site import address_of, settings

GIFTS_MAX = 20
"""Begun with one link in a quarter of an hour: more is somebody trying out cards."""


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link as the person sees it; no address if the market's secret has changed since."""

    id: UUID
    shown_name: str
    made_at: datetime
    address: str


@payments.route("/wallet/family", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def family() -> str | BaseResponse:
    """Show the links with which family gives money, and make one."""
    actor = current_actor()
    with reading() as session:
        markets = queries.markets_of(session, person_id=actor.buys_for)
        links = queries.family_links_of(session, person_id=actor.buys_for)
    form = FamilyLinkForm()
    form.offer(markets)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.make_family_link(
                    session,
                    form.wish(markets),
                    secret_key=settings().secret_key,
                    by=actor,
                    at=clock.now(),
                )
        except TopUpRefusedError as refusal:
            form.shown_name.errors = [str(refusal)]
        else:
            flash("The link is made. Send it to whoever wants to give.")
            return redirect(url_for("payments.family"))
    shown = [_shown(link) for link in links]
    return render_template("payments/family.html", form=form, links=shown)


@payments.route("/wallet/family/<uuid:link_id>/end", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def end_family(link_id: UUID) -> BaseResponse:
    """End a link."""
    with transaction() as session:
        commands.end_family_link(session, link_id=link_id, by=current_actor(), at=clock.now())
    flash("The link is ended. Nobody can give money with it any more.")
    return redirect(url_for("payments.family"))


@payments.route("/give/<token>", methods=["GET", "POST"])
@public
def give(token: str) -> str | BaseResponse:
    """Let family give money without an account; of the person they see a first name alone."""
    with reading() as session:
        link = queries.family_link(session, token=token)
        market = councils.council(session, council_id=link.council_id)
    form = GiveForm()
    if settings().takes_cards and form.validate_on_submit():
        try:
            top_up_id = _begin_gift(form, token, link)
        except (TopUpRefusedError, CardPageError, TooManyTriesError) as refusal:
            form.amount.errors = [str(refusal)]
        else:
            return redirect(url_for("payments.given", token=token, top_up_id=top_up_id))
    return render_template(
        "payments/give.html",
        form=form,
        name=link.shown_name,
        takes_cards=settings().takes_cards,
        transfers=ways_to_transfer(link.person_id, [market], by_family=True),
    )


@payments.route("/give/<token>/<uuid:top_up_id>")
@public
def given(token: str, top_up_id: UUID) -> str:
    """Show family where their gift is."""
    with reading() as session:
        link = queries.family_link(session, token=token)
        found = queries.gift(session, top_up_id=top_up_id, token=token)
    return render_template("payments/given.html", gift=found, name=link.shown_name, token=token)


def _begin_gift(form: GiveForm, token: str, link: FamilyLinkRow) -> UUID:
    wish, at = form.wish(token), clock.now()
    # Counted in a transaction of its own, so that a refusal counts too.
    with transaction() as session:
        count_try(session, limits={f"give/{link.id}": GIFTS_MAX}, at=at)
    with transaction() as session:
        top_up_id = commands.give(session, wish, at=at)
    back = url_for("payments.given", token=token, top_up_id=top_up_id)
    open_card_page(top_up_id, wish.amount, back_path=back)
    return top_up_id


def _shown(link: FamilyLinkRow) -> LinkShown:
    token = link_token(settings().secret_key, link.id)
    is_good = token_hash(token) == link.token_hash
    address = address_of("payments.give", token=token) if is_good else ""
    return LinkShown(link.id, link.shown_name, link.made_at, address)
