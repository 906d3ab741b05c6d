"""What a store shows beside its offers: from the provider's own pages to everybody's."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands
from marketplace.catalogue.commands import DecideOnProvider
from marketplace.catalogue.rules import CheckState
from marketplace.database import transaction
from marketplace.kernel import clock
from tests.browser import Browser, Page
from tests.catalogue.test_pictures import photo
from tests.conftest import NOON, SignInAs
from tests.factories import Make


def keeper_and_store(sign_in: SignInAs, make: Make) -> tuple[Browser, Actor]:
    """Return somebody in their own store."""
    owner = make.provider(name="Rosie Bloom", postcode="LS6 2AB")
    return sign_in(owner), owner


def store_page(browser: Browser) -> Page:
    """Return Rosie's store as everybody sees it."""
    return browser.get("search.store", slug="rosie-bloom")


class TestTimes:
    def test_are_shown_in_the_store_in_words(
        self, browser: Browser, sign_in: SignInAs, make: Make
    ) -> None:
        keeper, _ = keeper_and_store(sign_in, make)
        times = {f"{day}-opens": "9am" for day in ("mon", "tue", "wed")}
        times |= {f"{day}-closes": "17:30" for day in ("mon", "tue", "wed")}

        page = keeper.submit(
            keeper.get("catalogue.times"),
            "Save",
            times,
            words="Closed on bank holidays.",
            answers_within="next_day",
        )

        assert "Your times are changed." in keeper.follow(page).text
        shown = store_page(browser).text
        assert "Monday to Wednesday: 9am to 5:30pm" in shown
        assert "Closed on bank holidays." in shown
        assert "Usually answers by the next day" in shown
        assert 'value="17:30"' in keeper.get("catalogue.times").html

    def test_that_end_before_they_begin_are_refused_and_kept_in_the_boxes(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        keeper, _ = keeper_and_store(sign_in, make)

        page = keeper.submit(
            keeper.get("catalogue.times"),
            "Save",
            {"mon-opens": "5pm", "mon-closes": "9am", "tue-opens": "9am", "words": "By phone."},
        )

        assert page.errors == [
            "The time you close must be later than the time you open.",
            "Enter both times, or none if you are closed.",
        ]
        assert 'value="5pm"' in page.html
        assert 'value="By phone."' in page.html


class TestArea:
    def test_is_said_in_words_in_the_store(
        self, browser: Browser, sign_in: SignInAs, make: Make
    ) -> None:
        council_id = make.council(name="Ashdale", slug="ashdale")
        keeper, _ = keeper_and_store(sign_in, make)

        keeper.submit(
            keeper.get("catalogue.area"), "Save", districts="ls7, BD1", councils=[str(council_id)]
        )

        shown = store_page(browser).text
        assert "Also in LS7, BD1. Everywhere in the area of Ashdale." in shown
        assert "miles of LS6." in shown

    def test_that_is_nowhere_is_refused_and_kept(self, sign_in: SignInAs, make: Make) -> None:
        keeper, _ = keeper_and_store(sign_in, make)

        page = keeper.submit(keeper.get("catalogue.area"), "Save", districts="LS7, QQ99")

        assert page.errors == ["We do not know QQ99. Write the first half of postcodes, like LS6."]
        assert "LS7, QQ99" in page.html


class TestRoom:
    def test_is_shown_in_the_store_and_beside_the_offer(
        self, browser: Browser, sign_in: SignInAs, make: Make
    ) -> None:
        keeper, owner = keeper_and_store(sign_in, make)
        offer_id = make.offer(provider=owner, title="Weeding")
        last = clock.local_day(clock.now()) + timedelta(days=9)

        page = keeper.submit(
            keeper.get("catalogue.room"),
            "Save",
            usual=["mon-morning", "sun-evening"],
            full_until=f"{last.day} {last.month} {last.year}",
        )

        assert "People see now when you have room." in keeper.follow(page).text
        for shown in (store_page(browser), browser.get("search.offer", offer_id=offer_id)):
            assert f"Full until {last.day} {last:%B}" in shown.text
            assert "Sunday: evening" in shown.text

    def test_until_a_day_that_has_passed_is_refused(self, sign_in: SignInAs, make: Make) -> None:
        keeper, _ = keeper_and_store(sign_in, make)

        page = keeper.submit(keeper.get("catalogue.room"), "Save", full_until="1 2 2020")

        assert page.errors == ["That day has passed. Enter a day from today on."]
        assert 'value="1 2 2020"' in page.html


class TestDocuments:
    def test_are_taken_away_as_files_and_never_opened_as_pages(
        self, browser: Browser, sign_in: SignInAs, make: Make
    ) -> None:
        keeper, _ = keeper_and_store(sign_in, make)

        page = keeper.submit(
            keeper.get("catalogue.documents"),
            "Add this document",
            title="Easy Read: our terms",
            document=(BytesIO(b"<h1>Our terms</h1>"), "terms.html"),
        )

        assert "Your document is in your store." in keeper.follow(page).text
        shown = store_page(browser)
        assert "Easy Read: our terms" in shown.text
        address = next(link for link in shown.html.split('"') if link.startswith("/documents/"))
        answer = browser.get(address).response
        assert answer.mimetype == "text/plain"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        disposition = answer.headers["Content-Disposition"]
        assert disposition == 'attachment; filename="easy-read-our-terms.txt"'

    def test_that_are_something_else_are_refused_and_the_title_kept(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        keeper, _ = keeper_and_store(sign_in, make)

        page = keeper.submit(
            keeper.get("catalogue.documents"),
            "Add this document",
            title="Our terms",
            document=(BytesIO(b"MZ\x90\x00"), "terms.pdf"),
        )

        assert page.errors == ["We cannot open that. Choose a PDF file or a plain text file."]
        assert 'value="Our terms"' in page.html


class TestFile:
    def test_that_has_to_be_chosen_again_is_said_so(self, sign_in: SignInAs, make: Make) -> None:
        keeper, _ = keeper_and_store(sign_in, make)
        asked = keeper.get("catalogue.documents")

        with_file, without = (
            keeper.submit(asked, "Add this document", title="", document=each)
            for each in ((BytesIO(b"Our terms"), "terms.txt"), (BytesIO(b""), ""))
        )

        again = "Choose your file again: it is not kept until everything is right."
        assert again in with_file.text
        assert again not in without.text


class TestReach:
    @pytest.mark.parametrize(
        ("phone", "shown"),
        [
            ("(01632) 960-100", '<a href="tel:01632960100">(01632) 960-100</a>'),
            ("+44 1632 960100", '<a href="tel:+441632960100">+44 1632 960100</a>'),
            ("ask for Rosie", "ask for Rosie"),
        ],
    )
    def test_is_a_number_to_ring_and_a_website_to_open(
        self, browser: Browser, sign_in: SignInAs, make: Make, phone: str, shown: str
    ) -> None:
        keeper, _ = keeper_and_store(sign_in, make)
        change = keeper.get("catalogue.change_store")
        keeper.submit(change, "Save", phone=phone, website="rosie.example")

        page = store_page(browser)

        assert shown in page.html
        website = "https://rosie.example"
        assert f'<a href="{website}" rel="nofollow noopener">{website}</a>' in page.html


class TestSheet:
    def test_has_the_public_price_and_a_code_and_needs_no_script(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        funded = make.funded_person(council_id=make.council())
        _, owner = keeper_and_store(sign_in, make)
        make.standing(provider=owner, council_id=funded.council_id)

        page = sign_in(funded.person).get("search.store_sheet", slug="rosie-bloom")

        assert "£15.00 an hour" in page.text
        assert "/stores/rosie-bloom" in page.text
        assert "<svg" in page.html
        assert "style=" not in page.html


class TestCompare:
    def test_says_how_far_away_each_is_once_a_place_is_known(
        self, browser: Browser, make: Make
    ) -> None:
        owner = make.provider(name="Rosie Bloom", postcode="LS6 2AB")
        first, second = (make.offer(provider=owner, title=title) for title in ("Weeds", "Walks"))
        both = f"/compare?offer={first}&offer={second}"

        without, near = browser.get(both), browser.get(f"{both}&near=LS6")

        assert "Search near a place to see" in without.text
        assert re.search(r"[0-9]\.[0-9] miles?", near.text)
        assert f'href="/compare?offer={second}&amp;near=LS6"' in near.html
        assert "Free until 24 hours before; later you pay 50%" in near.text


def test_the_address_from_when_a_store_had_one_picture_leads_on(browser: Browser) -> None:
    page = browser.get("/my-store/picture")

    assert (page.status, page.location) == (308, "/my-store/pictures")


def test_what_a_suspended_store_shows_only_its_staff_and_moderators_see(
    app: Flask, sign_in: SignInAs, make: Make, browser: Browser
) -> None:
    council_id = make.council()
    owner, other = make.provider(), make.provider()
    moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
    ids = (uuid4(), uuid4())
    with app.app_context(), transaction() as session:
        commands.add_picture(
            session, picture_id=ids[0], content=photo(9, 9), alt="Me", by=owner, at=NOON
        )
        commands.add_document(
            session, document_id=ids[1], content=b"Terms", title="Terms", by=owner, at=NOON
        )
        wish = DecideOnProvider(
            provider_id=owner.works_for, state=CheckState.SUSPENDED, reason="No insurance"
        )
        commands.decide_on_provider(session, wish, by=moderator, at=NOON)

    for address in (f"/pictures/{ids[0]}", f"/documents/{ids[1]}"):
        seen = {
            who: each.get(address)
            for who, each in (
                ("nobody", browser),
                ("another store", sign_in(other)),
                ("its own staff", sign_in(owner)),
                ("a moderator", sign_in(moderator)),
            )
        }
        assert {who: page.status for who, page in seen.items()} == {
            "nobody": 404,
            "another store": 404,
            "its own staff": 200,
            "a moderator": 200,
        }
        assert "public" not in seen["its own staff"].response.headers.get("Cache-Control", "")
