"""The fronts, portals, statements and probes."""

from tests.browser import Browser
from tests.factories import Make


class TestFront:
    def test_invites_to_look_round_when_nothing_is_there_yet(self, browser: Browser) -> None:
        page = browser.get("home.front")

        assert page.status == 200
        assert page.heading == "Support that fits your life"
        assert "How it works" in page.text

    def test_lists_the_councils(self, browser: Browser, make: Make) -> None:
        make.council(name="Green Valley Council", slug="green-valley")

        page = browser.click(browser.get("home.front"), "Green Valley Council")

        assert page.url == "/green-valley/"
        assert "Find what helps." in page.text
