"""The test browser sees what is wrong, and does what a person can do and nothing else."""

import pytest
from flask import Flask, Response, redirect, request

from tests.browser import Browser
from tests.page_checks import faults_of

HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
FORM = """
<form method="post" action="/sent">
  <input type="hidden" name="csrf_token" value="the-token">
  <label for="name">Name</label><input id="name" name="name" value="Jo">
  <label for="size">Size</label>
  <select id="size" name="size">
    <option value="s">Small</option><option value="l">Large</option>
  </select>
  <label><input type="checkbox" name="mail" value="yes" checked> Write to me</label>
  <button name="deed" value="save">Save it</button>
</form>
"""


def page(content: str, *, title: str = "A page – Market", head: str = "") -> str:
    """Write a page that is good, but for what is given."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><main><h1>A page</h1>{content}</main></body></html>"
    )


@pytest.fixture
def site() -> Flask:
    made = Flask(__name__)
    made.after_request(_with_headers)
    made.add_url_rule("/form", "form", lambda: page(FORM))
    made.add_url_rule("/bad", "bad", lambda: page("<p>Paid by None</p>"))
    made.add_url_rule("/away", "away", lambda: redirect("/form"))
    made.add_url_rule("/sent", "sent", sent, methods=["POST"])
    made.add_url_rule("/bare", "bare", lambda: Response("x", headers={"X-Bare": "yes"}))
    return made


@pytest.fixture
def browser(site: Flask) -> Browser:
    return Browser(site.test_client())


def sent() -> dict[str, str]:
    """Answer with what came in."""
    return request.form.to_dict()


def _with_headers(response: Response) -> Response:
    if "X-Bare" not in response.headers:
        response.headers.update(HEADERS)
    return response


class TestPageChecks:
    def test_find_nothing_wrong_with_a_good_page(self) -> None:
        assert faults_of(page(FORM)) == []

    def test_let_none_of_these_be_an_answer(self) -> None:
        assert faults_of(page("<p>None of these</p>")) == []

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            ("<h1>Another</h1>", "exactly one h1"),
            ("<p>one<div>two</div></p>", "HTML line"),
            ("<p id='a'>one</p><p id='a'>two</p>", "'a' is there 2 times"),
            ("<input name='x' id='x'>", "has no label"),
            ("<textarea name='x' aria-describedby='gone'></textarea>", "'gone', which is not"),
            ("<p>Paid by None</p>", "a value was forgotten"),
            ("<p>{{ name }}</p>", "a value was forgotten"),
            ("<p style='color: red'>Red</p>", "inline code in 'style'"),
            ("<button onclick='go()'>Go</button>", "inline code in 'onclick'"),
            ("<script>go()</script>", "inline script"),
            ("<a href='javascript:go()'>Go</a>", "a script in a link"),
            ("<a href='/x'></a>", "does not say what it does"),
            ("<img src='/x.png'>", "has no alt"),
            ("<form method='post'><button>Go</button></form>", "can be forged"),
        ],
    )
    def test_name_what_is_wrong(self, content: str, fault: str) -> None:
        assert fault in "\n".join(faults_of(page(content)))

    def test_want_the_title_to_begin_with_the_heading(self) -> None:
        assert "does not begin with" in faults_of(page("", title="Market"))[0]
        assert faults_of(page("", title="Error: A page")) == []

    def test_refuse_a_style_sheet_in_the_page(self) -> None:
        assert faults_of(page("", head="<style>p {}</style>")) == ["there is an inline style sheet"]


class TestBrowser:
    def test_fails_the_test_that_opens_a_bad_page(self, browser: Browser) -> None:
        with pytest.raises(AssertionError, match="a value was forgotten"):
            browser.get("bad")

    def test_wants_the_protecting_headers_on_every_answer(self, browser: Browser) -> None:
        with pytest.raises(AssertionError, match="content security policy"):
            browser.get("/bare")

    def test_follows_nothing_unasked(self, browser: Browser) -> None:
        assert browser.get("away").status == 302

        assert browser.follow().heading == "A page"

    def test_sends_what_the_form_has_and_what_is_typed(self, browser: Browser) -> None:
        form = browser.get("form", colour="red")

        sent = browser.submit(form, "Save it", name="Al", size="l")

        assert sent.response.json == {
            "csrf_token": "the-token",
            "name": "Al",
            "size": "l",
            "mail": "yes",
            "deed": "save",
        }

    def test_leaves_a_box_unticked(self, browser: Browser) -> None:
        sent = browser.submit(browser.get("form"), "Save it", mail=None)

        assert "mail" not in (sent.response.json or {})

    def test_cannot_fill_in_what_is_not_there(self, browser: Browser) -> None:
        form = browser.get("form")

        with pytest.raises(AssertionError, match="no field"):
            browser.submit(form, "Save it", colour="red")
        with pytest.raises(AssertionError, match="does not offer"):
            browser.submit(form, "Save it", size="xl")
        with pytest.raises(AssertionError, match="no button"):
            browser.submit(form, "Delete it")

    def test_posts_with_the_token_it_saw_last(self, browser: Browser) -> None:
        browser.get("/form")

        assert browser.post("sent", {"a": "b"}).response.json == {
            "csrf_token": "the-token",
            "a": "b",
        }
