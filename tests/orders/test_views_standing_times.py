"""The pages of standing orders that happen several times a day."""

from datetime import timedelta

from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.rules.standing_wishes import Weekly
from tests.conftest import SignInAs
from tests.factories import Make
from tests.orders.standing import Going
from tests.orders.test_views_standing import asked, typed
from tests.orders.today import NOW, funded

SOON = local_day(NOW) + timedelta(days=3)
TWICE = Weekly(weekdays=frozenset({SOON.weekday()}), minutes=(8 * 60, 18 * 60))


def twice(make: Make) -> Going:
    rich = funded(make, to_spend=Money(500_00))
    going = Going(make, funded=rich, weekly=TWICE, begins_on=SOON, at=NOW).accepted(NOW)
    going.roll(NOW)
    return going


def test_it_is_started_with_a_second_time(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make, to_spend=Money(500_00))
    browser = sign_in(someone.person)
    assert "Add a time" in browser.get("orders.standing_new", offer_id=make.offer()).text

    page = asked(browser, make, make.offer(), weekdays=[str(SOON.weekday())], fourth_time="9:15am")

    assert "Four weeks cost £240.00" in page.text
    assert ", 9:15am" in page.text
    page = browser.submit(page, "Change something")
    assert "<details" in page.html
    assert 'value="9:15am"' in page.html
    page = browser.submit(page, "See what that means")
    browser.submit(page, "Start it")
    assert "at 9:15am and 2pm" in browser.follow().text


def test_what_was_typed_is_kept_when_the_times_make_no_sense(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(funded(make).person)

    page = asked(browser, make, make.offer(), second_time="3pm", third_time="noonish")
    assert len(page.errors) == 1
    assert 'value="noonish"' in page.html
    page = browser.submit(page, "See what that means", third_time="")

    assert page.errors == ["The visit at 2pm is not over at 3pm. Leave more time between them."]
    assert 'value="3pm"' in page.html


def test_a_change_shows_the_times_as_they_are(make: Make, sign_in: SignInAs) -> None:
    going = twice(make)
    browser = sign_in(going.person)

    page = browser.get("orders.standing_change", standing_id=going.id)
    page = browser.submit(
        page, "Ask for the change", third_time="10pm", begins_on=typed(SOON + timedelta(7))
    )

    assert "at 8am, 6pm and 10pm" in browser.follow().text


def test_one_visit_of_a_day_is_left_out(make: Make, sign_in: SignInAs) -> None:
    going = twice(make)
    browser = sign_in(going.person)
    page = browser.get("orders.standing_order", standing_id=going.id)

    page = browser.click(page, "Leave it out")
    assert "Only the visit at 6pm" in page.text
    browser.submit(page, "Leave it out")

    page = browser.follow()
    assert "That is left out" in page.text
    assert [row.status for row in going.view(NOW).days[:2]] == ["Left out", "Covered"]
    page = browser.get("orders.standing_skip", standing_id=going.id, on=SOON.isoformat())
    browser.submit(page, "Leave it out", which="all")
    assert [row.status for row in going.view(NOW).days[:2]] == ["Left out", "Left out"]


def test_a_time_that_nobody_comes_at_is_said(make: Make, sign_in: SignInAs) -> None:
    going = twice(make)
    browser = sign_in(going.person)
    page = browser.get("orders.standing_skip", standing_id=going.id, on=SOON.isoformat())
    page = browser.submit(page, "Leave it out", which="480", on=typed(SOON + timedelta(1)))

    assert page.errors == ["Nothing is planned for that time."]

    sent = {"which": "9" * 5_000, "on": typed(SOON)}
    page = browser.post("orders.standing_skip", standing_id=going.id, data=sent)
    assert page.errors == ["Nothing is planned for that time."]


def test_each_time_has_its_own_quantity(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(funded(make, to_spend=Money(500_00)).person)

    page = asked(
        browser, make, make.offer(), weekdays=["1"], second_time="6pm", second_quantity="none"
    )
    assert page.errors == ["Enter a whole number between 1 and 500."]
    assert 'value="none"' in page.html
    page = browser.submit(page, "See what that means", second_quantity="1")

    assert "Four weeks cost £180.00" in page.text
    browser.submit(page, "Start it")
    page = browser.follow()
    assert "2 hours at 2pm and 1 hour at 6pm" in page.text


def test_what_is_brought_is_chosen(make: Make, sign_in: SignInAs) -> None:
    provider = make.provider()
    menu = ("Cottage pie", "Vegetable curry")
    offer = make.offer(provider=provider, unit=Unit.ITEM, menu=menu, must_choose=True)
    rich = funded(make, to_spend=Money(500_00))
    browser = sign_in(rich.person)
    page = browser.get("orders.standing_new", offer_id=offer)
    outcome = page.soup.select_one("input[name=outcome_id]")
    assert outcome is not None
    answers = {"weekdays": ["1"], "begins_on": typed(SOON), "outcome_id": outcome["value"]}
    page = browser.submit(page, "See what that means", answers)
    assert page.errors == ["Choose what you would like."]
    page = browser.submit(page, "See what that means", choice="Cottage pie")
    browser.submit(page, "Start it")
    page = browser.follow()

    assert "Cottage pie, 1 item" in page.text
    assert "You cannot choose" not in page.text
