"""The pages of weeks and months: for a person, who supports them, and a store."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from marketplace.access.rules import Actor, Role, Scope
from marketplace.calendars.rules.weeks import Week
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.models import Break
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.rules import NoteKind
from marketplace.shortlists import commands as shortlists
from marketplace.shortlists.rules import KeptKind
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.statements import statements

DAY = timedelta(days=1)
MARCH = {"year": 2026, "number": 10}
"""The week from Monday 2 March 2026, in which the factories' orders are."""


class TestWeek:
    def test_shows_who_comes_when_and_how_it_stands(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(provider=make.provider(name="Green Hands"))

        page = sign_in(deal.person).get("calendars.week", **MARCH)

        assert page.heading == "My week from Monday 2 March 2026"
        day = page.soup.find(id="day-2026-03-05")
        assert day is not None
        said = " ".join(day.get_text(" ").split())
        assert said.startswith("Thursday 5 March 10am to – midday Gardening, 2 hours")
        assert "Green Hands" in said
        # Nobody has said anything, and the day is long over.
        assert "Nobody has said yet what happened" in said

    def test_is_in_the_order_of_days_for_who_hears_it(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("calendars.week", **MARCH)

        days = [heading.get_text(" ").split()[0] for heading in page.soup.select("h2.week__title")]
        assert days == [
            *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        ]

    def test_asks_with_one_tap_whether_it_came(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted()
        make.noted(deal)
        browser = sign_in(deal.person)

        page = browser.get("calendars.index")
        assert "Did it come?" in page.text
        browser.submit(page, "Yes, it came")

        assert "Did it come?" not in browser.get("calendars.index").text
        assert "It came" in browser.get("calendars.week", **MARCH).text

    def test_asks_nobody_who_may_not_say_it(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted()
        make.noted(deal)
        helper = make.supporter(person=deal.person, scopes=[Scope.SEE])

        page = sign_in(helper).get("calendars.index")

        assert "Look at it" in page.text
        assert "Yes, it came" not in page.text

    @pytest.mark.parametrize(
        ("note", "said"),
        [(NoteKind.MISSED, "It was missed"), (NoteKind.PERSON_NOT_IN, "Did it come?")],
    )
    def test_says_what_became_of_it(
        self, make: Make, sign_in: SignInAs, note: NoteKind, said: str
    ) -> None:
        deal = make.accepted()
        make.noted(deal, note=note)

        day = sign_in(deal.person).get("calendars.week", **MARCH).soup.find(id="day-2026-03-05")

        assert day is not None
        assert said in day.get_text(" ")

    def test_leaves_out_what_never_came_about_and_says_what_was_called_off(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        funded = make.funded_person()
        declined, called_off = make.placed(funded=funded), make.accepted(funded=funded)
        with transaction() as session:
            orders.decline_order(
                session,
                order_id=declined.order_id,
                reason="No time.",
                by=declined.provider,
                at=PAID_IN,
            )
            orders.cancel_order(session, order_id=called_off.order_id, by=funded.person, at=PAID_IN)

        page = sign_in(funded.person).get("calendars.week", **MARCH)

        assert "They said no" not in page.text
        assert page.text.count("Called off") == 1

    def test_lists_what_has_no_day_yet(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(first_at=None)

        page = sign_in(deal.person).get("calendars.index")

        assert "No day is agreed yet" in page.text

    def test_shows_activities_kept_on_a_list(self, make: Make, sign_in: SignInAs) -> None:
        person, at = make.person(), clock.now()
        listing_id = make.activity(title="Shared drumming", at=at - DAY)
        with transaction() as session:
            shortlists.keep(
                session, kind=KeptKind.ACTIVITY, subject_id=listing_id, by=person, at=at
            )
        week = Week.of(clock.local_day(at) + 7 * DAY)

        # Who looks may be somebody else than who kept it.
        for who in (person, make.supporter(person=person, scopes=[Scope.SEE])):
            page = sign_in(who).get("calendars.week", year=week.year, number=week.number)

            assert page.text.count("Shared drumming") == 1
            assert "Kept on a list" in page.text
            assert "You kept" not in page.text

    def test_is_somebody_elses_for_nobody(self, make: Make, sign_in: SignInAs) -> None:
        make.accepted(provider=make.provider(name="Green Hands"))

        page = sign_in(make.person()).get("calendars.week", **MARCH)

        assert "Green Hands" not in page.text

    def test_turns_its_pages_by_links(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        page = browser.get("calendars.week", year=2026, number=1)

        assert (
            browser.click(page, "The week before").heading == "My week from Monday 22 December 2025"
        )
        assert browser.click(page, "The week after").heading == "My week from Monday 5 January 2026"
        assert browser.click(page, "This week").status == 200
        assert "January 2026" in browser.click(page, "The whole month").heading

    @pytest.mark.parametrize(
        "path",
        [
            *("/calendar/0/week/1", "/calendar/9999/week/1", "/calendar/2026/week/0"),
            *("/calendar/2026/week/54", "/calendar/2026/month/13", "/calendar/0/month/1"),
            *("/calendar/-1/week/1", "/calendar/2026/week/one", "/calendar/9999/month/12"),
            *("/work/calendar/2026/week/99", "/calendar/people/9999/week/1"),
            f"/calendar/{'9' * 5000}/week/1",
        ],
    )
    def test_is_not_found_where_there_is_none(
        self, make: Make, sign_in: SignInAs, path: str
    ) -> None:
        who = make.provider() if path.startswith("/work") else make.person()

        assert sign_in(who).get(path).status == 404

    @pytest.mark.parametrize(("number", "said"), [(13, "1am becomes 2am"), (43, "2am becomes 1am")])
    def test_says_when_the_clocks_change(
        self, make: Make, sign_in: SignInAs, number: int, said: str
    ) -> None:
        page = sign_in(make.person()).get("calendars.week", year=2026, number=number)

        assert page.text.count(said) == 1

    def test_keeps_the_hour_on_the_wall_after_the_clocks_change(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = make.accepted(first_at=datetime(2026, 3, 27, 9, tzinfo=UTC), visits=2)

        browser = sign_in(deal.person)

        for number, day in ((13, "2026-03-27"), (14, "2026-04-03")):
            found = browser.get("calendars.week", year=2026, number=number).soup.find(
                id=f"day-{day}"
            )
            assert found is not None
            assert "9am" in found.get_text(" ")


class TestMonth:
    def test_is_a_table_of_days(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted()
        browser = sign_in(deal.person)

        page = browser.get("calendars.month", year=2026, number=3)

        assert page.heading == "My month: March 2026"
        heads = [head.get_text() for head in page.soup.select("table.month th[scope=col]")]
        assert heads[0] == "Monday"
        assert len(page.soup.select("table.month td")) == 42
        week = browser.click(page, "Thursday 5 March")
        assert week.heading == "My week from Monday 2 March 2026"

    def test_counts_what_there_is_no_room_for(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(to_spend=Money(1_000_00))
        for _ in range(5):
            make.accepted(funded=funded)

        page = sign_in(funded.person).get("calendars.month", year=2026, number=3)

        assert "and 2 more" in page.text


class TestSheet:
    def test_has_a_week_with_pictures_only_if_asked(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted()
        browser = sign_in(deal.person)

        plain = browser.get("calendars.sheet", **MARCH)
        assert not plain.soup.select("main img")
        pictured = browser.click(plain, "Show it with pictures")
        assert len(pictured.soup.select("main img")) == 1
        assert not browser.click(pictured, "Leave the pictures out").soup.select("main img")
        assert browser.click(plain, "The week").heading.startswith("My week")


class TestPeople:
    def test_shows_everybody_one_may_see(self, make: Make, sign_in: SignInAs) -> None:
        first, other = make.funded_person(name="Bea Hollins"), make.funded_person(name="Ada Quill")
        make.noted(make.accepted(funded=first))
        make.accepted(funded=other)
        browser = sign_in(make.supporter(person=first.person, scopes=[Scope.SEE, Scope.PAY]))

        page = browser.get("calendars.people_week", **MARCH)

        assert "For Bea Hollins" in page.text
        assert "Ada Quill" not in page.text
        browser.submit(page, "Answer for Bea Hollins")
        assert browser.follow().heading.startswith("Order")
        browser.submit(browser.get("calendars.people_week", **MARCH), "Bea Hollins")
        assert browser.follow().heading == "The week of Bea Hollins from Monday 2 March 2026"

    def test_invites_who_supports_nobody(self, make: Make, sign_in: SignInAs) -> None:
        assert "Nobody yet" in sign_in(make.person()).get("calendars.people").text


class TestWork:
    def test_shows_all_work_to_the_owner_and_their_own_to_a_worker(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        store = make.provider(name="Green Hands")
        for name in ("Wren Ashby", "Éva Nagy"):
            make.worker(provider=store, name=name)
        funded = make.funded_person(name="Bea Hollins")
        for name in ("Wren Ashby", "Éva Nagy", "Éva Nagy"):
            deal = make.accepted(funded=funded, provider=store)
            visit_id = make.order(deal).visits[0].id
            with transaction() as session:
                orders.send_worker_to_visit(
                    session, visit_id=visit_id, worker=name, by=store, at=PAID_IN
                )
        worker = make.staff(
            organisation_id=store.works_for, role=Role.PROVIDER_WORKER, name="Éva Nagy"
        )

        browser = sign_in(store)
        page = browser.get("calendars.work_week", **MARCH)
        assert page.text.count("for Bea Hollins") == 3
        wren = browser.submit(page, "Show", who=str(_worker_id(page.html, "Wren Ashby")))
        assert wren.text.count("for Bea Hollins") == 1
        assert wren.heading.startswith("Work of Wren Ashby")
        assert "Wren Ashby" in browser.click(wren, "On paper").heading

        at_work = sign_in(worker)
        own = at_work.get("calendars.work_week", **MARCH)
        assert own.text.count("for Bea Hollins") == 2
        assert at_work.click(own, "Say what happened").heading == "What happened?"

    def test_is_not_found_for_who_does_not_work_there(self, make: Make, sign_in: SignInAs) -> None:
        other = make.worker(provider=make.provider())

        browser = sign_in(make.provider())

        assert browser.get(f"/work/calendar?who={other}").status == 404
        assert browser.get(f"/work/calendar?who={uuid4()}").status == 404
        assert browser.get("/work/calendar?who=mine").status == 200

    def test_shows_nothing_that_was_only_suggested(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(name="Bea Hollins")
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        deal = make.placed(funded=funded, by=helper)

        assert "Bea Hollins" not in sign_in(deal.provider).get("calendars.work_week", **MARCH).text
        assert "Waits for a yes" in sign_in(funded.person).get("calendars.week", **MARCH).text

    def test_says_when_the_store_has_room(self, make: Make, sign_in: SignInAs) -> None:
        store = make.provider()
        with transaction() as session:
            catalogue.set_room(
                session,
                usual=["sun-evening"],
                full_weeks=[],
                full_until=None,
                by=store,
                at=clock.now(),
            )

        page = sign_in(store).get("calendars.work")

        assert "You say you have room: evening." in page.text

    def test_says_when_the_store_is_on_holiday(self, make: Make, sign_in: SignInAs) -> None:
        store, other = make.provider(), make.provider()
        with transaction() as session:
            for off in (False, True):
                words = "It was called off." if off else "We are by the sea."
                session.add(_holiday(store, words, off=off))
            session.add(_holiday(other, "Somebody else is away.", off=False))

        page = sign_in(store).get("calendars.work_week", **MARCH)

        assert page.text.count("On holiday We are by the sea.") == 2
        assert "called off" not in page.text
        assert "Somebody else" not in page.text

    def test_has_a_month(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(funded=make.funded_person(name="Bea Hollins"))

        page = sign_in(deal.provider).get("calendars.work_month", year=2026, number=3)

        assert "March 2026" in page.heading
        assert "Bea Hollins" in page.text


@pytest.mark.parametrize("page", ["calendars.week", "calendars.work_week", "calendars.people_week"])
def test_a_page_asks_as_often_for_many_visits_as_for_one(
    make: Make, sign_in: SignInAs, page: str
) -> None:
    funded = make.funded_person(to_spend=Money(1_000_00))
    store = make.provider()
    helper = make.supporter(person=funded.person, scopes=[Scope.SEE])
    who = {"calendars.week": funded.person, "calendars.work_week": store}.get(page, helper)
    make.accepted(funded=funded, provider=store)
    browser = sign_in(who)
    browser.get(page, **MARCH)
    counts = []
    for _ in range(2):
        with statements() as sent:
            browser.get(page, **MARCH)
        counts.append(len(sent))
        for visits in (4, 2):
            make.accepted(funded=funded, provider=store, visits=visits)

    assert counts[0] == counts[1] <= 14


def _holiday(store: Actor, words: str, *, off: bool) -> Break:
    return Break(
        id=uuid4(),
        provider_id=store.works_for,
        starts_on=date(2026, 3, 7),
        ends_before=date(2026, 3, 20),
        words=words,
        made_by_id=store.user_id,
        made_by_name=store.name,
        made_at=PAID_IN,
        ended_at=PAID_IN if off else None,
    )


def _worker_id(html: str, name: str) -> str:
    before = html[: html.index(f">{name}</option>")]
    return before.rsplit('value="', 1)[1].split('"')[0]
