"""What caches may keep for everybody carries nothing of the one who asked, nor of what has gone."""

import pytest
from werkzeug.datastructures import Headers

from marketplace.community import commands
from marketplace.database import transaction
from marketplace.kernel import clock
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make

FEEDS = ("/find/news.rss", "/find/calendar.ics", "/what-is-on/calendar.ics", "/ashdale/oruk/")


@pytest.mark.parametrize("path", FEEDS)
def test_no_cookie_of_somebody_signed_in_goes_with_what_anybody_may_keep(
    make: Make, sign_in: SignInAs, path: str
) -> None:
    make.council(name="Ashdale Council", slug="ashdale")

    browser = sign_in(make.person())
    with browser.client.session_transaction() as cookie:
        cookie.permanent = True  # as signing in leaves it: renewed with every page
    assert "Set-Cookie" in headers_of(browser, "/find")

    headers = headers_of(browser, path)

    assert "public" in headers["Cache-Control"]
    assert "Set-Cookie" not in headers


def test_what_has_gone_from_a_feed_is_not_said_to_be_unchanged(
    make: Make, browser: Browser
) -> None:
    at = clock.now()
    going, _ = make.activity(title="Zither", at=at), make.activity(title="Chess", at=at)
    before = headers_of(browser, "/what-is-on/news.rss")
    with transaction() as session:
        commands.end_listing(session, listing_id=going, by_user_id=None, at=at)

    asked = {"If-Modified-Since": before["Last-Modified"]}
    again = browser.client.get("/what-is-on/news.rss", headers=asked)

    assert again.status_code == 200
    assert "Zither" not in again.text
    assert "Chess" in again.text


def headers_of(browser: Browser, path: str) -> Headers:
    """Return the headers of an answer that is one."""
    answer = browser.client.get(path)
    assert answer.status_code == 200
    return answer.headers
