"""A person's money: what there is to spend, what is set aside, what comes when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import asks_ahead, current_actor, requires
from marketplace.access.rules import Actor, Permission, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.forms import OutcomeForm
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.ready import Asked


def _ahead(actor: Actor, at: datetime) -> Sequence[Asked]:
    if not actor.may(Permission.SEE_WALLET):
        return ()
    return queries.asked_for_wallet_page(actor.buys_for, at)


asks_ahead("budgets.wallet", _ahead)


@budgets.route("/wallet")
@requires(Permission.SEE_WALLET)
def wallet() -> str:
    """Show all of a person's money: as a picture, in words, and what happened to it lately."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        page = queries.wallet_page(session, person_id=actor.buys_for, at=at)
        asked_for = (
            queries.requests_of(session, person_id=actor.buys_for, at=at)
            if page.has_requests
            else []
        )
        notices = (
            queries.clawbacks_of(session, person_id=actor.buys_for, only_open=True)
            if page.clawbacks
            else []
        )
    return render_template(
        "budgets/wallet.html",
        page=page,
        wallet=page.money,
        of_another=actor.person_name if actor.acts_for_another else "",
        may_add=_may_add(actor),
        may_spend=actor.may(Permission.PLACE_ORDERS),
        may_take_back=not actor.acts_for_another,
        asked_for=asked_for,
        notices=notices,
    )


@budgets.route("/wallet/lines/<uuid:line_id>")
@requires(Permission.SEE_WALLET)
def line(line_id: UUID) -> str:
    """Show one funding line: whose money it is, who holds it, what it is for, its limits."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        story = queries.line_story(session, line_id=line_id, person_id=actor.buys_for, at=at)
        outcomes = queries.outcomes_of_line(session, line_id=line_id)
        to_end = queries.limits_to_end(session, line_id=line_id, by=actor)
        statement = queries.statement(
            session,
            person_id=actor.buys_for,
            wish=queries.StatementWish(line_id=line_id),
            limit=10,
        )
    return render_template(
        "budgets/line.html",
        line=story.line,
        story=story,
        lasts=queries.forecast_of_line(story.line, today=clock.local_day(at)),
        outcomes=outcomes,
        statement=statement,
        to_end=to_end,
        may_limit=actor.may(Permission.MANAGE_CIRCLE),
    )


@budgets.route("/wallet/outcomes/new", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def add_outcome() -> str | Response:
    """Ask for one thing the person wants to be true in their life."""
    actor, form = current_actor(), OutcomeForm()
    if not _may_add(actor):
        raise NotAllowedError(f"{actor.person_name} has not asked you to help with their plan.")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_outcome(
                    session,
                    person_id=actor.buys_for,
                    sentence=form.sentence.data,
                    by=actor,
                    at=clock.now(),
                )
        except BadLineError as refusal:
            form.sentence.errors = [str(refusal)]
        else:
            flash("It is added to what the money is for.")
            return redirect(url_for("budgets.wallet"))
    return render_template("budgets/add_outcome.html", form=form)


def _may_add(actor: Actor) -> bool:
    return not actor.acts_for_another or Scope.PLAN in actor.scopes
