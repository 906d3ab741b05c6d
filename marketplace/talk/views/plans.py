"""A person and their council writing to each other about plan and money."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import queries as budgets
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.talk import commands, queries
from marketplace.talk.forms import MessageForm
from marketplace.talk.rules import PLAN_TITLE
from marketplace.talk.views.blueprint import talk
from marketplace.talk.views.sending import sent


@talk.route("/wallet/messages")
@requires(Permission.SEE_WALLET)
def councils_to_write_to() -> str | Response:
    """Ask which council to write to; go on to it where there is one alone."""
    with reading() as session:
        found = councils.councils_of(session, person_id=current_actor().buys_for)
    if len(found) == 1:
        return redirect(url_for("talk.about_my_plan", council_id=found[0].id))
    return render_template("talk/councils.html", councils=found)


@talk.route("/wallet/messages/<uuid:council_id>", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def about_my_plan(council_id: UUID) -> str | Response:
    """Write to a council about one's plan and money; go on where something was written."""
    actor = current_actor()
    with reading() as session:
        if not councils.belongs(session, council_id=council_id, person_id=actor.buys_for):
            raise NotFoundError
        council = councils.council(session, council_id=council_id)
    return _write(
        person_id=actor.buys_for,
        council_id=council_id,
        whom=council.name,
        may_write=queries.may_write_of_plan(actor),
        back=url_for("budgets.wallet"),
    )


@talk.route("/people/<uuid:person_id>/messages", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def about_plan_of(person_id: UUID) -> str | Response:
    """Write to a person about their plan and money; go on where something was written."""
    council_id = current_actor().works_for
    with reading() as session:
        person = budgets.person_of_council(session, council_id=council_id, person_id=person_id)
    return _write(
        person_id=person_id,
        council_id=council_id,
        whom=person.name,
        may_write=True,
        back=url_for("budgets.person", person_id=person_id),
    )


def _write(
    *, person_id: UUID, council_id: UUID, whom: str, may_write: bool, back: str
) -> str | Response:
    at, form = clock.now(), MessageForm()
    with reading() as session:
        there = queries.thread_of_plan(
            session, person_id=person_id, council_id=council_id, by=current_actor()
        )
    # Whoever may only look has nothing to send.
    if there is not None and (request.method == "GET" or not may_write):
        return redirect(url_for("talk.thread", thread_id=there))
    if may_write and form.validate_on_submit():
        thread_id = sent(
            form,
            lambda session, message, by: commands.write_of_plan(
                session, person_id, council_id, message, by=by, at=at
            ),
            begins=True,
            at=at,
        )
        if thread_id is not None:
            flash("Your message is sent.")
            return redirect(url_for("talk.thread", thread_id=thread_id))
    return render_template(
        "talk/of_plan.html", form=form, whom=whom, about=PLAN_TITLE, may_write=may_write, back=back
    )
