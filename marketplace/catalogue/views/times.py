"""When and where one's own store is there, and when it has room."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadAreaError, BadTimesError, BadWordsError
from marketplace.catalogue.forms import AreaForm, CapacityForm, RoomForm, TimesForm
from marketplace.catalogue.queries import Storefront
from marketplace.catalogue.rules import DAYS, Room, WeekOfRoom, weeks_of_room
from marketplace.catalogue.rules.holidays import capacity_words
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.councils.queries import councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.languages import ENGLISH, language_of_page

HALF_DAY = 12


@catalogue.route("/my-store/times", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def times() -> str | Response:
    """Ask when the provider can be reached, and how soon it answers."""
    form = TimesForm(data=TimesForm.values_of(_own()))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.set_opening(
                    session,
                    opening=form.opening,
                    words=form.words.data or "",
                    answers_within=form.promise,
                    by=current_actor(),
                    at=clock.now(),
                )
        except (BadTimesError, BadWordsError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Your times are changed.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/times.html", form=form)


@catalogue.route("/my-store/area", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def area() -> str | Response:
    """Ask which districts and councils the provider covers."""
    shown = _own().area
    with reading() as session:
        cards = councils(session)
    form = AreaForm(
        data={
            "districts": ", ".join(shown.districts),
            "councils": [str(council_id) for council_id in shown.council_ids],
        }
    )
    form.offer_councils(cards)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.set_area(
                    session,
                    districts=form.named,
                    council_ids=form.council_ids,
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadAreaError as refusal:
            form.districts.errors = [str(refusal)]
        else:
            flash("Your area is changed.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/area.html", form=form, area=shown)


@catalogue.route("/my-store/room", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def room() -> str | Response:
    """Ask when there is room for somebody new."""
    at = clock.now()
    said = _own().room
    form = RoomForm(
        data={
            "usual": list(said.usual),
            "full_weeks": [week.isoformat() for week in said.full_weeks],
            "full_until": said.full_until,
        }
    )
    form.offer_weeks(clock.local_day(at))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.set_room(
                    session,
                    usual=form.usual.chosen,
                    full_weeks=form.weeks,
                    full_until=form.full_until.data,
                    by=current_actor(),
                    at=at,
                )
        except BadTimesError as refusal:
            form.full_until.errors = [str(refusal)]
        else:
            flash("People see now when you have room.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/room.html", form=form, days=DAYS)


@catalogue.route("/my-store/capacity", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def capacity() -> str | Response:
    """Ask how many people and hours the store can take, and say how many it has."""
    actor = current_actor()
    with reading() as session:
        said = queries.capacity_of(session, by=actor)
    form = CapacityForm(data={"people": said.people_most, "hours": said.hours_most})
    if form.validate_on_submit():
        with transaction() as session:
            commands.set_capacity(
                session,
                people=form.people.data,
                hours=form.hours.data,
                by=actor,
                at=clock.now(),
            )
        flash("Saved. We count what is ordered, and show people if you are full.")
        return redirect(url_for("catalogue.my_store"))
    return render_template(
        "catalogue/capacity.html", form=form, said=said, words=capacity_words(said)
    )


@catalogue.app_template_global()
def calendar_of_room(room: Room) -> tuple[WeekOfRoom, ...]:
    """Return the next weeks with the parts of days in which a store has room."""
    return weeks_of_room(room, on=clock.local_day(clock.now()))


@catalogue.app_template_filter("clock")
def clock_words(kept: str) -> str:
    """Write 09:00 as 9am, 14:30 as 2:30pm and 12:00 as midday; other languages count to 24."""
    if language_of_page() is not ENGLISH:
        return kept
    if kept == "12:00":
        return "midday"
    hours, _, minutes = kept.partition(":")
    half = "am" if int(hours) < HALF_DAY else "pm"
    past = "" if minutes == "00" else f":{minutes}"
    return f"{int(hours) % HALF_DAY or HALF_DAY}{past}{half}"


def _own() -> Storefront:
    with reading() as session:
        store = queries.kept_store(session, by=current_actor())
        return queries.storefront(session, provider_id=store.id)
