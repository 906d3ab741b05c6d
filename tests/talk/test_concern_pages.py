"""Telling of a worry, signed in or not, and the pages of the team."""

from uuid import UUID

import pytest

from marketplace.access.rules import Role
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make

WORRY = {
    "words": "She is shouted at every morning.",
    "about": "Ada at number 4",
    "call_back": "phone",
    "reach": "01632 960999, after six",
}


@pytest.fixture
def council_id(make: Make) -> UUID:
    return make.council(name="Ashdale Council", slug="ashdale")


class TestTelling:
    def test_says_first_what_to_do_in_danger(self, council_id: UUID, browser: Browser) -> None:
        page = browser.get("talk.worry")

        assert page.heading == "Worried about somebody?"
        assert page.text.index("Call 999") < page.text.index("What worries you?")

    def test_needs_no_account(
        self, council_id: UUID, make: Make, browser: Browser, sign_in: SignInAs
    ) -> None:
        browser.get("home.portal", council_slug="ashdale")
        page = browser.submit(browser.get("talk.worry"), "Tell the team now", WORRY)

        page = browser.follow()
        assert page.heading == "The team has your words"
        team = sign_in(make.staff(organisation_id=council_id, role=Role.SAFEGUARDING_OFFICER))
        page = team.click(team.get("talk.concerns"), "Ada at number 4")
        assert "She is shouted at every morning." in page.text
        assert "01632 960999, after six" in page.text

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"words": ""}, "Write what worries you."),
            ({"words": "x" * 5001}, "Use at most 5,000 characters. You have used 5,001."),
            ({"reach": ""}, "Enter a phone number or an e-mail address."),
        ],
    )
    def test_says_what_is_missing_and_keeps_the_rest(
        self, council_id: UUID, browser: Browser, changed: dict[str, str], sentence: str
    ) -> None:
        browser.get("home.portal", council_slug="ashdale")
        page = browser.submit(browser.get("talk.worry"), "Tell the team now", WORRY | changed)

        assert sentence in page.errors
        assert "Ada at number 4" in page.html

    def test_asks_where_they_live_outside_a_portal(
        self, council_id: UUID, browser: Browser
    ) -> None:
        page = browser.submit(browser.get("talk.worry"), "Tell the team now", WORRY)

        assert page.errors == ["Choose the council where they live."]

    @pytest.mark.usefixtures("one_window")
    def test_says_to_ring_when_too_many_write_at_once(
        self, council_id: UUID, browser: Browser
    ) -> None:
        values = WORRY | {"council": str(council_id)}
        browser.get("talk.worry")
        for _ in range(30):
            browser.post("talk.worry", values)

        page = browser.post("talk.worry", values)

        assert "Please ring the team instead." in page.text
        assert "She is shouted at every morning." in page.html

    def test_has_a_button_where_it_matters(self, make: Make, sign_in: SignInAs) -> None:
        provider = make.provider(name="Wren’s Help")
        offer_id = make.offer(provider=provider)
        deal = make.accepted(provider=provider)
        browser = sign_in(deal.person)
        offer = browser.get("search.offer", offer_id=offer_id)
        pages = [
            offer,
            browser.click(offer, "Wren’s Help"),
            browser.get("budgets.wallet"),
            browser.get("orders.show", order_id=deal.order_id),
            sign_in(provider).get("orders.work"),
        ]

        for page in pages:
            assert browser.click(page, "Worried about somebody?").heading == (
                "Worried about somebody?"
            )


class TestTeam:
    def test_takes_it_notes_and_closes_it(
        self, make: Make, council_id: UUID, browser: Browser, sign_in: SignInAs
    ) -> None:
        browser.get("talk.worry")
        browser.post("talk.worry", WORRY | {"council": str(council_id)})
        team = sign_in(make.staff(organisation_id=council_id, role=Role.SAFEGUARDING_OFFICER))
        page = team.click(team.get("talk.concerns"), "Ada at number 4")

        team.submit(page, "Say that you look at it")
        page = team.follow()
        assert "Being looked at" in page.text

        page = team.submit(page, "Keep this note", {"note": ""})
        assert page.errors == ["Write what was done, or why it is closed."]

        team.submit(page, "Keep this note", {"note": "We visited her.", "state": "closed"})
        page = team.follow()
        assert "Closed" in page.text
        assert "We visited her." in page.text
