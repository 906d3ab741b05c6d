"""The pages on which a provider stops and people find somebody else."""

from datetime import timedelta
from uuid import UUID

from marketplace.database import transaction
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayStop
from marketplace.web.example_days import near_today
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day
from tests.orders.standing import Going
from tests.orders.stopping import other_store
from tests.orders.today import NOW, STARTS_ON


def going(make: Make) -> Going:
    """Let a standing order of today go on."""
    funded = make.funded_person(to_spend=Money(500_00), starts_on=STARTS_ON, at=NOW)
    begins = STARTS_ON + timedelta(days=1)
    one = Going(
        make,
        funded=funded,
        provider=make.provider(name="Green Hands"),
        begins_on=begins,
        at=NOW,
    ).accepted(NOW)
    one.roll(NOW)
    return one


def stopped(make: Make) -> tuple[Going, UUID, UUID]:
    """Let its store stop in nine days; return the stop and the item."""
    one = going(make)
    wish = SayStop(
        provider_id=one.provider.works_for,
        last_on=STARTS_ON + timedelta(days=9),
        reason="I retire.",
    )
    with transaction() as session:
        commands.say_stop(session, wish, by=one.provider, at=NOW)
        page = queries.stop_for_person(session, stop_id=wish.stop_id, seen_by=one.person, at=NOW)
    return one, wish.stop_id, page.items[0].row.id


def test_the_store_says_its_last_day_and_takes_it_back(make: Make, sign_in: SignInAs) -> None:
    one = going(make)
    browser = sign_in(one.provider)
    page = browser.get("orders.stop_store")
    assert "You have something to do for 1 person after today." in page.text

    page = browser.submit(page, "Say that we stop", last_on=day(-1), reason="I retire.")
    assert page.errors == ["That day has gone. Choose today or a day to come."]
    assert "I retire." in page.html
    browser.submit(page, "Say that we stop", last_on=day(9), reason="I retire.")
    page = browser.follow()
    assert "Your last day is" in page.text
    browser.submit(page, "We go on after all")

    assert "Say that we stop" in browser.follow().text


def test_the_council_says_it_for_a_store(make: Make, sign_in: SignInAs) -> None:
    one = going(make)
    browser = sign_in(one.funded.practitioner)
    page = browser.click(browser.get("orders.stops"), "Say that a provider stops")
    assert browser.submit(page, "Say that they stop").errors == [
        "Choose a provider.",
        near_today("Enter the last day, like {day}."),
        "Say why. Everybody whom it concerns reads it.",
    ]

    browser.submit(
        page,
        "Say that they stop",
        provider=one.provider.works_for,
        last_on=day(9),
        reason="They move away.",
    )

    page = browser.follow()
    assert page.heading == "Green Hands stops"
    assert "Waiting" in page.text


def test_the_page_of_the_council_is_not_for_another_one(make: Make, sign_in: SignInAs) -> None:
    _, stop_id, _ = stopped(make)

    browser = sign_in(make.practitioner())

    assert browser.get("orders.stop", stop_id=stop_id).status == 404
    assert "Nobody stops" in browser.get("orders.stops").text


def test_a_person_sees_nobody_near_and_tells_the_council(make: Make, sign_in: SignInAs) -> None:
    one, stop_id, _ = stopped(make)
    browser = sign_in(one.person)
    assert "Green Hands stops on" in browser.get("orders.index").text
    page = browser.get("orders.my_stop", stop_id=stop_id)
    assert "We found nobody near you who does the same and has room." in page.text

    browser.submit(page, "Nobody suits: tell the council")

    assert "The council is told, and helps you to look." in browser.follow().text


def test_a_person_ends_it_for_nothing(make: Make, sign_in: SignInAs) -> None:
    one, stop_id, item_id = stopped(make)
    browser = sign_in(one.person)

    browser.submit(browser.get("orders.my_stop", stop_id=stop_id), "End it")
    assert "It ends on the last day, and costs nothing." in browser.follow().text
    browser.post("orders.nobody_found", item_id=item_id)

    assert "This has ended." in browser.follow().text


def test_a_price_that_changed_is_shown_first(make: Make, sign_in: SignInAs) -> None:
    one, _, item_id = stopped(make)
    _, offer_id = other_store(make, one.funded.council_id)
    browser = sign_in(one.person)
    page = browser.get("orders.move_item", item_id=item_id, offer_id=offer_id)

    page = browser.submit(page, "Move it to Blue Door", seen_pence="100")

    assert "The price has changed." in page.text


def test_strangers_find_nothing(make: Make, sign_in: SignInAs) -> None:
    one, stop_id, item_id = stopped(make)
    _, offer_id = other_store(make, one.funded.council_id)
    browser = sign_in(make.person())

    assert browser.get("orders.my_stop", stop_id=stop_id).status == 404
    move = browser.get("orders.move_item", item_id=item_id, offer_id=offer_id)
    assert move.status == 404
    assert browser.post("orders.end_item", item_id=item_id).status == 404
