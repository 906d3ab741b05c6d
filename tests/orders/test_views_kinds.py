"""Ordering once: what has no time, whom one asks for, and times that need a word."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace.catalogue.rules import Unit
from marketplace.database import transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.orders.today import NOW, funded

SOON = local_day(NOW) + timedelta(days=3)


def put(browser: Browser, offer: UUID, **answers: object) -> Page:
    page = browser.get("orders.add_to_basket", offer_id=offer)
    chosen = page.soup.select_one("input[name=outcome_id]")
    assert chosen is not None
    page = browser.submit(page, "Put it in the basket", {"outcome_id": chosen["value"]} | answers)
    return browser.follow() if page.location else page


def on(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"


@pytest.mark.parametrize("unit", [Unit.ITEM, Unit.MILE, Unit.MEMBERSHIP, Unit.RETAINER])
def test_what_has_no_time_asks_for_a_day_and_shows_a_day(
    make: Make, sign_in: SignInAs, unit: Unit
) -> None:
    provider = make.provider()
    offer = make.offer(provider=provider, unit=unit, title="On call")
    someone = funded(make)
    browser = sign_in(someone.person)

    page = browser.get("orders.add_to_basket", offer_id=offer)
    assert page.soup.select_one("input[name=at_time]") is None
    put(browser, offer, on_day=on(SOON))
    browser.submit(browser.get("orders.basket"), "Place the order")
    page = browser.click(browser.follow(), "Look at order")

    assert f"{SOON:%A} {SOON.day} {SOON:%B %Y}" in page.text
    assert "midday" not in page.text


def test_a_language_and_a_gender_are_asked_for_and_read_by_the_provider(
    make: Make, sign_in: SignInAs
) -> None:
    provider = make.provider()
    offer = make.offer(provider=provider)
    with transaction() as session:
        session.execute(
            text("UPDATE catalogue_providers SET languages = :languages, genders = :genders"),
            {"languages": '["urdu"]', "genders": '["woman"]'},
        )
    someone = funded(make)
    browser = sign_in(someone.person)

    page = put(browser, offer, language_wish="urdu", gender_wish="woman")
    assert "Urdu" in page.text
    browser.submit(browser.get("orders.basket"), "Place the order")
    at_home = browser.click(browser.follow(), "Look at order")

    theirs = sign_in(provider).get(at_home.url.replace("/orders/", "/work/orders/"))
    assert "Urdu" in theirs.text
    assert "A woman" in theirs.text


def test_a_time_that_comes_twice_is_taken_as_the_first_and_said_so(
    make: Make, sign_in: SignInAs
) -> None:
    year = SOON.year + 1
    last = date(year, 10, 31)
    back = last - timedelta(days=(last.weekday() + 1) % 7)
    browser = sign_in(funded(make).person)

    page = put(browser, make.offer(), on_day=on(back), at_time="1:30am")

    assert "1:30am comes twice. It is the first of the two." in page.text


def test_a_time_that_does_not_exist_is_refused_and_kept(make: Make, sign_in: SignInAs) -> None:
    year = SOON.year + 1
    last = date(year, 3, 31)
    forward = last - timedelta(days=(last.weekday() + 1) % 7)
    browser = sign_in(funded(make).person)

    page = put(browser, make.offer(), on_day=on(forward), at_time="1:30am")

    assert page.errors == ["On that day the clocks go forward and there is no such time."]
    assert 'value="1:30am"' in page.html


def test_two_at_the_same_time_are_warned_of_and_may_be_ordered(
    make: Make, sign_in: SignInAs
) -> None:
    someone = funded(make, to_spend=Money(500_00))
    browser = sign_in(someone.person)
    put(browser, make.offer(title="Gardening"), quantity="2", on_day=on(SOON), at_time="2pm")
    browser.submit(browser.get("orders.basket"), "Place the order")

    page = put(browser, make.offer(title="Cooking"), on_day=on(SOON), at_time="3pm")

    assert "you already have Gardening at that time" in page.text
    assert "Cooking is in your basket." in page.text
