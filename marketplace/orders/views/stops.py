"""A provider stops: the store says so, the council sees whom it concerns, people find others."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue.queries import OfferCard, offers
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.errors import StopRefusedError
from marketplace.orders.forms import CouncilStopForm, MoveForm, StopForm
from marketplace.orders.queries import Again
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do


@orders.route("/my-store/stopping", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def stop_store() -> str | Response:
    """Ask the store for its last day, and say how many people it concerns."""
    actor, at, form = current_actor(), clock.now(), StopForm()
    with reading() as session:
        said = queries.stop_of_store(session, provider_id=actor.works_for)
        people = queries.how_many_are_concerned(session, provider_id=actor.works_for, at=at)
    if said is None and form.validate_on_submit():
        try:
            with transaction() as session:
                commands.say_stop(session, form.wish_for(actor.works_for), by=actor, at=at)
        except StopRefusedError as refusal:
            form.say(refusal)
        else:
            flash("It is said. Everybody whom it concerns gets a letter.")
            return redirect(url_for("orders.stop_store"))
    return render_template("orders/stop_store.html", form=form, said=said, people=people)


@orders.route("/stopping")
@requires(Permission.MEDIATE)
def stops() -> str:
    """List the providers who stop for somebody of the council's."""
    with reading() as session:
        rows = queries.stops_of_council(session, council_id=current_actor().works_for)
    return render_template("orders/stops.html", rows=rows)


@orders.route("/stopping/new", methods=["GET", "POST"])
@requires(Permission.MEDIATE)
def say_stop() -> str | Response:
    """Ask which provider stops, when and why: the council says it for them."""
    actor, form = current_actor(), CouncilStopForm()
    with reading() as session:
        form.offer(queries.stores_of_council(session, council_id=actor.works_for))
    if form.validate_on_submit():
        wish = form.wish_for(UUID(form.provider.data))
        try:
            with transaction() as session:
                stop_id = commands.say_stop(session, wish, by=actor, at=clock.now())
        except StopRefusedError as refusal:
            form.say(refusal)
        else:
            flash("It is said. Everybody whom it concerns gets a letter.")
            return redirect(url_for("orders.stop", stop_id=stop_id))
    return render_template("orders/stop_new.html", form=form)


@orders.route("/stopping/<uuid:stop_id>")
@requires(Permission.MEDIATE)
def stop(stop_id: UUID) -> str:
    """Show whom it concerns that a provider stops, and who has found somebody else."""
    with reading() as session:
        found = queries.stop_for_council(session, stop_id=stop_id, seen_by=current_actor())
    return render_template("orders/stop.html", stop=found)


@orders.route("/stopping/<uuid:stop_id>/withdraw", methods=["POST"])
@requires(Permission.SIGNED_IN)
def withdraw_stop(stop_id: UUID) -> Response:
    """Say that a provider goes on after all."""
    actor = current_actor()
    page = "orders.stops" if actor.may(Permission.MEDIATE) else "orders.stop_store"
    return do(
        lambda session: commands.withdraw_stop(session, stop_id=stop_id, by=actor, at=clock.now()),
        "They go on after all. Everybody whom it concerned gets a letter.",
        lambda: redirect(url_for(page)),
    )


@orders.route("/orders/stopping/<uuid:stop_id>")
@requires(Permission.SIGNED_IN)
def my_stop(stop_id: UUID) -> str:
    """Show what it means for a person that a provider stops, and who could come instead."""
    actor = current_actor()
    with reading() as session:
        found = queries.stop_for_person(session, stop_id=stop_id, seen_by=actor, at=clock.now())
    return render_template(
        "orders/my_stop.html",
        stop=found,
        may_suggest=actor.may(Permission.PROPOSE_ORDERS),
        may_place=actor.may(Permission.PLACE_ORDERS),
    )


@orders.route("/orders/stopping/items/<uuid:item_id>/to/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def move_item(item_id: UUID, offer_id: UUID) -> str | Response:
    """Show what somebody else would cost and from when, then move to them."""
    actor, at, form = current_actor(), clock.now(), MoveForm()
    row, item, card, again = _offered(item_id, offer_id)
    form.offer(card)
    if form.validate_on_submit():
        wish = form.wish(item_id, offer_id)
        move = commands.move_standing_order if again else commands.draft_order_again
        try:
            with transaction() as session:
                new_id = move(session, wish, by=actor, at=at)
        except (NotFoundError, NotAllowedError):
            raise
        except DomainError as refusal:
            flash(str(refusal), "warning")
        else:
            return _moved(new_id, standing=again is not None)
    form.seen_pence.data = str(again.four_weeks.pence) if again else ""
    return render_template(
        "orders/move_item.html", form=form, stop=row, item=item, card=card, again=again
    )


@orders.route("/orders/stopping/items/<uuid:item_id>/end", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def end_item(item_id: UUID) -> Response:
    """End what the provider cannot do any more."""
    return _do(
        item_id,
        "It ends on the last day, and costs nothing. Its money is back.",
        lambda session: commands.end_item(
            session, item_id=item_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/orders/stopping/items/<uuid:item_id>/nobody", methods=["POST"])
@requires(Permission.PROPOSE_ORDERS)
def nobody_found(item_id: UUID) -> Response:
    """Say that nobody was found: the council is told."""
    return _do(
        item_id,
        "The council is told, and helps you to look.",
        lambda session: commands.say_nobody(
            session, item_id=item_id, by=current_actor(), at=clock.now()
        ),
    )


def _offered(
    item_id: UUID, offer_id: UUID
) -> tuple[queries.StopRow, queries.ItemRow, OfferCard, Again | None]:
    at = clock.now()
    with reading() as session:
        row, item, old = queries.stop_item_for(session, item_id=item_id, seen_by=current_actor())
        funded_by = frozenset({item.council_id})
        cards = offers(
            session,
            offer_ids=[offer_id],
            funded_by=funded_by,
            on=local_day(at),
            person_id=current_actor().person_id,
        )
        if offer_id not in cards:
            raise NotFoundError("This is not on sale any more.")
        again = (
            queries.standing_again(session, old, offer_id, last_on=row.last_on, at=at)
            if old
            else None
        )
    return row, item, cards[offer_id], again


def _moved(new_id: UUID, *, standing: bool) -> Response:
    if standing:
        flash("It is moved. The old one ends on its last day, and costs nothing more.")
        return redirect(url_for("orders.standing_order", standing_id=new_id))
    flash("It is in your basket. Look at it, then place the order.")
    return redirect(url_for("orders.basket"))


def _do(item_id: UUID, said: str, deed: Deed) -> Response:
    with reading() as session:
        row, _, _ = queries.stop_item_for(session, item_id=item_id, seen_by=current_actor())
    try:
        with transaction() as session:
            deed(session)
    except (NotFoundError, NotAllowedError):
        raise
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash(said)
    return redirect(url_for("orders.my_stop", stop_id=row.id))
