"""What was bought outside the market: written down in seconds, seen, put right."""

from datetime import datetime
from uuid import UUID

from flask import Response as Answer
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadPurchaseError
from marketplace.budgets.forms.purchases import ANY, NONE, PurchaseForm
from marketplace.budgets.queries import PurchaseRow
from marketplace.budgets.views.blueprint import budgets
from marketplace.catalogue import queries as catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.paging import page_number


@budgets.route("/wallet/bought", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def bought() -> str | Response:
    """Ask what was bought outside the market, then write it down."""
    form, at = PurchaseForm(), clock.now()
    with reading() as session:
        has_money = _offer(form, session, at)
    if has_money and form.validate_on_submit():
        try:
            with transaction() as session:
                purchase_id = commands.record_purchase(
                    session, form.wish(), by=current_actor(), at=at
                )
        except BadPurchaseError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash("It is written down.")
            return redirect(_after(purchase_id))
    return render_template(
        "budgets/bought.html",
        form=form,
        has_money=has_money,
        photo_lost=_photo_lost(form),
        may_see=current_actor().may(Permission.SEE_WALLET),
    )


@budgets.route("/wallet/bought/all")
@requires(Permission.SEE_WALLET)
def purchases() -> str:
    """List what was bought outside the market, the last first."""
    page = page_number(request.args.get("page"))
    with reading() as session:
        found, more = queries.purchases_of(session, person_id=current_actor().buys_for, page=page)
    may_write = current_actor().may(Permission.PLACE_ORDERS)
    return render_template(
        "budgets/purchases.html", purchases=found, more=more, page=page, may_write=may_write
    )


@budgets.route("/wallet/bought/<uuid:purchase_id>")
@requires(Permission.SEE_WALLET)
def purchase(purchase_id: UUID) -> str:
    """Show one thing that was bought outside the market."""
    actor, at = current_actor(), clock.now()
    found = _purchase(purchase_id)
    may_change = actor.may(Permission.PLACE_ORDERS) and found.may_change(at)
    return render_template("budgets/purchase.html", purchase=found, may_change=may_change)


@budgets.route("/wallet/bought/<uuid:purchase_id>/photo")
@requires(Permission.SEE_WALLET)
def purchase_picture(purchase_id: UUID) -> Answer:
    """Send the photo of a receipt."""
    with reading() as session:
        found = queries.purchase_picture(
            session, purchase_id=purchase_id, person_id=current_actor().buys_for
        )
    answer = Answer(found.content, mimetype=found.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@budgets.route("/wallet/bought/<uuid:purchase_id>/correct", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def correct_purchase(purchase_id: UUID) -> str | Response:
    """Ask what was wrong, then write it anew; what was written before is kept beside it."""
    at, found = clock.now(), _purchase(purchase_id)
    form = PurchaseForm(data=_as_typed(found))
    with reading() as session:
        _offer(form, session, at)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                new_id = commands.correct_purchase(
                    session, purchase_id, form.wish(), by=current_actor(), at=at
                )
        except BadPurchaseError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash("It is put right.")
            return redirect(_after(new_id))
    return render_template(
        "budgets/correct_purchase.html",
        form=form,
        purchase=found,
        photo_lost=_photo_lost(form),
    )


@budgets.route("/wallet/bought/<uuid:purchase_id>/remove", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def remove_purchase(purchase_id: UUID) -> Response:
    """Take out what was written down by mistake."""
    with transaction() as session:
        commands.remove_purchase(
            session, purchase_id=purchase_id, by=current_actor(), at=clock.now()
        )
    flash("It is taken out, and its money is back.")
    return redirect(_after(purchase_id))


def _purchase(purchase_id: UUID) -> PurchaseRow:
    with reading() as session:
        return queries.purchase(
            session, purchase_id=purchase_id, person_id=current_actor().buys_for
        )


def _after(purchase_id: UUID) -> str:
    """Return where to go next: to what was written, or, who may not see it, to the next one."""
    if current_actor().may(Permission.SEE_WALLET):
        return url_for("budgets.purchase", purchase_id=purchase_id)
    return url_for("budgets.bought")


def _offer(form: PurchaseForm, session: Session, at: datetime) -> bool:
    """Fill in what can be chosen; tell whether there is any money it could be written down for."""
    person_id = current_actor().buys_for
    lines = queries.lines_of(session, person_id=person_id, at=at)
    form.offer(
        queries.outcomes_of(session, person_id=person_id),
        lines,
        [(row.slug, row.name) for row in catalogue.categories(session)],
        today=local_day(at),
    )
    return bool(lines)


def _photo_lost(form: PurchaseForm) -> bool:
    """Tell whether a photo was sent with a form that has to be sent again: a page keeps none."""
    return bool(form.errors) and bool(getattr(form.photo.data, "filename", ""))


def _as_typed(found: PurchaseRow) -> dict[str, object]:
    return {
        "amount": found.amount,
        "what": found.what,
        "paid_on": found.paid_on,
        "outcome_id": str(found.outcome_id or NONE),
        "line_id": str(found.line_id or ANY),
        "category": found.category or NONE,
    }
