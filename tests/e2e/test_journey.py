"""From need to rating in a real browser: once without JavaScript, once without a mouse."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Street, open_page
from tests.e2e.hands import Hands, Keyboard, Mouse
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.mark.parametrize(
    ("who", "javascript", "hands"),
    [
        pytest.param("buyer", False, Mouse(), id="without JavaScript"),
        pytest.param("typist", True, Keyboard(), id="without a mouse"),
    ],
)
def test_need_to_rating(street: Street, who: str, hands: Hands, *, javascript: bool) -> None:
    with (
        street.visitor(javascript=javascript) as theirs,
        street.visitor(javascript=javascript) as the_stores,
    ):
        page = _sign_in(theirs, hands, street.world.emails[who])
        _find_and_order(page, hands, street.world.offer_title, street.world.store_name)
        order = page.url

        store = _sign_in(the_stores, hands, street.world.emails["provider"])
        if "/work" not in store.url:
            hands.press(store, "button", street.world.store_name)
        number = page.get_by_role("heading", level=1).inner_text()
        _deliver(store, hands, street.world.offer_title, number)

        page.goto(order)
        hands.press(page, "button", "Yes, it came")
        expect(page.get_by_text("It is confirmed")).to_be_visible()
        _rate(page, hands)


def _sign_in(context: BrowserContext, hands: Hands, email: str) -> Page:
    page = open_page(context, "/sign-in")
    hands.write(page, "E-mail address", email)
    hands.write(page, "Password", PASSWORD)
    hands.press(page, "button", "Sign in")
    return page


def _find_and_order(page: Page, hands: Hands, title: str, store: str) -> None:
    page.goto("/")
    hands.write(page, "What would help you?", "help getting washed")
    hands.press(page, "button", "Search")
    hands.press(page, "link", title)
    while page.get_by_text(store).count() == 0:
        page.go_back()
        hands.press(page, "link", title)
    hands.press(page, "link", "Choose when and how much")
    hands.choose(page, "I get up when I want to.")
    hands.press(page, "button", "Put it in the basket")
    hands.press(page, "button", "Place the order")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your order is on its way")
    hands.press(page, "link", "Look at order")


def _deliver(page: Page, hands: Hands, title: str, number: str) -> None:
    page.goto("/work")
    hands.press(page, "link", title, beside=number)
    hands.press(page, "button", "Accept the order")
    expect(page.get_by_text("You said yes")).to_be_visible()
    hands.press(page, "link", "Say what happened")
    hands.press(page, "button", "Done as agreed")
    expect(page.get_by_text("It is noted")).to_be_visible()


def _rate(page: Page, hands: Hands) -> None:
    hands.press(page, "link", "Rate this support")
    for question in ("Were they on time?", "Was it done as well", "Would you use them again?"):
        hands.choose(page, "Yes", question=question)
    hands.choose(page, "5", question="How good was it in all?")
    hands.write(page, "Would you like to say more?", "She sings while she works.")
    hands.press(page, "button", "Save my rating")
    expect(page.get_by_text("Your rating is saved")).to_be_visible()
