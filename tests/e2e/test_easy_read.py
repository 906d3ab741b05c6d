"""Easy Read in a real browser: chosen on a page, readable and narrow enough, and read out."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Street, open_page
from tests.e2e.test_pages import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

KEY_PAGES = [
    *("/wallet", "/wallet/bought", "/wallet/statement", "/basket", "/orders", "/standing"),
    *("/calendar", "/messages", "/asks", "/ask", "/circle", "/lists", "/find", "/"),
]
VOICE = """() => {
  window.read = [];
  speechSynthesis.speak = (part) => { window.read.push(part.text); };
}"""


def test_key_pages_keep_the_rules_in_easy_read_too(street: Street) -> None:
    with street.visitor("person") as context:
        page = open_page(context, "/wallet")
        page.get_by_role("link", name="Easy Read").click()
        page.get_by_role("button", name="Turn Easy Read on").click()
        expect(page.get_by_text("This page shows your money for support.")).to_be_visible()

        assert [fault for path in KEY_PAGES for fault in faults_of(page, path)] == []


def test_a_voice_reads_what_is_seen(street: Street) -> None:
    with street.visitor("person") as context:
        page = open_page(context, "/easy-read?back=/wallet")
        page.get_by_role("button", name="Turn Easy Read on").click()
        page.evaluate(VOICE)

        page.get_by_role("button", name="Read this page to me").click()

        read = page.evaluate("window.read")
        assert "This page shows your money for support." in read
        assert "My money" in read
        assert "Read this page to me" not in read
        expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
