"""A person's standing orders: the next four weeks, one of them, and a new one."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets.commands import record_refusal
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.queries import outcomes_of, person_of_council
from marketplace.budgets.rules import Answer
from marketplace.catalogue.queries import offer_for_order
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import ConflictError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.errors import (
    CeilingError,
    NoMoneyError,
    OwnStoreError,
    StandingRefusedError,
)
from marketplace.orders.forms.standing import StandingForm
from marketplace.orders.queries import Preview
from marketplace.orders.queries.payers import council_that_pays, pools_that_pay
from marketplace.orders.rules import price_words
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.words import own_money_words

CHECK, PLACE, SUGGEST = "check", "place", "suggest"


@orders.route("/standing")
@requires(Permission.SIGNED_IN)
def standing() -> str:
    """Show a person's standing orders, and the next four weeks of all of them."""
    actor = current_actor()
    if actor.person_id is None:
        raise NotFoundError
    with reading() as session:
        weeks = queries.standing_of_person(session, by=actor, at=clock.now())
    return render_template("orders/standing.html", weeks=weeks, actor=actor)


@orders.route("/standing/<uuid:standing_id>")
@requires(Permission.SIGNED_IN)
def standing_order(standing_id: UUID) -> str:
    """Show a standing order: what comes, what is covered, and what can be done with it."""
    actor = current_actor()
    if actor.person_id is None:
        raise NotFoundError("We cannot find that standing order.")
    with reading() as session:
        view = queries.standing_for(session, standing_id=standing_id, seen_by=actor, at=clock.now())
    return render_template(
        "orders/standing_order.html",
        view=view,
        actor=actor,
        may_place=actor.may(Permission.PLACE_ORDERS),
    )


@orders.route("/standing/new", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def standing_new() -> str | Response:
    """Ask how it is to be, show what that means, then start it."""
    actor, at = current_actor(), clock.now()
    form = StandingForm()
    with reading() as session:
        pools = pools_that_pay(session, person_id=actor.buys_for)
        form.offer_payers(pools, own_money_words(actor))
        offer = offer_for_order(
            session,
            offer_id=_offer_id(),
            council_id=council_that_pays(
                session, person_id=actor.buys_for, pool_id=form.payer, at=at
            ),
            on=local_day(at),
            person_id=actor.buys_for,
        )
        outcomes = outcomes_of(session, person_id=actor.buys_for)
    form.offer_choices(offer, outcomes)
    step = form.step.data
    preview = _preview(form) if form.validate_on_submit() and step != "ask" else None
    if preview is not None and step in {PLACE, SUGGEST} and _start(form, propose=step == SUGGEST):
        flash(_said(preview, suggested=step == SUGGEST))
        return redirect(url_for("orders.standing_order", standing_id=form.standing_id.data))
    return render_template(
        "orders/standing_check.html" if preview is not None else "orders/standing_new.html",
        form=form,
        offer=offer,
        preview=preview,
        price=price_words(offer.bands, offer.unit),
        actor=actor,
        may_place=actor.may(Permission.PLACE_ORDERS),
        sees_money=actor.may(Permission.SEE_WALLET),
    )


@orders.route("/people/<uuid:person_id>/standing")
@requires(Permission.OPEN_FUNDING_LINES)
def standing_of_person(person_id: UUID) -> str:
    """Show a practitioner what goes on week after week with their council's money."""
    council_id, at = current_actor().works_for, clock.now()
    with reading() as session:
        person = person_of_council(session, council_id=council_id, person_id=person_id)
        weeks = queries.standing_for_council(
            session, person_id=person_id, council_id=council_id, at=at
        )
    return render_template("orders/standing_council.html", weeks=weeks, person=person)


def _said(preview: Preview, *, suggested: bool) -> str:
    if suggested or not current_actor().may(Permission.PLACE_ORDERS):
        return "You suggested it. It waits for a yes."
    if preview.pool_asks:
        return "We have asked the other members. It is sent when one of them says yes."
    return "It is sent to the provider. The first week is set aside."


def _preview(form: StandingForm) -> Preview | None:
    wish = form.wish(propose=False)
    try:
        with reading() as session:
            return queries.standing_preview(
                session,
                wish.weekly,
                offer_id=wish.offer_id,
                begins_on=wish.begins_on,
                ends_before=wish.ends_before,
                person_id=current_actor().buys_for,
                pool_id=wish.pool_id,
                at=clock.now(),
            )
    except StandingRefusedError as refusal:
        form.refuse(refusal.field, str(refusal))
        return None


def _start(form: StandingForm, *, propose: bool) -> bool:
    actor, at = current_actor(), clock.now()
    try:
        with transaction() as session:
            commands.start_standing(session, form.wish(propose=propose), by=actor, at=at)
    except StandingRefusedError as refusal:
        form.refuse(refusal.field, str(refusal))
    except SpendRefusedError as refusal:
        answer = refusal.answer
        assert isinstance(answer, Answer), "a hold refuses with its answer"
        with transaction() as session:
            record_refusal(
                session, person_id=actor.buys_for, spend=answer.spend, answer=answer, at=at
            )
        form.form_errors = [str(refusal)]
    except (CeilingError, ConflictError, NoMoneyError, OwnStoreError) as refusal:
        form.form_errors = [str(refusal)]
    else:
        return True
    return False


def _offer_id() -> UUID:
    try:
        return UUID(request.values.get("offer_id", ""))
    except ValueError as wrong:
        raise NotFoundError("We cannot find that offer.") from wrong
