"""The pages of a provider's day, of tables of deliveries, and of what was planned and came."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from marketplace.access.rules import Role, Scope
from marketplace.kernel import clock
from marketplace.orders.queries import VisitRow
from marketplace.orders.rules import NoteKind, VisitState, day_words
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.house.access.pictures import dot
from tests.orders.today import NOW, funded, placed

HOUR = timedelta(hours=1)
EARLIER = NOW - timedelta(days=2)


def begun(make: Make, **wishes: object) -> Deal:
    """Accept two hours for £30.00 that began an hour ago; just after midnight, with the day."""
    from_then = make.funded_person(starts_on=clock.local_day(EARLIER), at=EARLIER)
    began_at = max(NOW - HOUR, clock.local_instant(clock.local_day(NOW), 0, 0))
    wishes = {"funded": from_then, "first_at": began_at, "at": EARLIER} | wishes
    return make.accepted(make.placed(**wishes), at=EARLIER)  # type: ignore[arg-type]


def visit(make: Make, deal: Deal, number: int = 1) -> VisitRow:
    """Return an order's visit as it is now."""
    return make.order(deal, at=clock.now()).visits[number - 1]


class TestToday:
    def test_lists_visits_by_the_clock_with_what_each_answer_costs(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = begun(make)

        page = sign_in(deal.provider).get("orders.day")

        assert "£30.00 is to be paid." in page.text
        assert "£15.00 is to be paid: 50% of £30.00, as agreed in the order." in page.text
        assert "45 minutes: £11.25" in page.text

    def test_is_done_and_undone(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)

        browser.submit(browser.get("orders.day"), "Done as agreed")
        page = browser.follow()
        assert "It is noted. The person can see it." in page.text
        browser.submit(page, "Undo")

        assert "It is taken back" in browser.follow().text
        assert visit(make, deal).state is VisitState.PLANNED

    def test_says_of_which_day_it_was_that_is_noted_late(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        browser = sign_in(begun(make, first_at=NOW - 26 * HOUR).provider)
        browser.submit(browser.get("orders.day"), "Done as agreed")

        noted = browser.follow().text.partition("Noted today")[2]
        assert day_words(clock.local_day(NOW - 26 * HOUR)) in noted

    def test_one_button_pressed_twice_is_one_note(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.day")

        for _ in range(2):
            browser.submit(page, "Done as agreed")

        page = browser.follow()
        assert "noted already" not in page.text
        assert page.text.count("It happened as planned.") == 1

    def test_says_that_a_visit_has_not_begun(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make), at=NOW)
        browser = sign_in(deal.provider)
        browser.get("orders.day")

        browser.post("orders.done", {"key": uuid4()}, visit_id=visit(make, deal).id)

        assert "planned for a later day" in browser.follow().text

    def test_worker_in_two_places_is_asked_on_the_page_of_the_visit(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        provider = make.provider()
        make.worker(provider=provider, name="Wren")
        deals = [begun(make, provider=provider) for _ in range(2)]
        browser = sign_in(provider)
        for deal in deals:
            page = browser.get("orders.visit_worker", visit_id=visit(make, deal).id)
            browser.submit(page, "Tell them who comes", worker="Wren")
        browser.submit(browser.get("orders.day"), "Done as agreed")
        browser.submit(browser.get("orders.day"), "Done as agreed")

        page = browser.follow()
        assert page.heading == "What happened?"
        assert "Wren was somewhere else then" in page.text
        browser.submit(page, "Send this", outcome="full", together="y")

        assert "It is noted." in browser.follow().text

    def test_worker_arrives_and_leaves(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)

        browser.submit(browser.get("orders.day"), "I have arrived")
        browser.submit(browser.follow(), "I am leaving")

        assert "You have left. Now say how it went." in browser.follow().text
        page = sign_in(deal.person).get("orders.show", order_id=deal.order_id)
        assert "Arrived" in page.text
        assert "Left" in page.text

    def test_worker_sees_their_own_visits_first(self, make: Make, sign_in: SignInAs) -> None:
        provider = make.provider()
        make.worker(provider=provider, name="Wren Ashby")
        wren = make.staff(
            organisation_id=provider.works_for, role=Role.PROVIDER_WORKER, name="Wren Ashby"
        )
        deals = [begun(make, provider=provider) for _ in range(2)]
        browser = sign_in(provider)
        page = browser.get("orders.visit_worker", visit_id=visit(make, deals[0]).id)
        browser.submit(page, "Tell them who comes", worker="Wren Ashby")
        assert "Visits of others" not in browser.get("orders.day").text
        browser.submit(
            browser.get("orders.note", visit_id=visit(make, deals[1]).id),
            "Send this",
            outcome="full",
        )
        make.worker(provider=provider, name="Sol")
        third = begun(make, provider=provider)
        page = browser.get("orders.visit_worker", visit_id=visit(make, third).id)
        browser.submit(page, "Tell them who comes", worker="Sol")

        assert "Visits of others today: 1" in sign_in(wren).get("orders.day").text


class TestNote:
    def test_keeps_what_was_typed_beside_a_time_that_does_not_exist(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.note", visit_id=visit(make, deal).id)

        page = browser.submit(
            page,
            "Send this",
            outcome="full",
            words="The clocks changed.",
            on_day="29 3 2026",
            at_time="1:30",
        )

        assert page.errors == ["On that day the clocks go forward and there is no such time."]
        assert "The clocks changed." in page.html
        assert "29 3 2026" in page.html

    def test_asks_what_happened_and_how_much(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.note", visit_id=visit(make, deal).id)

        assert browser.submit(page, "Send this").errors == ["Choose what happened."]
        page = browser.submit(page, "Send this", outcome="part", words="Rain.")

        assert page.errors == ["Choose how much of it happened."]
        assert "Rain." in page.html

    def test_takes_a_picture_which_the_person_sees(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.note", visit_id=visit(make, deal).id, back="today")
        page = browser.submit(
            page, "Send this", outcome="full", photo=(BytesIO(dot()), "beds.png"), alt=""
        )
        assert page.errors == ["Say in a few words what the picture shows."]
        assert "Choose the picture again." in page.text

        browser.submit(
            page,
            "Send this",
            outcome="full",
            photo=(BytesIO(dot()), "beds.png"),
            alt="The beds are weeded.",
        )

        assert browser.follow().heading == "Today’s visits"
        at_home = sign_in(deal.person)
        page = at_home.get("orders.show", order_id=deal.order_id)
        (image,) = page.soup.select("main img")
        assert image["alt"] == "The beds are weeded."
        photo = at_home.get(str(image["src"])).response
        assert (photo.mimetype, photo.headers["Cache-Control"]) == (
            "image/jpeg",
            "private, no-store",
        )

    def test_refuses_what_is_no_picture(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.note", visit_id=visit(make, deal).id)

        page = browser.submit(
            page,
            "Send this",
            outcome="full",
            photo=(BytesIO(b"<svg onload=x>"), "a.jpg"),
            alt="A bed.",
        )

        assert "We cannot open that as a picture" in page.errors[0]
        assert "A bed." in page.html


class TestPhone:
    def test_same_key_is_answered_the_same(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        sent = _note(make, deal, browser)

        first, second = (browser.post("orders.from_phone", sent) for _ in range(2))

        assert (first.status, first.html) == (second.status, second.html) == (200, first.html)
        assert json.loads(first.html)["state"] == "sent"

    def test_refusals_are_sentences(self, make: Make, sign_in: SignInAs) -> None:
        deal, other = begun(make), make.accepted(placed(make), at=NOW)
        browser = sign_in(deal.provider)
        sent = _note(make, deal, browser)

        for wrong, said in (
            ({"visit_id": uuid4()}, "cannot find"),
            ({"visit_id": visit(make, other).id}, "cannot find"),
            ({"what": "danced"}, "Choose what happened."),
            ({"what": "part", "how_much": ""}, "Say how much"),
            ({"what": "part", "how_much": "180"}, "more than was ordered"),
            ({"words": "x" * 1001}, "Use at most 1,000 characters."),
        ):
            answer = browser.post("orders.from_phone", sent | wrong)
            assert (answer.status, json.loads(answer.html)["state"]) == (409, "refused")
            assert said in json.loads(answer.html)["said"]
        assert visit(make, deal).state is VisitState.PLANNED

    def test_keeps_when_it_was_written_there(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        said_at = clock.now() - HOUR / 2
        sent = _note(make, deal, browser) | {"what": "arrived", "said_at": said_at.isoformat()}

        browser.post("orders.from_phone", sent)

        assert visit(make, deal).arrived_said_at == said_at

    def test_a_picture_comes_with_its_note_once(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        sent = _note(make, deal, browser)

        for wrong, said in (
            ({"photo": (BytesIO(dot()), "a.png"), "alt": " "}, "Say in a few words what the"),
            ({"photo": (BytesIO(b"words"), "a.png"), "alt": "A bed."}, "cannot open that as a"),
        ):
            answer = browser.post("orders.from_phone", sent | wrong)
            assert (answer.status, json.loads(answer.html)["state"]) == (409, "refused")
            assert said in json.loads(answer.html)["said"]
        for alt in ("A bed.", "Another bed."):
            picture = {"photo": (BytesIO(dot()), "a.png"), "alt": alt}
            assert browser.post("orders.from_phone", sent | picture).status == 200

        assert visit(make, deal).photo_alt == "A bed."

    def test_without_a_token_nothing_is_taken(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)

        answer = browser.post("orders.from_phone", _note(make, deal, browser) | {"csrf_token": ""})

        assert answer.status == 400
        assert visit(make, deal).state is VisitState.PLANNED


class TestTables:
    def test_week_is_taken_filled_in_looked_at_and_noted(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = begun(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.week")
        table = browser.click(page, "Take the table").html
        filled = table.rstrip().removesuffix(",,") + "done,,Weeded.\r\n"
        filled += f"{uuid4()},,,,,,,done,,\r\n"

        page = _upload(browser, filled)
        assert "1 to note, 1 wrong" in page.text
        assert "Line 3: We cannot find that visit in your work." in page.text
        assert visit(make, deal).state is VisitState.PLANNED
        assert "Note all" not in page.text
        page = browser.post("orders.note_week", {"table": filled, "which": "all"})
        assert "Nothing is noted, because some lines are wrong." in page.text
        assert visit(make, deal).state is VisitState.PLANNED
        browser.submit(page, "Note the good line")

        assert "1 visit is noted." in browser.follow().text
        assert visit(make, deal).note == "Weeded."
        page = _upload(browser, filled)
        assert "0 to note, 1 wrong, 1 noted before" in page.text
        assert "nothing new" not in page.text
        page = _upload(browser, "\r\n".join(filled.splitlines()[:2]))
        assert "There is nothing new in this table" in page.text

    def test_no_table_is_said_beside_the_file(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.provider())
        browser.get("orders.week")

        assert "none called “visit”" in _upload(browser, "name\nAda").errors[0]
        assert "bigger than 200 kB" in _upload(browser, "x" * 200_001).errors[0]

    def test_tampered_table_is_refused(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.provider())
        browser.get("orders.week")

        browser.post("orders.note_week", {"table": "nonsense"})

        assert "none called “visit”" in browser.follow().text


class TestPlannedAndDelivered:
    def test_is_the_same_for_person_provider_and_council(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = begun(make)
        make.noted(deal, note=NoteKind.PART, part=50, at=NOW)

        person, provider = sign_in(deal.person), sign_in(deal.provider)
        council = sign_in(deal.funded.practitioner)
        pages = [
            person.get("orders.delivered"),
            provider.get("orders.work_delivered"),
            council.get("orders.delivered_to_person", person_id=deal.funded.id),
        ]

        for page in pages:
            assert "Planned 1 visit, £30.00" in page.text
            assert "Time given 1 hour of 2 hours" in page.text
            assert "To pay £15.00" in page.text
        assert "Nothing was planned" in person.get("/orders/delivered?month=2020-01").text
        assert person.get("/orders/delivered?month=nonsense").status == 200

    def test_another_council_sees_nothing_of_it(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        other = sign_in(funded(make).practitioner)

        answer = other.get("orders.delivered_to_person", person_id=deal.funded.id)

        assert answer.status == 404


class TestDidItCome:
    def test_is_one_tap_from_the_list_of_orders(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        make.noted(deal, at=NOW)
        browser = sign_in(deal.person)
        page = browser.get("orders.index")
        assert "If you say nothing, it confirms itself on" in page.text

        browser.submit(page, "Yes, it came")

        assert "It is confirmed" in browser.follow().text

    def test_is_not_asked_of_who_only_looks(self, make: Make, sign_in: SignInAs) -> None:
        deal = begun(make)
        make.noted(deal, at=NOW)
        helper = make.supporter(person=deal.person, scopes=[Scope.SEE], at=NOW)

        assert "Yes, it came" not in sign_in(helper).get("orders.index").text


def _note(make: Make, deal: Deal, browser: Browser) -> dict[str, object]:
    told = json.loads(browser.get("orders.phone").html)
    assert set(told) == {"owner", "token"}
    return {
        "csrf_token": told["token"],
        "key": uuid4(),
        "visit_id": visit(make, deal).id,
        "what": "full",
    }


def _upload(browser: Browser, table: str) -> Page:
    page = browser.get("orders.week")
    return browser.submit(page, "Look at it first", file=(BytesIO(table.encode()), "week.csv"))
