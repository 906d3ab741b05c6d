"""One funding line as the council sees it: its history, and every way to change it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.forms.changes import (
    AmountForm,
    ChangeForm,
    CloseForm,
    CostCodeForm,
    EndForm,
    FunderForm,
    HolderForm,
    OfferForm,
    SplitForm,
    TakeOverForm,
    TurnDownForm,
)
from marketplace.budgets.forms.parts import Store
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import Funder
from marketplace.budgets.views.blueprint import budgets
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day

Deed = Callable[[Session, datetime], object]
OFFERED = "The other council is asked. Nothing changes before it says yes."
TOLD = "It is changed. The person gets a letter."
LINE = "/people/<uuid:person_id>/lines/<uuid:line_id>"


@budgets.route(LINE)
@requires(Permission.OPEN_FUNDING_LINES)
def line_of_person(person_id: UUID, line_id: UUID) -> str:
    """Show one line of a person, with all that was changed about it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        _line(session, actor, person_id, line_id, at)
        person = queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
        story = queries.line_story(session, line_id=line_id, person_id=person_id, at=at)
        offer_id = queries.open_offer(session, line_id=line_id)
    return render_template(
        "budgets/line_of_person.html",
        person=person,
        story=story,
        line=story.line,
        offer_id=offer_id,
    )


@budgets.route(f"{LINE}/amount", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def change_amount(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask for another yearly amount."""
    actor, form = current_actor(), AmountForm()

    def deed(session: Session, at: datetime) -> None:
        wish = form.wish(line_id)
        commands.change_amount(session, wish, yearly=form.amount, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Change how much it is")


@budgets.route(f"{LINE}/funder", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def change_funder(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask for another fund."""
    actor, form = current_actor(), FunderForm()

    def deed(session: Session, at: datetime) -> None:
        funder = Funder(form.funder.data)
        commands.change_funder(session, form.wish(line_id), funder=funder, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Change where the money comes from")


@budgets.route(f"{LINE}/cost-code", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def change_cost_code(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask for another cost code."""
    actor, form = current_actor(), CostCodeForm()

    def deed(session: Session, at: datetime) -> None:
        code = form.cost_code.data
        commands.change_cost_code(session, form.wish(line_id), cost_code=code, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Change the cost code", "It is changed.")


@budgets.route(f"{LINE}/end", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def change_end(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask for another last day."""
    actor, form = current_actor(), EndForm()

    def deed(session: Session, at: datetime) -> None:
        ends = form.ends_before
        commands.change_end(session, form.wish(line_id), ends_before=ends, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Change the last day")


@budgets.route(f"{LINE}/holder", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def change_holder(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask who is to look after the money."""
    actor = current_actor()
    with reading() as session:
        line = _line(session, actor, person_id, line_id, clock.now())
        stores = stores_here(session)
    form = HolderForm(line, stores)

    def deed(session: Session, at: datetime) -> None:
        commands.change_holder(session, form.wish(line_id), new=form.new, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Change who looks after it")


@budgets.route(f"{LINE}/split", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def split_line(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask which part of the money somebody else is to look after."""
    actor = current_actor()
    with reading() as session:
        line = _line(session, actor, person_id, line_id, clock.now())
        stores = stores_here(session)
    form = SplitForm(line, stores)

    def deed(session: Session, at: datetime) -> None:
        commands.split_line(
            session,
            form.wish(line_id),
            percent=100 - form.percent.data,
            others=form.others,
            by=actor,
            at=at,
        )

    return _change(person_id, line_id, form, deed, "Share it out")


@budgets.route(f"{LINE}/close", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def close_line(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask what becomes of a line."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        line = _line(session, actor, person_id, line_id, at)
        others = [
            row
            for row in queries.lines_of(session, person_id=person_id, at=at)
            if row.council_id == actor.works_for
            and row.id != line_id
            and row.funder.is_private is line.funder.is_private
            and not row.is_over(local_day(at))
        ]
    form = CloseForm(others)

    def deed(session: Session, at: datetime) -> None:
        if form.into.data == form.STOP:
            commands.stop_line(session, form.wish(line_id), by=actor, at=at)
            return
        commands.close_line(session, form.wish(line_id), into_id=form.into_id, by=actor, at=at)

    return _change(person_id, line_id, form, deed, "End it")


@budgets.route(f"{LINE}/offer", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def offer_line(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask which other council is to go on with a line."""
    actor = current_actor()
    with reading() as session:
        others = [
            (council.id, council.name)
            for council in councils.councils(session)
            if council.id != actor.works_for
        ]
    form = OfferForm(others)

    def deed(session: Session, at: datetime) -> None:
        commands.offer_line(session, form.offer(line_id), by=actor, at=at)

    return _change(person_id, line_id, form, deed, "Hand it over to another council", OFFERED)


@budgets.route("/people/handovers")
@requires(Permission.OPEN_FUNDING_LINES)
def handovers() -> str:
    """Show what other councils offered, and what was offered to them."""
    actor = current_actor()
    with reading() as session:
        found = queries.handovers_of(session, council_id=actor.works_for, at=clock.now())
    return render_template("budgets/handovers.html", handovers=found, mine=actor.works_for)


@budgets.route("/people/handovers/<uuid:handover_id>", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def take_over(handover_id: UUID) -> str | Response:
    """Ask whether the council goes on with another one's line."""
    actor, at, form = current_actor(), clock.now(), TakeOverForm()
    with reading() as session:
        found = queries.handover_to(
            session, handover_id=handover_id, council_id=actor.works_for, at=at
        )
    if form.validate_on_submit():
        try:
            with transaction() as session:
                line_id = commands.take_over(session, form.wish(handover_id), by=actor, at=at)
        except BadLineError as refusal:
            form.yearly.errors = [str(refusal)]
        else:
            flash("The line is yours to look after now.")
            person_id = found.line.person_id
            return redirect(url_for("budgets.line_of_person", person_id=person_id, line_id=line_id))
    if not form.is_submitted():
        form.yearly.data = found.line.yearly
    return render_template("budgets/take_over.html", form=form, no=TurnDownForm(), handover=found)


@budgets.route("/people/handovers/<uuid:handover_id>/no", methods=["POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def turn_down_handover(handover_id: UUID) -> str | Response:
    """Say no to going on with another council's line."""
    actor, at, form = current_actor(), clock.now(), TurnDownForm()
    with reading() as session:
        found = queries.handover_to(
            session, handover_id=handover_id, council_id=actor.works_for, at=at
        )
    if not form.validate_on_submit():
        yes = TakeOverForm()
        yes.yearly.data = found.line.yearly
        return render_template("budgets/take_over.html", form=yes, no=form, handover=found)
    with transaction() as session:
        commands.turn_down_handover(
            session, handover_id=handover_id, words=form.words.data, by=actor, at=at
        )
    flash("You have said no.")
    return redirect(url_for("budgets.handovers"))


@budgets.route("/people/handovers/<uuid:handover_id>/take-back", methods=["POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def take_back_offer(handover_id: UUID) -> Response:
    """Take back an offer that nobody has answered."""
    with transaction() as session:
        commands.take_back_offer(
            session, handover_id=handover_id, by=current_actor(), at=clock.now()
        )
    flash("The offer is taken back.")
    return redirect(url_for("budgets.handovers"))


def _change(
    person_id: UUID, line_id: UUID, form: ChangeForm, deed: Deed, title: str, done: str = TOLD
) -> str | Response:
    """Show the form of a change, and make the change when it is sent."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        line = _line(session, actor, person_id, line_id, at)
        person = queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
    if line.closed:
        abort(404)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                deed(session, at)
        except BadLineError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash(done)
            return redirect(url_for("budgets.line_of_person", person_id=person_id, line_id=line_id))
    if not form.is_submitted():
        form.begin_with(line)
    return render_template(
        "budgets/change_line.html", form=form, person=person, line=line, title=title
    )


def _line(session: Session, actor: Actor, person_id: UUID, line_id: UUID, at: datetime) -> LineRow:
    return queries.line(
        session, line_id=line_id, person_id=person_id, council_id=actor.works_for, at=at
    )


def stores_here(session: Session) -> list[Store]:
    """Return the stores that may keep somebody's money, by their names."""
    found = [(each.id, each.name) for each in catalogue.findable_providers(session)]
    return sorted(found, key=lambda store: (store[1].casefold(), store[0]))
