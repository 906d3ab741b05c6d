"""People are asking: a provider's list, an answer, and whether letters are wanted."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.asking import commands, queries
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.forms import AnswerForm, EndPriceForm, SaleForm
from marketplace.asking.rules import ANSWERS_MAX
from marketplace.asking.views.blueprint import asking
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number


@asking.route("/people-asking")
@requires(Permission.TAKE_ORDERS)
def near() -> str:
    """Show what people ask for who could be helped by this store."""
    actor, all_of_them = current_actor(), request.args.get("all") == "yes"
    with reading() as session:
        found = queries.asks_near(
            session,
            by=actor,
            at=clock.now(),
            only_open=not all_of_them,
            page=page_number(request.args.get("page")),
        )
        quiet = queries.wants_no_letters(session, provider_id=actor.works_for)
    return render_template(
        "asking/near.html",
        asks=found,
        all_of_them=all_of_them,
        quiet=quiet,
        may_choose=actor.may(Permission.KEEP_STORE),
    )


@asking.route("/people-asking/<uuid:ask_id>", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def answer(ask_id: UUID) -> str | Response:
    """Show what somebody asks for, and let a provider answer or change their answer."""
    actor, at, form = current_actor(), clock.now(), AnswerForm()
    with reading() as session:
        found = queries.ask_near(session, ask_id=ask_id, by=actor, at=at)
    form.set_up(found.offers, found.seen.wishes, found.mine)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                # In a transaction of its own: what is refused is counted too.
                count_try(session, limits={f"answer/{actor.user_id}": ANSWERS_MAX}, at=at)
            with transaction() as session:
                commands.answer_ask(session, ask_id, form.wish(), by=actor, at=at)
        except BadAskError as refusal:
            form.say(refusal)
        except (AskOverError, TooManyTriesError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Your answer is sent. Only whoever asks reads it.")
            return redirect(url_for("asking.answer", ask_id=ask_id))
    return render_template(
        "asking/answer.html", form=form, ask=found, may_keep=actor.may(Permission.KEEP_STORE)
    )


@asking.route("/people-asking/<uuid:ask_id>/offer", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def make_offer(ask_id: UUID) -> str | Response:
    """Let a provider put on sale what they were chosen for, so that it can be ordered."""
    actor, at, form = current_actor(), clock.now(), SaleForm()
    with reading() as session:
        found = queries.ask_near(session, ask_id=ask_id, by=actor, at=at)
    if not found.needs_offer or found.mine is None:
        return redirect(url_for("asking.answer", ask_id=ask_id))
    if not form.is_submitted():
        form.title.data, form.public.data = found.seen.title, found.mine.price
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.make_offer_for_answer(session, ask_id, form.wish(), by=actor, at=at)
        except BadAskError as refusal:
            form.say(refusal)
        else:
            flash("It is on sale. We told them that they can order it at the price you said.")
            return redirect(url_for("asking.answer", ask_id=ask_id))
    return render_template("asking/make_offer.html", form=form, ask=found, mine=found.mine)


@asking.route("/people-asking/<uuid:ask_id>/end-price", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def end_price(ask_id: UUID) -> str | Response:
    """Ask a store for the last day of a price that it said to one person."""
    actor, at, form = current_actor(), clock.now(), EndPriceForm()
    with reading() as session:
        found = queries.ask_near(session, ask_id=ask_id, by=actor, at=at)
    if found.price_ends_on is None or found.mine is None:
        return redirect(url_for("asking.answer", ask_id=ask_id))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.end_price(session, ask_id, form.wish(), by=actor, at=at)
        except BadAskError as refusal:
            form.say(refusal)
        else:
            flash("It ends on that day. We told them.")
            return redirect(url_for("asking.answer", ask_id=ask_id))
    return render_template(
        "asking/end_price.html", form=form, ends_on=found.price_ends_on, answer=found.mine, store=""
    )


@asking.route("/people-asking/<uuid:ask_id>/withdraw", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def withdraw(ask_id: UUID) -> Response:
    """Let a provider take their answer back."""
    with transaction() as session:
        commands.withdraw_answer(session, ask_id, by=current_actor(), at=clock.now())
    flash("Your answer is taken back.")
    return redirect(url_for("asking.near"))


@asking.route("/people-asking/<uuid:ask_id>/not-for-us", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def not_for_us(ask_id: UUID) -> Response:
    """Let a provider say that this is not for them."""
    with transaction() as session:
        commands.pass_on_ask(session, ask_id, by=current_actor(), at=clock.now())
    flash("It is off your list.")
    return redirect(url_for("asking.near"))


@asking.route("/people-asking/letters", methods=["POST"])
@requires(Permission.KEEP_STORE)
def letters() -> Response:
    """Let whoever looks after a store say whether letters about asks are wanted."""
    wanted = request.form.get("wanted") == "yes"
    with transaction() as session:
        commands.choose_letters(session, wanted=wanted, by=current_actor(), at=clock.now())
    flash(
        "We write to you when somebody asks."
        if wanted
        else "You get no more letters about this. The list stays here."
    )
    return redirect(url_for("asking.near"))
