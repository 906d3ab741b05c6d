"""The basket: putting in, changing, taking out, placing."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.commands import record_refusal
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.queries import (
    OutcomeRow,
    RequestRow,
    limits_after_orders,
    outcomes_of,
    paying_council,
    requests_of,
)
from marketplace.budgets.rules import Answer
from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import DomainError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.errors import BadLineError, OwnStoreError
from marketplace.orders.forms import BasketLineForm, PlaceForm, Ticket
from marketplace.orders.queries import BasketRow, BasketView
from marketplace.orders.rules import price_words
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.words import local_parts


@orders.route("/basket")
@requires(Permission.PROPOSE_ORDERS)
def basket() -> str:
    """Show what waits in the basket, and whether it may be bought."""
    actor = current_actor()
    with reading() as session:
        view = queries.basket(session, by=actor, at=clock.now())
        asked_for = _asked_for(session, actor)
    return render_template(
        "orders/basket.html",
        basket=view,
        form=PlaceForm(),
        actor=actor,
        direct=_tickets(view, only_suggested=False),
        suggested=_tickets(view, only_suggested=True),
        may_place=actor.may(Permission.PLACE_ORDERS),
        sees_money=actor.may(Permission.SEE_WALLET),
        asked_for=asked_for,
    )


@orders.route("/basket/add", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def add_to_basket() -> str | Response:
    """Ask how much of an offer, when and what for, then put it in the basket."""
    offer, outcomes = _offered(_offer_id(), with_price=True)
    form = BasketLineForm()
    form.offer_choices(offer, outcomes)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.put_in_basket(session, form.wish, by=current_actor(), at=clock.now())
        except (BadLineError, OwnStoreError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(f"{offer.title} is in your basket.")
            _tell_of_times(form, offer)
            return redirect(url_for("orders.basket"))
    return render_template(
        "orders/add_to_basket.html",
        form=form,
        offer=offer,
        price=price_words(offer.bands, offer.unit),
    )


@orders.route("/basket/<uuid:line_id>/change", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def change_line(line_id: UUID) -> str | Response:
    """Change how much, when, who or what for."""
    with reading() as session:
        row = queries.basket_line(session, line_id=line_id, by=current_actor(), at=clock.now())
    if row.offer is None:
        raise NotFoundError("This is no longer on sale.")
    _, outcomes = _offered(row.offer_id, with_price=False)
    form = BasketLineForm(data=_typed(row))
    form.offer_choices(row.offer, outcomes)
    form.line_id.data = line_id
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_basket_line(session, form.wish, by=current_actor(), at=clock.now())
        except (BadLineError, OwnStoreError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(f"{row.offer.title} is changed.")
            _tell_of_times(form, row.offer)
            return redirect(url_for("orders.basket"))
    return render_template(
        "orders/change_line.html",
        form=form,
        offer=row.offer,
        price=price_words(row.offer.bands, row.offer.unit),
    )


@orders.route("/basket/<uuid:line_id>/take-out", methods=["POST"])
@requires(Permission.PROPOSE_ORDERS)
def take_out(line_id: UUID) -> Response:
    """Take something out of the basket."""
    with transaction() as session:
        commands.take_out(session, line_id=line_id, by=current_actor(), at=clock.now())
    flash("It is out of your basket.")
    return redirect(url_for("orders.basket"))


@orders.route("/basket/place", methods=["POST"])
@requires(Permission.PROPOSE_ORDERS)
def place() -> Response:
    """Place the orders one by one: what goes wrong with one does not touch the others."""
    placed, left = [], []
    for wish in PlaceForm().wishes:
        if _place(wish):
            placed.append(wish.order_id)
        else:
            left.append(wish.provider_id)
    if not placed and not left:
        return redirect(url_for("orders.basket"))
    return redirect(url_for("orders.placed", order=placed, left=left))


@orders.route("/basket/placed")
@requires(Permission.PROPOSE_ORDERS)
def placed() -> str:
    """Say plainly what was placed and what was not."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        done = [
            queries.order_for(session, order_id=order_id, seen_by=actor, at=at)
            for order_id in request.args.getlist("order", type=UUID)
        ]
        left = (
            limits_after_orders(
                session,
                order_ids=[order.id for order in done],
                person_id=actor.buys_for,
                at=at,
            )
            if actor.may(Permission.SEE_WALLET)
            else []
        )
        view = queries.basket(session, by=actor, at=at)
        asked_for = _asked_for(session, actor)
    providers = set(request.args.getlist("left", type=UUID))
    waiting = [group for group in view.groups if group.provider_id in providers]
    return render_template(
        "orders/placed.html",
        done=done,
        left=left,
        waiting=waiting,
        actor=actor,
        may_place=actor.may(Permission.PLACE_ORDERS),
        asked_for=asked_for,
    )


def _tell_of_times(form: BasketLineForm, offer: OrderableOffer) -> None:
    person_id = current_actor().buys_for
    with reading() as session:
        said = queries.about_times(session, form.wish.wanted, offer, person_id=person_id)
    for sentence in said:
        flash(sentence, "warning")


def _place(wish: PlaceOrder) -> bool:
    actor, at = current_actor(), clock.now()
    try:
        with transaction() as session:
            commands.place_order(session, wish, by=actor, at=at)
    except SpendRefusedError as refusal:
        answer = refusal.answer
        assert isinstance(answer, Answer)
        with transaction() as session:
            record_refusal(
                session, person_id=actor.buys_for, spend=answer.spend, answer=answer, at=at
            )
        return False
    except DomainError:
        # Whatever stands in the way, the basket says it; the other orders go on.
        return False
    return True


def _tickets(view: BasketView, *, only_suggested: bool) -> list[Ticket]:
    return [
        Ticket(group.order_id, group.provider_id, group.total)
        for group in view.groups
        if group.ready and group.only_suggested is only_suggested
    ]


def _asked_for(session: Session, actor: Actor) -> list[RequestRow]:
    """Return what was asked to be allowed once, for those who may use a yes."""
    if not actor.may(Permission.PLACE_ORDERS):
        return []
    return requests_of(session, person_id=actor.buys_for, at=clock.now())


def _offer_id() -> UUID:
    try:
        return UUID(request.values.get("offer_id", ""))
    except ValueError as wrong:
        raise NotFoundError("We cannot find that offer.") from wrong


def _offered(offer_id: UUID, *, with_price: bool) -> tuple[OrderableOffer, list[OutcomeRow]]:
    actor, at = current_actor(), clock.now()
    with reading() as session:
        council_id = paying_council(session, person_id=actor.buys_for, at=at)
        offer = offer_for_order(
            session,
            offer_id=offer_id,
            council_id=council_id if with_price else None,
            on=local_day(at),
            person_id=actor.buys_for if with_price else None,
        )
        return offer, outcomes_of(session, person_id=actor.buys_for)


def _typed(row: BasketRow) -> dict[str, object]:
    on_day, at_time = local_parts(row.first_at)
    return {
        "line_id": row.id,
        "offer_id": row.offer_id,
        "quantity": row.quantity,
        "visits": row.visits,
        "on_day": on_day,
        "at_time": at_time,
        "every_days": row.every_days,
        "worker_wish": row.worker_wish,
        "language_wish": row.language_wish,
        "gender_wish": row.gender_wish,
        "choice": row.choice if row.offer and row.choice in row.offer.menu else None,
        "outcome_id": str(row.outcome_id) if row.outcome_id else None,
        "note": row.note,
    }
