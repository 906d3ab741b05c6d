"""The main ways to go: folded away on a phone, open on a wide screen, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, WIDE, Street, open_page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_ways_fold_away_on_a_phone(street: Street, *, javascript: bool) -> None:
    with street.visitor("provider", javascript=javascript) as context:
        page = open_page(context, "/work")
        ways = page.get_by_role("navigation", name="Main")
        earnings = ways.get_by_role("link", name="My earnings")
        expect(earnings).to_be_visible()

        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.reload()
        expect(earnings).to_be_hidden()
        ways.get_by_text("Menu").click()
        expect(earnings).to_be_visible()

        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        expect(ways.get_by_text("Menu")).to_be_hidden()
        expect(earnings).to_be_visible()


def test_few_ways_do_not_fold(street: Street) -> None:
    with street.visitor() as context:
        page = open_page(context, "/")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]

        ways = page.get_by_role("navigation", name="Main")
        expect(ways.get_by_role("link", name="Find support")).to_be_visible()
        expect(ways.get_by_text("Menu")).to_have_count(0)
