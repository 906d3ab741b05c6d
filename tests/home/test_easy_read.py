"""Easy Read: larger type, short sentences with drawings, remembered by the browser."""

import re
from pathlib import Path

import pytest
from flask import Flask

from marketplace.web.easy_read import COOKIE, easy_pages
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make

WORDS_MAX = 12
DRAWN = set(
    re.findall(r'^ +"(\w+)": "', Path("templates/components/symbol.html").read_text(), re.MULTILINE)
)
MONEY = "This page shows your money for support."


def turn(browser: Browser, on_or_off: str, *, back: str = "") -> None:
    """Press the button of the page about Easy Read."""
    page = browser.get("home.easy_read", back=back)
    browser.submit(page, f"Turn Easy Read {on_or_off}")


class TestEasyRead:
    def test_goes_back_to_the_page_and_says_what_it_is_for(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        browser = sign_in(make.funded_person().person)
        page = browser.get("budgets.wallet")
        assert MONEY not in page.text
        assert 'href="/easy-read?back=/wallet"' in page.html

        turn(browser, "on", back="/wallet")

        page = browser.follow()
        assert page.url == "/wallet"
        assert "Easy Read is on." in page.text
        assert MONEY in page.text
        assert '<html lang="en-GB" class="govuk-template easy">' in page.html

    def test_is_turned_off_again(self, browser: Browser) -> None:
        turn(browser, "on")
        assert "Here you find people and groups who can help you." in browser.follow().text

        turn(browser, "off")

        page = browser.follow()
        assert "Easy Read is off." in page.text
        assert "Here you find people and groups" not in page.text
        assert browser.client.get_cookie(COOKIE) is None

    @pytest.mark.parametrize(
        "back", ["//evil.example", "https://evil.example/", "\\evil", "wallet"]
    )
    def test_never_leads_elsewhere(self, browser: Browser, back: str) -> None:
        turn(browser, "on", back=back)

        assert browser.follow().url == "/"

    def test_keeps_what_was_searched_for(self, browser: Browser) -> None:
        page = browser.client.get("/find?q=help+with+post&free=1").text

        assert "/easy-read?back=/find?q%3Dhelp%2Bwith%2Bpost%26free%3D1" in page

    def test_carries_no_address_that_nobody_else_may_know(self, browser: Browser) -> None:
        page = browser.client.get("/reset/not-a-token").text

        assert "not-a-token" not in page.split("site-header__easy")[1].split(">")[0]


class TestSentences:
    def test_are_for_pages_there_are(self, base_app: Flask) -> None:
        assert set(easy_pages()) <= set(base_app.view_functions)

    def test_are_short_and_have_a_drawing(self) -> None:
        lines = [line for page in easy_pages().values() for line in page]

        assert [line.words for line in lines if len(line.words.split()) > WORDS_MAX] == []
        assert {line.symbol for line in lines} <= DRAWN
        assert all(len(page) <= 4 for page in easy_pages().values())
