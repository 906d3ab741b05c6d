"""Asking to go past a limit once, the list of those who answer, and the answers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import (
    AnsweredAlreadyError,
    AskedAlreadyError,
    BadLineError,
    OwnLimitError,
)
from marketplace.budgets.forms import AnswerForm, AskOnceForm
from marketplace.budgets.rules import WORDS_LENGTH_MAX
from marketplace.budgets.views.blueprint import budgets
from marketplace.catalogue.queries import provider_names
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import PENCE_MAX, Money


@budgets.route("/limits/<uuid:limit_id>/ask", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def ask_once(limit_id: UUID) -> str | Response:
    """Ask why somebody needs to go past a limit once, then ask whoever answers."""
    actor, at, form = current_actor(), clock.now(), AskOnceForm()
    if not form.is_submitted():
        _fill(form)
    with reading() as session:
        limit = queries.limit_of_person(session, limit_id=limit_id, person_id=actor.buys_for, at=at)
        provider_id = form.wish(limit_id).provider_id
        names = provider_names(session, provider_ids=[provider_id])
    if provider_id not in names:
        raise NotFoundError("We cannot find that provider.")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                request_id = commands.ask_once(session, form.wish(limit_id), by=actor, at=at)
        except (AskedAlreadyError, OwnLimitError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash("You have asked. We write to you when there is an answer.")
            return redirect(url_for("budgets.request_page", request_id=request_id))
    return render_template(
        "budgets/ask_once.html", form=form, limit=limit, provider_name=names[provider_id]
    )


@budgets.route("/requests")
@requires(Permission.SIGNED_IN)
def requests() -> str:
    """List the requests that somebody can answer, and what they answered last."""
    actor = current_actor()
    if not (actor.may(Permission.OPEN_FUNDING_LINES) or actor.may(Permission.APPROVE_ORDERS)):
        raise NotFoundError
    with reading() as session:
        waiting = queries.requests_to_answer(session, by=actor)
        answered = queries.requests_answered(session, by=actor)
    return render_template("budgets/requests.html", waiting=waiting, answered=answered, actor=actor)


@budgets.route("/requests/<uuid:request_id>")
@requires(Permission.SIGNED_IN)
def request_page(request_id: UUID) -> str:
    """Show one request: what was asked, why, and what became of it."""
    actor = current_actor()
    with reading() as session:
        found = queries.request_for(session, request_id=request_id, seen_by=actor)
    return render_template(
        "budgets/request.html", asked=found, actor=actor, stands=found.stands(clock.now())
    )


@budgets.route("/requests/<uuid:request_id>/answer", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def answer_request(request_id: UUID) -> str | Response:
    """Ask for a yes or a no, and why; then write it to who asked."""
    actor, form = current_actor(), AnswerForm()
    with reading() as session:
        found = queries.request_for(session, request_id=request_id, seen_by=actor)
    if not queries.may_answer(found, actor):
        raise NotFoundError("We cannot find that request.")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                wish = form.wish(request_id)
                commands.answer_request(session, wish, by=actor, at=clock.now())
        except AnsweredAlreadyError as refusal:
            flash(str(refusal), "notice")
            return redirect(url_for("budgets.request_page", request_id=request_id))
        except BadLineError as refusal:
            getattr(form, refusal.field).errors = [str(refusal)]
        else:
            flash("Your answer is written to them.")
            return redirect(url_for("budgets.requests"))
    return render_template("budgets/answer_request.html", form=form, asked=found, actor=actor)


@budgets.route("/requests/<uuid:request_id>/withdraw", methods=["POST"])
@requires(Permission.SIGNED_IN)
def withdraw_request(request_id: UUID) -> Response:
    """Take a request back."""
    try:
        with transaction() as session:
            commands.withdraw_request(
                session, request_id=request_id, by=current_actor(), at=clock.now()
            )
    except AnsweredAlreadyError as refusal:
        flash(str(refusal), "notice")
    else:
        flash("It is taken back.")
    return redirect(url_for("budgets.request_page", request_id=request_id))


def _fill(form: AskOnceForm) -> None:
    """Fill in what was refused, as the basket names it."""
    form.provider_id.data = request.args.get("provider", "")
    form.what.data = request.args.get("what", "")[:WORDS_LENGTH_MAX]
    pence = request.args.get("pence", "")
    fits = pence.isascii() and pence.isdigit() and len(pence) <= len(str(PENCE_MAX))
    if fits and 0 < int(pence) <= PENCE_MAX:
        form.amount.data = Money(int(pence))
