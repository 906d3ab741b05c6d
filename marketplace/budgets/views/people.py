"""A council's people: who they are, and the money it agrees for them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.forms import AddPersonForm, OpenLineForm
from marketplace.budgets.views.blueprint import budgets
from marketplace.budgets.views.lines import stores_here
from marketplace.catalogue import queries as catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number


@budgets.route("/people")
@requires(Permission.OPEN_FUNDING_LINES)
def people() -> str:
    """Show everybody on the council's list, with what it funds."""
    actor, page = current_actor(), page_number(request.args.get("page"))
    today = clock.local_day(clock.now())
    with reading() as session:
        found = queries.people_of_council(session, council_id=actor.works_for, page=page)
        late = queries.late_instalments(session, on=today, council_id=actor.works_for)
    return render_template("budgets/people.html", people=found, late=late)


@budgets.route("/people/new", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def add_person() -> str | Response:
    """Ask who is to be on the council's list."""
    form = AddPersonForm()
    if form.validate_on_submit():
        with transaction() as session:
            person_id = commands.add_person(session, form.wish, by=current_actor(), at=clock.now())
        flash(f"{form.name.data} is on your list.")
        return redirect(url_for("budgets.person", person_id=person_id))
    return render_template("budgets/add_person.html", form=form)


@budgets.route("/people/<uuid:person_id>")
@requires(Permission.OPEN_FUNDING_LINES)
def person(person_id: UUID) -> str:
    """Show one person: what they want to be true, and the council's money for it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        found = queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
        outcomes = queries.outcomes_of(session, person_id=person_id)
        seen = queries.council_sees(session, person_id=person_id, council_id=actor.works_for, at=at)
        shares = queries.pool_shares_of(session, person_id=person_id, council_id=actor.works_for)
        outside = queries.outside_purchases(
            session, council_id=actor.works_for, person_id=person_id
        )
    return render_template(
        "budgets/person.html",
        person=found,
        outcomes=outcomes,
        seen=seen,
        pool_shares=shares,
        outside=outside,
    )


@budgets.route("/people/<uuid:person_id>/lines/new", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def open_line(person_id: UUID) -> str | Response:
    """Ask for everything a funding line needs, then open it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        found = queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
        categories = [(row.slug, row.name) for row in catalogue.categories(session)]
        stores = stores_here(session)
    form = OpenLineForm(categories, stores)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.open_line(session, form.wish(person_id), by=actor, at=at)
        except BadLineError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash(f"The money for {found.name} is set up.")
            return redirect(url_for("budgets.person", person_id=person_id))
    return render_template("budgets/open_line.html", form=form, person=found)
