"""What somebody has asked for: the list, the answers side by side, choosing, ending."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.asking import commands, queries
from marketplace.asking.errors import BadAskError
from marketplace.asking.forms import EndPriceForm, ExtendForm
from marketplace.asking.queries import AskView
from marketplace.asking.views.blueprint import asking
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number


@asking.route("/asks")
@requires(Permission.PROPOSE_ORDERS)
def index() -> str:
    """Show what was asked for, the newest first."""
    with reading() as session:
        found = queries.asks_of(
            session, by=current_actor(), page=page_number(request.args.get("page"))
        )
    return render_template("asking/index.html", asks=found)


@asking.route("/asks/<uuid:ask_id>")
@requires(Permission.PROPOSE_ORDERS)
def show(ask_id: UUID) -> str:
    """Show an ask and its answers side by side."""
    return render_template("asking/show.html", ask=_ask(ask_id))


@asking.route("/asks/<uuid:ask_id>/choose/<uuid:answer_id>", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def choose(ask_id: UUID, answer_id: UUID) -> str | Response:
    """Ask once more, then choose an answer and lead on to the order."""
    if request.method == "POST":
        with transaction() as session:
            commands.choose_answer(session, ask_id, answer_id, by=current_actor(), at=clock.now())
        return _to_order(_ask(ask_id))
    ask = _ask(ask_id)
    answer = next((each for each in ask.answers if each.id == answer_id), None)
    if answer is None:
        flash("That answer is not there any more. They may have taken it back.", "warning")
        return redirect(url_for("asking.show", ask_id=ask_id))
    return render_template("asking/choose.html", ask=ask, answer=answer)


@asking.route("/asks/<uuid:ask_id>/longer", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def extend(ask_id: UUID) -> str | Response:
    """Ask until which day answers are waited for."""
    form, ask = ExtendForm(), _ask(ask_id)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.extend_ask(
                    session,
                    ask_id,
                    form.until,
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadAskError as refusal:
            form.say(refusal)
        else:
            flash("Providers can answer until then.")
            return redirect(url_for("asking.show", ask_id=ask_id))
    return render_template("asking/extend.html", form=form, ask=ask)


@asking.route("/asks/<uuid:ask_id>/end", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def end(ask_id: UUID) -> str | Response:
    """Ask whether it was found elsewhere or is taken back; whoever answered is thanked."""
    if request.method == "POST":
        found = request.form.get("how") == "found"
        with transaction() as session:
            commands.end_ask(
                session, ask_id, found_elsewhere=found, by=current_actor(), at=clock.now()
            )
        flash("It is closed. Whoever answered is thanked.")
        return redirect(url_for("asking.show", ask_id=ask_id))
    return render_template("asking/end.html", ask=_ask(ask_id))


@asking.route("/asks/<uuid:ask_id>/end-price", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def give_up_price(ask_id: UUID) -> str | Response:
    """Ask for the last day of a price that a store said to the person."""
    form, ask = EndPriceForm(), _ask(ask_id)
    if ask.price_ends_on is None or ask.chosen is None:
        return redirect(url_for("asking.show", ask_id=ask_id))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.give_up_price(
                    session, ask_id, form.wish(), by=current_actor(), at=clock.now()
                )
        except BadAskError as refusal:
            form.say(refusal)
        else:
            flash("It ends on that day. We told them.")
            return redirect(url_for("asking.show", ask_id=ask_id))
    return render_template(
        "asking/end_price.html",
        form=form,
        ends_on=ask.price_ends_on,
        answer=ask.chosen,
        store=ask.chosen.provider_name,
    )


def _ask(ask_id: UUID) -> AskView:
    with reading() as session:
        return queries.ask_for(session, ask_id=ask_id, by=current_actor(), at=clock.now())


def _to_order(ask: AskView) -> Response:
    """Lead on to ordering, where the price of the order is the price that was said."""
    chosen = ask.chosen
    assert chosen is not None, "it was chosen just now"
    others = len(ask.answers) > 1
    flash(f"You chose {chosen.provider_name}.{' The others are thanked.' if others else ''}")
    if chosen.can_be_ordered and chosen.offer is not None:
        return redirect(url_for("orders.add_to_basket", offer_id=chosen.offer.id))
    return redirect(url_for("asking.show", ask_id=ask.id))
