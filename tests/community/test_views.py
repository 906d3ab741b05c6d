"""The pages of the catalogue over HTTP: what is kept, what is refused, what feeds answer."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from marketplace.access.rules import Role
from marketplace.community import queries
from marketplace.community.adapters import links
from marketplace.community.rules import REPORTS_OF_ENTRY_MAX, ListingKind
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from marketplace.web.site import settings
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said, send


class TestWhatsOn:
    def test_narrows_down_and_counts_what_other_choices_would_find(
        self, make: Make, browser: Browser
    ) -> None:
        at = clock.now()
        make.activity(title="Free tea", category="company", at=at)
        make.activity(title="Dear tea", category="meals", cost=Money(5_00), at=at)
        make.activity(title="Monday swim", rrule="FREQ=WEEKLY;BYDAY=MO", at=at)

        page = browser.get("/what-is-on?when=month&free=yes&day=tue")

        said(page, "Free tea")
        not_said(page, "Dear tea", "Monday swim")
        days = {
            str(box["value"]): box.parent.get_text(" ") if box.parent else ""
            for box in page.soup.select("input[name=day]")
        }
        assert "0" not in days["mon"]
        assert "0 found" in " ".join(days["wed"].split())

    def test_finds_what_is_near(self, make: Make, browser: Browser) -> None:
        make.activity(title="Leeds tea", at=clock.now())

        said(browser.get("/what-is-on?when=month&near=LS6"), "Leeds tea")
        not_said(browser.get("/what-is-on?when=month&near=NR1"), "Leeds tea")
        said(browser.get("/what-is-on?near=nowhere"), "What is on this week")

    def test_the_address_never_tells_a_whole_postcode(self, make: Make, browser: Browser) -> None:
        make.activity(title="Leeds tea", at=clock.now())

        went = browser.get("/what-is-on?when=month&near=ls6+2ab&within=2&day=mon")

        assert went.location == "/what-is-on?when=month&day=mon&near=LS6&within=2"
        page = browser.get("/what-is-on?when=month&near=LS6")
        said(page, "within 5 miles of LS6 2AB", "Leeds tea")
        assert "2AB" not in "".join(str(link["href"]) for link in page.soup.select("a[href]"))
        said(browser.get("/what-is-on?near=NR1"), "within 5 miles of NR1")

    def test_answers_strange_addresses(self, browser: Browser) -> None:
        for query in ("when=x&day=x&part=%00&category='&within=-1&portal=%F0%9F%98%80", "near=%"):
            assert browser.get(f"/what-is-on?{query}").status == 200


class TestFeeds:
    def test_a_calendar_narrows_down_as_the_page_does(self, make: Make, browser: Browser) -> None:
        at = clock.now()
        make.activity(title="Free tea", at=at)
        make.activity(title="Dear tea", cost=Money(5_00), at=at)

        answer = browser.get("/what-is-on/calendar.ics?free=yes")

        calendar = Calendar.from_ical(answer.response.get_data())
        assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Free tea"]
        assert answer.response.content_type == "text/calendar; charset=utf-8"
        assert "Ring Alma" not in answer.html

    def test_who_has_it_already_is_told_so(self, make: Make, browser: Browser) -> None:
        make.activity(at=clock.now())
        first = browser.client.get("/what-is-on/calendar.ics")
        headers = {"If-None-Match": first.headers["ETag"]}

        again = browser.client.get("/what-is-on/calendar.ics", headers=headers)

        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert first.headers["Cache-Control"] == "public, max-age=900"
        assert "Last-Modified" in first.headers

    def test_news_of_a_place_and_of_a_group(self, make: Make, browser: Browser) -> None:
        group_id = make.group(name="Tea & <Talk>")
        make.activity(group_id=group_id, title="<b>Tea</b>", at=clock.now())
        with reading() as session:
            slug = queries.findable_groups(session, ids=[group_id], at=clock.now())[0].card.slug

        for address in (f"/groups/{slug}/news.rss", "/what-is-on/near/LS6/news.rss"):
            root = ET.fromstring(browser.client.get(address).data)
            assert "<b>Tea</b>" in str(root.findtext("channel/item/title"))
        assert browser.get("/what-is-on/near/nowhere/news.rss").status == 404

    def test_advice_has_no_calendar(self, make: Make, browser: Browser) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        wish = make.entry_wish(kind=ListingKind.ADVICE)
        listing_id = make.entry(slug=slug, by=ada, wish=wish, at=clock.now())

        assert browser.get("community.activity", listing_id=listing_id).status == 200
        assert browser.get("community.activity_calendar", listing_id=listing_id).status == 404


class TestListingForm:
    def test_keeps_everything_that_was_typed(self, make: Make, sign_in: SignInAs) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        keeper = sign_in(ada)
        form = keeper.get("community.add_listing", slug=slug, kind="activity")

        page = keeper.submit(
            form,
            "Add it",
            title="Tea",
            repeats="second",
            starts="25 o'clock",
            breaks="1 1 2027 to never",
        )

        assert page.errors == [
            "Say in a few words what it is.",
            "Choose a kind.",
            "Choose at least one day.",
            "Enter the first day, so that we know which weeks.",
            near_today("Enter a day that exists, like {day}."),
            "Enter a time, like 2pm or 14:30.",
            "Enter when it ends, like 2pm.",
            "Say where it is, or give a link if it is online.",
        ]
        assert 'value="Tea"' in page.html
        assert "25 o" in page.html
        assert "1 1 2027 to never" in page.html

    def test_writes_a_monthly_day_and_reads_it_back(self, make: Make, sign_in: SignInAs) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        keeper = sign_in(ada)
        form = keeper.get("community.add_listing", slug=slug, kind="activity")
        typed = {"title": "Tea", "about": "Tea.", "category": "company", "online": "tea.example"}
        when = {"repeats": "monthly", "ordinal": "-1", "ordinal_day": "fri", "starts": "2pm"}

        kept = send(keeper, form, "Add it", **typed, **when, ends="3pm", not_bank_holidays="y")

        said(kept, "The last Friday of the month, not on bank holidays")
        change = keeper.click(kept, "Change Tea")
        assert change.soup.select_one("#ordinal option[selected]")["value"] == "-1"  # type: ignore[index]
        assert send(keeper, change, "Save the changes").status == 200

    def test_copies_an_entry(self, make: Make, sign_in: SignInAs) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        make.entry(slug=slug, by=ada, at=clock.now())
        keeper = sign_in(ada)

        form = keeper.click(keeper.get("community.keep", slug=slug), "Copy")
        kept = send(keeper, form, "Add it", title="Second tea")

        said(kept, "Tea and talk", "Second tea")


class TestLetters:
    def test_all_entries_are_confirmed_without_signing_in(
        self, make: Make, browser: Browser
    ) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        old = clock.now() - timedelta(days=200)
        listing_id = make.entry(slug=slug, by=ada, at=old)
        with browser.client.application.app_context(), reading() as session:
            group_id = queries.group_at(session, slug=slug).id
            secret = settings().secret_key
        link = links.token(secret, links.CONFIRM, group_id, ada.user_id)

        page = browser.get("community.confirm_by_letter", token=link)
        said(page, "Is all of this still right?", "Tea and talk")
        done = browser.submit(page, "Yes, all of this is still right")

        said(done, "1 entry of")
        with reading() as session:
            assert queries.listing(session, listing_id=listing_id).confirmed_at > old
        assert browser.get("community.confirm_by_letter", token="x").status == 409


@pytest.mark.usefixtures("one_window")
def test_reports_are_counted(make: Make, browser: Browser) -> None:
    listing_id = make.activity(at=clock.now())
    for _ in range(REPORTS_OF_ENTRY_MAX):
        form = browser.get("community.report", listing_id=listing_id)
        assert browser.submit(form, "Say that it is wrong", words="No.").location

    form = browser.get("community.report", listing_id=listing_id)
    page = browser.submit(form, "Say that it is wrong", words="No.")

    said(page, "That was tried too often.")


def test_a_moderator_hides_by_a_rule_and_the_keeper_reads_why(
    make: Make, sign_in: SignInAs
) -> None:
    council_id, ada = make.council(), make.person()
    slug = make.kept_group(by=ada)
    moderator = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))
    page = moderator.click(moderator.get("community.group", slug=slug), "Decide about this group")

    page = moderator.submit(page, "Save the decision", decision="hide")
    assert page.errors == ["Choose the rule."]
    page = moderator.submit(page, "Save the decision", decision="hide", rule="advert")
    assert page.errors == ["Say why. The keepers of the group read it."]
    send(moderator, page, "Save the decision", decision="hide", rule="advert", reason="It sells.")

    said(sign_in(ada).get("community.keep", slug=slug), "It is an advert", "It sells.")
