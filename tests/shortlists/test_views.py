"""A list by link in the browser in which it was begun, and in others."""

from flask import Flask

from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said, send


class TestLinked:
    def test_there_is_a_way_back_to_it_from_every_page(
        self, app: Flask, make: Make, browser: Browser
    ) -> None:
        assert "My list" not in browser.get("/what-is-on").text

        link = begun(make, browser)

        assert browser.click(browser.get("/what-is-on"), "My list").url == link
        assert "My list" not in Browser(app.test_client()).get(link).text

    def test_whoever_signs_in_has_their_own_lists_instead(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        page = sign_in(make.person()).get("/what-is-on")

        assert "My list" not in page.text

    def test_is_taken_away_by_whoever_began_it_and_by_nobody_else(
        self, app: Flask, make: Make, browser: Browser
    ) -> None:
        link, other = begun(make, browser), Browser(app.test_client())
        begun(make, other)
        not_said(other.get(link), "Take this list away")
        assert other.post(f"{link}/end").status == 404

        page = send(browser, browser.get(link), "Take this list away")

        said(page, "Its link opens nothing now")
        assert "My list" not in page.text
        gone = other.get(link)
        assert (gone.status, gone.response.headers["X-Robots-Tag"]) == (404, "noindex, nofollow")
        said(gone, "This list is not here any more", "ask them for a new one")

    def test_two_offers_are_compared_and_more_than_four_are_not(
        self, make: Make, browser: Browser
    ) -> None:
        link = begun(make, browser)
        keep(browser, make.offer(title="Walks"))
        said(browser.get(link), "Compare these 2 offers")

        for title in ("Lunch", "Lifts", "Letters"):
            keep(browser, make.offer(title=title))

        said(browser.get(link), "Compare the first 4 offers")


def begun(make: Make, browser: Browser) -> str:
    """Keep something without an account and return the link of the list."""
    return keep(browser, make.offer(title="Weeding"))


def keep(browser: Browser, offer_id: object) -> str:
    """Keep an offer and return the address of the list."""
    page = browser.get(f"/offers/{offer_id}")
    title = page.soup.find("h1").get_text()  # type: ignore[union-attr]
    return send(browser, page, f"Keep on a list : {title}").url
