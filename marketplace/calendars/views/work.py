"""A store's week and month: for a worker their own visits, for the store everybody's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from sqlalchemy.orm import Session

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission, Role
from marketplace.calendars import queries
from marketplace.calendars.queries import Asked
from marketplace.calendars.rules.entries import Entry
from marketplace.calendars.rules.weeks import Month, Week
from marketplace.calendars.views.blueprint import calendars
from marketplace.calendars.views.showing import Look, days_of_week, month_page
from marketplace.catalogue.queries.cards import WorkerRow
from marketplace.catalogue.queries.room import Holiday, holidays_of_store, room_of_store
from marketplace.catalogue.queries.workers import workers_of
from marketplace.catalogue.rules import DAYS, WeekOfRoom, weeks_of_room
from marketplace.database import reading
from marketplace.kernel.errors import NotFoundError

MINE, ALL = "mine", "all"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose visits are shown: one's own, everybody's, or one worker's."""

    who: str
    """``mine``, ``all``, or the id of a worker."""
    name: str
    """The worker's; "" for everybody."""
    workers: tuple[WorkerRow, ...]


@calendars.route("/work/calendar")
@requires(Permission.TAKE_ORDERS)
def work() -> str:
    """Show this week of the store, or one's own."""
    return _week_page(Look.now().week)


@calendars.route("/work/calendar/<int:year>/week/<int:number>")
@requires(Permission.TAKE_ORDERS)
def work_week(year: int, number: int) -> str:
    """Show one week of the store, or one's own."""
    return _week_page(Week.at(year, number))


@calendars.route("/work/calendar/<int:year>/month/<int:number>")
@requires(Permission.TAKE_ORDERS)
def work_month(year: int, number: int) -> str:
    """Show one month of the store, or one's own."""
    actor, shown = current_actor(), Month.at(year, number)
    with reading() as session:
        chosen = _chosen(session, actor)

    def entries(session: Session, asked: Asked) -> Sequence[Entry]:
        return _entries(session, asked, actor, chosen)

    return month_page("calendars/work_month.html", shown, entries, chosen=chosen, actor=actor)


@calendars.route("/work/calendar/<int:year>/week/<int:number>/sheet")
@requires(Permission.TAKE_ORDERS)
def work_sheet(year: int, number: int) -> str:
    """Show one week in large type, to take along."""
    shown, look, actor = Week.at(year, number), Look.now(), current_actor()
    with reading() as session:
        chosen = _chosen(session, actor)
        days = days_of_week(
            session, look, shown, lambda session, asked: _entries(session, asked, actor, chosen)
        )
    return render_template(
        "calendars/sheet.html",
        week=shown,
        days=days,
        heading=f"Work of {chosen.name or actor.organisation_name}",
        symbols=request.args.get("symbols") == "yes",
        sheet_endpoint="calendars.work_sheet",
        back_endpoint="calendars.work_week",
        also={"who": chosen.who},
    )


def _week_page(shown: Week) -> str:
    look, actor = Look.now(), current_actor()
    with reading() as session:
        chosen = _chosen(session, actor)
        days = days_of_week(
            session, look, shown, lambda session, asked: _entries(session, asked, actor, chosen)
        )
        dayless = queries.without_day(
            session, provider_id=actor.works_for, worker=chosen.name, at=look.at
        )
        room = room_of_store(session, provider_id=actor.works_for)
        holidays = holidays_of_store(
            session,
            provider_id=actor.works_for,
            starts_on=shown.starts_on,
            ends_before=shown.ends_before,
        )
    return render_template(
        "calendars/work.html",
        actor=actor,
        chosen=chosen,
        week=shown,
        days=days,
        today=look.today,
        this_week=look.week,
        dayless=dayless,
        free=_free(weeks_of_room(room, on=look.today), shown),
        away=_away(holidays, shown),
        says_room=room.is_said(),
        may_keep=actor.may(Permission.KEEP_STORE),
    )


def _entries(session: Session, asked: Asked, actor: Actor, chosen: Chosen) -> list[Entry]:
    return queries.entries_of_store(session, asked, provider_id=actor.works_for, worker=chosen.name)


def _chosen(session: Session, actor: Actor) -> Chosen:
    """Return whose visits are asked for; a worker is shown their own unless they ask for more."""
    workers = workers_of(session, [actor.works_for]).get(actor.works_for, ())
    usual = MINE if actor.role is Role.PROVIDER_WORKER else ALL
    asked = request.args.get("who") or usual
    names = {MINE: actor.name, ALL: "", **{str(row.id): row.name for row in workers}}
    if asked not in names:
        raise NotFoundError("Nobody of that name works for your store.")
    return Chosen(asked, names[asked], workers)


def _free(weeks: Sequence[WeekOfRoom], shown: Week) -> Mapping[date, list[str]]:
    """Return the parts of each day of a week in which the store says that it has room."""
    free = next((week.free for week in weeks if week.begins_on == shown.starts_on), ())
    found: dict[date, list[str]] = {}
    for each in free:
        day, _, part = each.partition("-")
        found.setdefault(shown.starts_on + timedelta(days=DAYS.index(day)), []).append(part)
    return found


def _away(holidays: Sequence[Holiday], shown: Week) -> Mapping[date, str]:
    """Return the days of a week on which the store is on holiday, each with what it says of it."""
    return {day: each.words for each in holidays for day in shown.days if each.has(day)}
