"""One payment of a run: taking it out, and noting that it came back; calls about new accounts."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue.queries import bank_standings
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    LastPaymentError,
    PaidOnError,
    ReasonMissingError,
)
from marketplace.payments.forms import BouncedForm, CallForm, TakeOutForm
from marketplace.payments.views.blueprint import payments


@payments.route("/payments/items/<uuid:item_id>/take-out", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def take_out(item_id: UUID) -> str | BaseResponse:
    """Take a payment out of a run, with a reason."""
    actor, form = current_actor(), TakeOutForm()
    with reading() as session:
        run_id, item = queries.planned_item(session, item_id=item_id, seen_by=actor)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.take_out(
                    session, item_id, reason=form.reason.data, by=actor, at=clock.now()
                )
        except (ReasonMissingError, LastPaymentError) as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash(f"The payment to {item.provider_name} is taken out. It waits for another run.")
            return redirect(url_for("payments.run", run_id=run_id))
    return render_template("payments/take_out.html", form=form, run_id=run_id, item=item)


@payments.route("/payments/items/<uuid:item_id>/came-back", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def came_back(item_id: UUID) -> str | BaseResponse:
    """Note that a payment came back: it is owed again."""
    actor, form = current_actor(), BouncedForm()
    with reading() as session:
        run_id, item = queries.planned_item(session, item_id=item_id, seen_by=actor)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.bounce_item(
                    session,
                    item_id,
                    on=form.day(),
                    reason=form.reason.data,
                    by=actor,
                    at=clock.now(),
                )
        except PaidOnError as refusal:
            form.bounced_on.errors = [str(refusal)]
        except ReasonMissingError as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash(f"{item.provider_name} is owed {item.amount} again, and gets a letter.")
            return redirect(url_for("payments.run", run_id=run_id))
    return render_template("payments/came_back.html", form=form, run_id=run_id, item=item)


@payments.route("/payments/new-accounts/<uuid:change_id>", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def call(change_id: UUID) -> str | BaseResponse:
    """Note that a provider said on the telephone that a new account is theirs."""
    actor, at, form = current_actor(), clock.now(), CallForm()
    with reading() as session:
        owed = queries.held_change(
            session, council_id=actor.works_for, change_id=change_id, on=clock.local_day(at)
        )
        standing = bank_standings(session, [owed.provider_id])[owed.provider_id]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.note_call(session, change_id, words=form.words.data, by=actor, at=at)
        except ReasonMissingError as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash("Your note is kept. Another officer approves the run that pays them.")
            return redirect(url_for("payments.index"))
    return render_template("payments/call.html", form=form, owed=owed, standing=standing)
