"""Asking a provider before ordering, and writing about an order."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.orders import queries as orders
from marketplace.talk import commands, queries
from marketplace.talk.errors import NoStoreKeeperError
from marketplace.talk.forms import MessageForm
from marketplace.talk.rules import ABOUT_THE_STORE
from marketplace.talk.views.blueprint import talk
from marketplace.talk.views.sending import sent


@talk.route("/offers/<uuid:offer_id>/ask", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def ask_about_offer(offer_id: UUID) -> str | Response:
    """Ask what somebody wants to know of an offer; go on where they have asked before."""
    actor, at, form = current_actor(), clock.now(), MessageForm()
    with reading() as session:
        offer = catalogue.offer_for_order(
            session, offer_id=offer_id, council_id=None, on=local_day(at)
        )
        there = queries.thread_about(
            session, by=actor, provider_id=offer.provider_id, offer_key=str(offer_id)
        )
        answers = queries.answer_time(session, provider_id=offer.provider_id, at=at)
    if there is not None and request.method == "GET":
        return redirect(url_for("talk.thread", thread_id=there))
    if form.validate_on_submit():
        thread_id = sent(
            form,
            lambda session, message, by: commands.ask_about_offer(
                session, offer_id, message, by=by, at=at
            ),
            begins=True,
            at=at,
        )
        if thread_id is not None:
            return _sent(thread_id)
    return render_template(
        "talk/ask.html",
        form=form,
        whom=offer.provider_name,
        about=offer.title,
        answers=answers,
        may_write=True,
        back=url_for("search.offer", offer_id=offer_id),
    )


@talk.route("/stores/<slug>/ask", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def ask_store(slug: str) -> str | Response:
    """Ask what somebody wants to know of a provider; go on where they have asked before."""
    actor, at, form = current_actor(), clock.now(), MessageForm()
    with reading() as session:
        store = catalogue.store(session, slug=slug)
        if store.from_register:
            raise NoStoreKeeperError
        there = queries.thread_about(
            session, by=actor, provider_id=store.id, offer_key=ABOUT_THE_STORE
        )
        answers = queries.answer_time(session, provider_id=store.id, at=at)
    if there is not None and request.method == "GET":
        return redirect(url_for("talk.thread", thread_id=there))
    if form.validate_on_submit():
        thread_id = sent(
            form,
            lambda session, message, by: commands.ask_store(session, slug, message, by=by, at=at),
            begins=True,
            at=at,
        )
        if thread_id is not None:
            return _sent(thread_id)
    return render_template(
        "talk/ask.html",
        form=form,
        whom=store.name,
        about="",
        answers=answers,
        may_write=True,
        back=url_for("search.store", slug=slug),
    )


@talk.route("/orders/<uuid:order_id>/messages", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def about_order(order_id: UUID) -> str | Response:
    """Show what was written about an order, or ask for the first words."""
    actor, at, form = current_actor(), clock.now(), MessageForm()
    with reading() as session:
        order = orders.order_for(session, order_id=order_id, seen_by=actor, at=at)
        there = queries.thread_about(session, by=actor, order_id=order_id)
    # Whoever may only look has nothing to send.
    may_write = actor.person_id is None or actor.may(Permission.PROPOSE_ORDERS)
    if there is not None and (request.method == "GET" or not may_write):
        return redirect(url_for("talk.thread", thread_id=there))
    if may_write and form.validate_on_submit():
        thread_id = sent(
            form,
            lambda session, message, by: commands.write_about_order(
                session, order_id, message, by=by, at=at
            ),
            begins=True,
            at=at,
        )
        if thread_id is not None:
            return _sent(thread_id)
    of_person = actor.person_id is not None
    return render_template(
        "talk/ask.html",
        form=form,
        whom=order.provider_name if of_person else order.person_name,
        about=f"Order {order.number}",
        answers=None,
        may_write=may_write,
        back=url_for("orders.show" if of_person else "orders.work_order", order_id=order_id),
    )


def _sent(thread_id: UUID) -> Response:
    flash("Your message is sent.")
    return redirect(url_for("talk.thread", thread_id=thread_id))
