"""The week of everybody whom somebody supports, in one list."""

from collections.abc import Sequence

from flask import render_template
from sqlalchemy.orm import Session

from marketplace.access.guards import current_actor, requires
from marketplace.access.queries import SupportedPerson, supported_people
from marketplace.access.rules import Permission, Scope
from marketplace.calendars import queries
from marketplace.calendars.queries import Asked
from marketplace.calendars.rules.entries import Entry
from marketplace.calendars.rules.weeks import Week
from marketplace.calendars.views.blueprint import calendars
from marketplace.calendars.views.showing import Look, days_of_week
from marketplace.database import reading


@calendars.route("/calendar/people")
@requires(Permission.SIGNED_IN)
def people() -> str:
    """Show this week of everybody whose orders one may see."""
    return _page(Look.now().week)


@calendars.route("/calendar/people/<int:year>/week/<int:number>")
@requires(Permission.SIGNED_IN)
def people_week(year: int, number: int) -> str:
    """Show one week of everybody whose orders one may see."""
    return _page(Week.at(year, number))


def _page(shown: Week) -> str:
    look, actor = Look.now(), current_actor()
    with reading() as session:
        found = supported_people(session, user_id=actor.user_id, at=look.at)
        seen = _seen(found)
        ids = [each.person_id for each in seen]

        def entries(session: Session, asked: Asked) -> Sequence[Entry]:
            return queries.entries_of_people(session, asked, person_ids=ids) if ids else ()

        days = days_of_week(session, look, shown, entries)
        questions = queries.open_questions(session, person_ids=ids, at=look.at) if ids else []
    return render_template(
        "calendars/people.html",
        people=seen,
        week=shown,
        days=days,
        today=look.today,
        this_week=look.week,
        questions=questions,
    )


def _seen(found: Sequence[SupportedPerson]) -> list[SupportedPerson]:
    return [each for each in found if Scope.SEE in each.scopes]
