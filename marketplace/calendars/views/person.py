"""A person's week and month, for them and for supporters who may see their orders."""

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request
from sqlalchemy.orm import Session

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.calendars import queries
from marketplace.calendars.queries import Asked
from marketplace.calendars.rules.entries import Entry
from marketplace.calendars.rules.weeks import Month, Week
from marketplace.calendars.views.blueprint import calendars
from marketplace.calendars.views.showing import Entries, Look, days_of_week, month_page
from marketplace.database import reading


@calendars.route("/calendar")
@requires(Permission.SEE_WALLET)
def index() -> str:
    """Show this week."""
    return _week_page(Look.now().week)


@calendars.route("/calendar/<int:year>/week/<int:number>")
@requires(Permission.SEE_WALLET)
def week(year: int, number: int) -> str:
    """Show one week, day by day."""
    return _week_page(Week.at(year, number))


@calendars.route("/calendar/<int:year>/month/<int:number>")
@requires(Permission.SEE_WALLET)
def month(year: int, number: int) -> str:
    """Show one month."""
    actor = current_actor()
    return month_page(
        "calendars/month.html", Month.at(year, number), _entries(actor.buys_for), actor=actor
    )


@calendars.route("/calendar/<int:year>/week/<int:number>/sheet")
@requires(Permission.SEE_WALLET)
def sheet(year: int, number: int) -> str:
    """Show one week in large type, for the wall in the kitchen."""
    shown, look, actor = Week.at(year, number), Look.now(), current_actor()
    with reading() as session:
        days = days_of_week(session, look, shown, _entries(actor.buys_for))
    return render_template(
        "calendars/sheet.html",
        week=shown,
        days=days,
        heading=f"The week of {actor.person_name}",
        symbols=request.args.get("symbols") == "yes",
        sheet_endpoint="calendars.sheet",
        back_endpoint="calendars.week",
        also={},
    )


def _week_page(shown: Week) -> str:
    look, actor = Look.now(), current_actor()
    with reading() as session:
        days = days_of_week(session, look, shown, _entries(actor.buys_for))
        questions = queries.open_questions(session, person_ids=[actor.buys_for], at=look.at)
        dayless = queries.without_day(session, person_ids=[actor.buys_for], at=look.at)
    return render_template(
        "calendars/week.html",
        actor=actor,
        week=shown,
        days=days,
        today=look.today,
        this_week=look.week,
        questions=questions,
        dayless=dayless,
        may_confirm=actor.may(Permission.PLACE_ORDERS),
    )


def _entries(person_id: UUID) -> Entries:
    def read(session: Session, asked: Asked) -> Sequence[Entry]:
        return queries.entries_of_people(
            session, asked, person_ids=[person_id], activities_of=person_id
        )

    return read
