"""Rating, replying, reporting and keeping ratings fair."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number
from marketplace.orders.queries import ratable_orders
from marketplace.ratings import commands, queries
from marketplace.ratings.forms import HideForm, RateForm, ReplyForm, ReportForm
from marketplace.ratings.rules import HidingRule, Standing
from marketplace.web.fields import tidy

ratings = Blueprint("ratings", __name__)


@ratings.route("/orders/<uuid:order_id>/rate", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def rate(order_id: UUID) -> str | Response:
    """Ask how the support was, or let the answer be changed."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        order = queries.ratable(session, order_id=order_id, seen_by=actor, at=at)
        earlier = queries.find_rating(session, order_id=order_id, person_id=actor.buys_for)
    form = RateForm(data=RateForm.of(earlier) if earlier else None)
    if form.validate_on_submit():
        with transaction() as session:
            commands.rate_order(session, order_id, form.answers(), by=actor, at=at)
        flash("Thank you. Your rating is saved.")
        return redirect(url_for("ratings.mine"))
    return render_template("ratings/rate.html", form=form, order=order, earlier=earlier)


@ratings.route("/my-ratings")
@requires(Permission.SEE_WALLET)
def mine() -> str:
    """Show what a person has said, hidden or not, and what they could rate now."""
    actor = current_actor()
    with reading() as session:
        said = queries.ratings_by(session, person_id=actor.buys_for)
        orders = ratable_orders(session, person_id=actor.buys_for)
    rated = {rating.order_id for rating in said}
    return render_template(
        "ratings/mine.html",
        ratings=said,
        to_rate=[order for order in orders if order.order_id not in rated],
        may_rate=actor.may(Permission.PROPOSE_ORDERS),
    )


@ratings.route("/store-ratings")
@requires(Permission.KEEP_STORE)
def store() -> str:
    """Show a provider what people say of them."""
    provider_id = current_actor().works_for
    with reading() as session:
        said = queries.ratings_of(session, provider_id=provider_id)
        stands = queries.standing(session, provider_ids=[provider_id])
    return render_template(
        "ratings/store.html", ratings=said, standing=stands.get(provider_id, Standing())
    )


@ratings.route("/ratings/<uuid:rating_id>/reply", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def reply(rating_id: UUID) -> str | Response:
    """Let a provider reply to a rating, once."""
    actor, form = current_actor(), ReplyForm()
    if form.validate_on_submit():
        with transaction() as session:
            words = tidy(form.words.data)
            commands.reply(session, rating_id, words, by=actor, at=clock.now())
        flash("Your reply is published.")
        return redirect(url_for("ratings.store"))
    with reading() as session:
        found = queries.rating_of_store(session, rating_id=rating_id, seen_by=actor)
    return render_template("ratings/reply.html", form=form, rating=found)


@ratings.route("/ratings/<uuid:rating_id>/report", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def report(rating_id: UUID) -> str | Response:
    """Let anybody who is signed in say that a rating breaks a rule."""
    form = ReportForm()
    if form.validate_on_submit():
        rule, words = HidingRule(form.rule.data), tidy(form.words.data or "")
        with transaction() as session:
            commands.report_rating(
                session, rating_id, rule, words, by=current_actor(), at=clock.now()
            )
        flash("Thank you. A moderator will look at it.")
        return redirect(url_for("home.front"))
    with reading() as session:
        found = queries.rating_row(session, rating_id=rating_id)
    return render_template("ratings/report.html", form=form, rating=found)


@ratings.route("/moderation/ratings")
@requires(Permission.MODERATE)
def moderate() -> str:
    """Show a council's ratings, first those that wait for a moderator."""
    with reading() as session:
        found = queries.to_moderate(
            session,
            council_id=current_actor().works_for,
            page=page_number(request.args.get("page")),
        )
    return render_template("ratings/moderate.html", ratings=found)


@ratings.route("/moderation/ratings/<uuid:rating_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide(rating_id: UUID) -> str | Response:
    """Let a moderator hide a rating by a rule, with a reason."""
    actor, form = current_actor(), HideForm()
    if form.validate_on_submit():
        rule, reason = HidingRule(form.rule.data), tidy(form.reason.data)
        with transaction() as session:
            commands.hide_rating(session, rating_id, rule, reason, by=actor, at=clock.now())
        flash("The rating is hidden. Its author gets a letter with your reason.")
        return redirect(url_for("ratings.moderate"))
    with reading() as session:
        found = queries.rating_to_moderate(session, rating_id=rating_id, seen_by=actor)
    return render_template("ratings/decide.html", form=form, rating=found)


@ratings.route("/moderation/ratings/<uuid:rating_id>/show", methods=["POST"])
@requires(Permission.MODERATE)
def show(rating_id: UUID) -> Response:
    """Let a moderator show a hidden rating again."""
    with transaction() as session:
        commands.show_again(session, rating_id, by=current_actor(), at=clock.now())
    flash("Everybody can see the rating again.")
    return redirect(url_for("ratings.moderate"))


@ratings.route("/moderation/ratings/<uuid:rating_id>/keep", methods=["POST"])
@requires(Permission.MODERATE)
def keep(rating_id: UUID) -> Response:
    """Let a moderator leave a reported rating as it is."""
    with transaction() as session:
        commands.keep_rating(session, rating_id, by=current_actor(), at=clock.now())
    flash("The rating stays as it is. Its reports are settled.")
    return redirect(url_for("ratings.moderate"))
