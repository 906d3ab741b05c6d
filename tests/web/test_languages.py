"""Pages in other languages: chosen, remembered, and honest about what is not translated."""

from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask

from marketplace.web.languages import COOKIE, Languages
from tests.browser import Browser, Page
from tests.factories import Make

POLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "frame"
msgid "Sign in"
msgstr "Zaloguj się"
"""
ARABIC = POLISH.replace("Zaloguj się", "تسجيل الدخول")
ONLY_ENGLISH = "Dim ond yn Saesneg mae'r dudalen hon hyd yn hyn."
pytestmark = pytest.mark.sqlite_only


def choose(browser: Browser, name: str, page: Page | None = None) -> Page:
    """Follow the link at the foot of a page, and go where it leads."""
    browser.click(page or browser.get("home.front"), name)
    return browser.follow()


def tag(page: Page, selector: str) -> Tag:
    """Return the first element of a page that a selector finds."""
    found = page.soup.select_one(selector)
    assert found is not None, f"{page.url} has no {selector}"
    return found


class TestChoosing:
    def test_goes_back_to_the_same_page_in_welsh_and_is_remembered(self, browser: Browser) -> None:
        page = choose(browser, "Cymraeg", browser.get("/find?q=help+with+post&free=1"))

        assert page.url == "/find?q=help+with+post&free=1"
        assert '<html lang="cy" ' in page.html
        assert "Neidio i'r dudalen" in page.text
        assert tag(browser.get("home.front"), "html")["lang"] == "cy"

    def test_goes_back_to_english(self, browser: Browser) -> None:
        page = choose(browser, "English", choose(browser, "Cymraeg"))

        assert '<html lang="en-GB" ' in page.html
        assert "Skip to the page" in page.text

    def test_each_language_is_named_in_itself(self, browser: Browser) -> None:
        link = tag(browser.get("home.front"), "a[hreflang=cy]")

        assert (link.get_text(), link["lang"]) == ("Cymraeg", "cy")

    @pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "\\evil", "find"])
    def test_never_leads_elsewhere(self, browser: Browser, back: str) -> None:
        browser.get("home.language", code="cy", back=back)

        assert browser.follow().url == "/"

    def test_goes_back_to_a_page_whose_address_is_secret_as_the_browser_says(
        self, browser: Browser
    ) -> None:
        page = browser.client.get("/reset/not-a-token").text
        assert "not-a-token" not in page.split("site-footer")[1]

        ours = browser.client.get("/language/cy", headers={"Referer": "http://localhost/reset/a?b"})
        theirs = browser.client.get("/language/cy", headers={"Referer": "http://evil.example/x"})

        assert (ours.location, theirs.location) == ("/reset/a?b", "/")

    @pytest.mark.parametrize("code", ["xx", "cy_GB", "..", "%00"])
    def test_does_not_know_a_language_without_a_file(self, browser: Browser, code: str) -> None:
        assert browser.client.get(f"/language/{code}").status_code == 404
        assert browser.client.get_cookie(COOKIE) is None

    def test_what_somebody_else_wrote_into_the_cookie_is_english(self, browser: Browser) -> None:
        browser.client.set_cookie(COOKIE, "../../etc")

        assert tag(browser.get("home.front"), "html")["lang"] == "en-GB"


class TestOfTheBrowser:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("cy", "cy"),
            ("cy-GB,cy;q=0.9,en;q=0.5", "cy"),
            ("en-GB,en;q=0.9,cy;q=0.8", "en-GB"),
            ("en-US", "en-GB"),
            ("fr", "en-GB"),
            ("*;;q=x,,\u00e9", "en-GB"),
        ],
    )
    def test_is_spoken_where_nothing_was_chosen(
        self, browser: Browser, header: str, language: str
    ) -> None:
        answer = browser.client.get("/", headers={"Accept-Language": header})

        assert f'<html lang="{language}" ' in answer.text
        assert {"Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))

    def test_counts_less_than_a_choice(self, browser: Browser) -> None:
        choose(browser, "Cymraeg")
        choose(browser, "English")

        answer = browser.client.get("/", headers={"Accept-Language": "cy"})

        assert '<html lang="en-GB" ' in answer.text


class TestPages:
    def test_one_that_is_not_translated_says_so_and_stays_english(self, browser: Browser) -> None:
        page = choose(browser, "Cymraeg", browser.get("home.accessibility"))

        said = [tag(page, name)["lang"] for name in ("html", "main", "title")]
        assert said == ["cy", "en-GB", "en-GB"]
        assert tag(page, "main p[lang=cy]").get_text() == ONLY_ENGLISH
        assert "Beth sydd ymlaen" in page.text
        assert page.heading == "Accessibility"

    def test_what_just_happened_is_said_in_its_own_language(self, browser: Browser) -> None:
        choose(browser, "Cymraeg")
        browser.get("home.easy_read")
        browser.post("home.easy_read", {"wanted": "yes"})

        page = browser.follow()

        assert tag(page, ".flash strong")["lang"] == "cy"
        assert "Wedi'i wneud" in tag(page, ".flash").get_text()

    def test_what_programs_read_stays_english(self, browser: Browser) -> None:
        browser.client.set_cookie(COOKIE, "cy")

        refused = browser.client.get("/api/v1/stores/nobody", headers={"Accept-Language": "cy"})

        assert refused.json is not None
        assert refused.json["title"] == "Not Found"
        assert refused.json["detail"] == "We cannot find that store. It may have closed."
        assert "Accept-Language" not in refused.headers.get("Vary", "")


class TestWelsh:
    @pytest.mark.parametrize(
        ("path", "heading"),
        [
            ("/", "Cymorth sy'n siwtio eich bywyd chi"),
            ("/find", "Dod o hyd i gymorth"),
            ("/what-is-on", "Beth sydd ymlaen yr wythnos hon"),
            ("/compare", "Cymharu cymorth"),
            ("/safeguarding", "Poeni am rywun?"),
            ("/easy-read", "Hawdd ei Ddeall"),
            ("/sign-in", "Mewngofnodi"),
            ("/sign-up", "Ymuno â Threadwell"),
        ],
    )
    def test_is_spoken_by_what_a_visitor_opens(
        self, browser: Browser, path: str, heading: str
    ) -> None:
        browser.client.set_cookie(COOKIE, "cy")

        page = browser.get(path)

        assert page.heading == heading
        assert "lang" not in tag(page, "main").attrs

    def test_is_spoken_by_a_store_and_its_offer(self, browser: Browser, make: Make) -> None:
        offer_id = make.offer(provider=make.provider(name="Nadia at home"))
        browser.client.set_cookie(COOKIE, "cy")

        page = browser.get("search.offer", offer_id=offer_id)
        store = browser.click(page, "Nadia at home")

        assert "yr awr" in page.text
        assert "Beth maen nhw'n ei gynnig" in store.text
        assert "lang" not in {**tag(page, "main").attrs, **tag(store, "main").attrs}

    def test_says_what_is_wrong_with_what_was_typed(self, browser: Browser) -> None:
        browser.client.set_cookie(COOKIE, "cy")
        browser.get("access.sign_up")

        page = browser.post("access.sign_up", {"name": "A" * 500, "email": "sam", "password": ""})

        assert tag(page, "title").get_text().startswith("Gwall: Ymuno")
        assert page.errors[1:] == [
            "Rhowch gyfeiriad e-bost gydag @ ynddo, fel sam@mail.example.",
            "Rhowch gyfrinair.",
        ]
        assert page.errors[0].endswith("Rydych chi wedi defnyddio 500.")


class TestAFurtherLanguage:
    @pytest.fixture
    def _added(self, base_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for code, words in {"pl": POLISH, "ar": ARABIC}.items():
            folder = tmp_path / code / "LC_MESSAGES"
            folder.mkdir(parents=True)
            (folder / "messages.po").write_text(words, encoding="utf-8")
        monkeypatch.setitem(base_app.extensions, "languages", Languages(tmp_path))

    @pytest.mark.usefixtures("_added")
    def test_is_one_file(self, browser: Browser) -> None:
        page = choose(browser, "Polski")

        assert tag(page, "html")["lang"] == "pl"
        assert page.link("Zaloguj się") == "/sign-in"
        assert tag(page, "main")["lang"] == "en-GB", "nothing of this page is translated"
        assert page.soup.select("a[hreflang=cy]") == []

    @pytest.mark.usefixtures("_added")
    def test_may_run_from_right_to_left(self, browser: Browser) -> None:
        page = choose(browser, "العربية")

        assert (tag(page, "html")["dir"], tag(page, "main")["dir"]) == ("rtl", "ltr")
