"""Joining the market over the web: four short pages, without a script."""

from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make

GARDENER = {"name": "Rosie's Gardens", "kind": "one_person", "about": "I dig with you."}
PLACE = {"postcode": "ls6 2ab", "reach_miles": "5"}
DIGGING = {"title": "An hour in your garden", "category": "company", "unit": "hour", "price": "14"}


def until_check(browser: Browser) -> Page:
    """Fill in the three pages and return the last."""
    page = browser.get("catalogue.join")
    for answers in (GARDENER, PLACE, DIGGING):
        page = browser.submit(page, "Continue", data=answers)
    return page


class TestJoin:
    def test_opens_a_store_and_puts_on_the_owners_hat(self, sign_in: SignInAs, make: Make) -> None:
        make.category("company", name="Someone to be with")
        browser = sign_in(make.person(name="Rosie"))

        check = until_check(browser)
        assert check.heading == "Check your answers"
        for words in ("Rosie's Gardens", "Up to 5 miles", "Someone to be with", "£14.00"):
            assert words in check.text
        mine = browser.follow(browser.submit(check, "Open my store"))

        assert mine.heading == "My store"
        assert "Your store is open. People see that it is not yet checked." in mine.text
        assert "£14.00 an hour" in mine.text

    def test_sent_twice_is_one_store(self, sign_in: SignInAs, make: Make) -> None:
        make.category()
        browser = sign_in(make.person())
        check = until_check(browser)

        first = browser.submit(check, "Open my store")
        second = browser.submit(check, "Open my store")

        assert (first.status, second.status) == (302, 302)
        assert browser.get("catalogue.my_store").status == 200
        page = browser.get("access.hats")
        assert page.text.count("Rosie's Gardens") <= 2, "in the header and once among the roles"

    def test_sends_the_signed_out_to_sign_up_and_back(self, browser: Browser) -> None:
        page = browser.get("catalogue.join")

        assert page.status == 302
        assert page.location == "/sign-up?next=/join"

    def test_keeps_what_was_typed_and_says_what_is_wrong(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        make.category()
        browser = sign_in(make.person())
        page = browser.submit(browser.get("catalogue.join"), "Continue", data=GARDENER)

        page = browser.submit(page, "Continue", data={"postcode": "ZZ9", "reach_miles": "5"})

        assert page.heading == "Where you work"
        assert page.errors[0].startswith("We cannot find the postcode")
        assert 'value="ZZ9"' in page.html
        assert "Rosie&#39;s Gardens" in page.html

    def test_refuses_a_name_of_ten_thousand_characters(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.person())

        page = browser.submit(
            browser.get("catalogue.join"), "Continue", data=GARDENER | {"name": "x" * 10_000}
        )

        assert page.errors == ["Use at most 200 characters. You have used 10,000."]

    def test_goes_back_without_losing_anything(self, sign_in: SignInAs, make: Make) -> None:
        make.category()
        browser = sign_in(make.person())
        check = until_check(browser)

        you = browser.submit(check, "Change who you are")
        page = browser.submit(you, "Continue", name="Rosie Bell")
        for _ in range(2):
            page = browser.submit(page, "Continue")

        assert page.heading == "Check your answers"
        assert "Rosie Bell" in page.text
        assert "£14.00" in page.text

    def test_a_price_of_nothing_is_refused(self, sign_in: SignInAs, make: Make) -> None:
        make.category()
        browser = sign_in(make.person())
        page = browser.get("catalogue.join")
        for answers in (GARDENER, PLACE, DIGGING | {"price": "0"}):
            page = browser.submit(page, "Continue", data=answers)

        assert page.heading == "Your first offer"
        assert page.errors == ["Enter a price of more than nothing, like 12.50."]

    def test_an_answer_left_out_by_hand_leads_back_to_its_page(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        make.category()
        browser = sign_in(make.person())
        browser.get("catalogue.join")

        page = browser.post("catalogue.join", data={"step": "check", **GARDENER})
        lost = browser.post("catalogue.join", data={"step": "nonsense"})

        assert page.heading == "Where you work"
        assert lost.heading == "Offer support here"
