"""A group joins and lists what it runs, cancels a day, and mends what a stranger found wrong."""

from collections.abc import Iterable
from datetime import date, timedelta

from icalendar import Calendar

from marketplace.access.rules import Role
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.outbox.models import Letter
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said, send


def next_tuesday() -> date:
    """Return the Tuesday after today."""
    today = clock.local_day(clock.now())
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


def left_out(page: Page) -> list[date]:
    """Return the days that a calendar leaves out."""
    event = Calendar.from_ical(page.response.get_data()).walk("VEVENT")[0]
    found = event.get("EXDATE", [])
    groups: Iterable[object] = found if isinstance(found, list) else [found]
    return [value.dt.date() for group in groups for value in group.dts]  # type: ignore[attr-defined]


def add_group(browser: Browser, name: str) -> Page:
    """Add a group on its three short pages; return the page of its keepers."""
    who = browser.get("community.add_group")
    where = browser.submit(who, "Continue", name=name, about="We drum together.")
    check = browser.submit(where, "Continue", postcode="LS6 2AB")
    return send(browser, check, "Add my group")


def add_activity(browser: Browser, keep: Page, title: str) -> Page:
    """Add an activity on Tuesdays from half past ten until noon."""
    kinds = browser.click(keep, "Add an entry")
    form = browser.click(kinds, "Activity or club")
    return send(
        browser,
        form,
        "Add it",
        title=title,
        about="Loud and soft.",
        category="arts-and-music",
        repeats="weekly",
        days="tue",
        starts="10.30am",
        ends="12pm",
        venue="The hall",
        postcode="LS6 2AB",
    )


def test_a_group_joins_and_is_found_once_the_council_has_looked(
    make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    council_id = make.council()
    moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
    keeper = sign_in(make.person())

    # Nine requests, and the group has its first activity.
    kept = add_activity(keeper, add_group(keeper, "Thursday Drummers"), "Drum circle")
    said(kept, "Drum circle", "Every Tuesday", "Waits to be looked at")
    assert browser.get("/groups/thursday-drummers").status == 404

    looks = sign_in(moderator)
    worklist = looks.get("community.moderate_groups")
    said(worklist, "Thursday Drummers")
    send(looks, worklist, "Show it to everybody")

    page = browser.get("/groups/thursday-drummers")
    said(page, "Drum circle", "Every Tuesday")
    said(browser.get("/what-is-on?when=month"), "Drum circle")


def test_a_day_is_cancelled_and_calendars_say_so(
    make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    make.council()
    person = make.person()
    slug = make.kept_group(by=person)
    listing_id = make.entry(slug=slug, by=person, at=clock.now())
    keeper, day = sign_in(person), next_tuesday()
    calendar = browser.get("community.activity_calendar", listing_id=listing_id)
    assert day not in left_out(calendar)

    dates = keeper.get("community.dates", listing_id=listing_id)
    form = keeper.click(dates, "Cancel this day")
    send(keeper, form, "Tell people", words="The boiler is broken.")

    calendar = browser.get("community.activity_calendar", listing_id=listing_id)
    assert day in left_out(calendar)
    assert "The boiler is broken." in calendar.html
    said(browser.get("/what-is-on?when=month"), "Cancelled", "The boiler is broken.")
    said(browser.get("community.activity", listing_id=listing_id), "The boiler is broken.")

    dates = keeper.get("community.dates", listing_id=listing_id)
    send(keeper, dates, "It takes place as planned after all")
    not_said(browser.get("/what-is-on?when=month"), "The boiler is broken.")


def test_a_stranger_says_what_is_wrong_and_the_keeper_mends_it(
    make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    make.council()
    person = make.person()
    slug = make.kept_group(by=person)
    listing_id = make.entry(slug=slug, by=person, at=clock.now())
    entry = browser.get("community.activity", listing_id=listing_id)

    form = browser.click(entry, "Something here is wrong")
    empty = browser.submit(form, "Say that it is wrong", email="sam@mail.example")
    assert empty.errors == ["Say what is wrong."]
    assert 'value="sam@mail.example"' in empty.html
    send(browser, empty, "Say that it is wrong", words="It is at eleven now.")

    keeper = sign_in(person)
    kept = keeper.get("community.keep", slug=slug)
    said(kept, "It is at eleven now.")
    not_said(kept, "sam@mail.example")
    change = keeper.get("community.change_listing", listing_id=listing_id)
    send(keeper, change, "Save the changes", starts="11am", ends="12pm")
    answer = keeper.click(keeper.get("community.keep", slug=slug), "Answer")
    said(
        send(keeper, answer, "Answer", answer="mended", words="Thank you!"),
        "Your answer is saved.",
    )

    said(browser.get("community.activity", listing_id=listing_id), "11am to midday")
    with reading() as session:
        told = {row.template for row in session.query(Letter).filter_by(to="sam@mail.example")}
    assert told == {"report_answered"}
