"""Welsh in a real browser: chosen at the foot of a page, and as readable as English."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Street, open_page
from tests.e2e.test_pages import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PAGES = ("/", "/find", "/accessibility")
"""Two that speak Welsh, and one that does not yet."""


def test_welsh_pages_keep_the_rules_too(street: Street) -> None:
    with street.visitor() as context:
        page = open_page(context, "/sign-in")
        page.get_by_role("link", name="Cymraeg").click()
        expect(page.get_by_role("heading", name="Mewngofnodi")).to_be_visible()

        assert [fault for path in PAGES for fault in faults_of(page, path)] == []
