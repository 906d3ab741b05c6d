"""The pages of standing orders: done, refused, and not found."""

from datetime import timedelta

from marketplace.access.rules import Scope
from marketplace.budgets.commands import leave_pool
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.orders.standing import TUESDAYS, Going
from tests.orders.today import NOW, funded

SOON = local_day(NOW) + timedelta(days=3)


def typed(day: object) -> str:
    return f"{day:%-d %-m %Y}"


def asked(browser: Browser, make: Make, offer: object, **changes: object) -> Page:
    page = browser.get("orders.standing_new", offer_id=offer)
    chosen = page.soup.select_one("input[name=outcome_id]")
    assert chosen is not None
    answers = {
        "quantity": "2",
        "weekdays": ["0", "3"],
        "at_time": "2pm",
        "begins_on": typed(SOON),
        "outcome_id": chosen["value"],
    } | changes
    return browser.submit(page, "See what that means", answers)


def test_it_is_started_from_an_offer(make: Make, sign_in: SignInAs) -> None:
    someone, provider = funded(make, to_spend=Money(500_00)), make.provider()
    offer = make.offer(provider=provider, title="Gardening")
    browser = sign_in(someone.person)
    assert "again and again" in browser.get("orders.add_to_basket", offer_id=offer).text

    page = asked(browser, make, offer)

    assert page.heading == "Check your standing order"
    assert "Four weeks cost £240.00" in page.text
    browser.submit(page, "Start it")
    page = browser.follow()
    assert "every Monday and Thursday at 2pm" in page.text
    assert "Sent to the provider" in page.text


def test_what_was_typed_is_kept_when_something_is_wrong(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make)
    browser = sign_in(someone.person)

    page = asked(browser, make, make.offer(), weekdays=[], quantity="7")

    assert page.errors == ["Choose at least one day of the week."]
    assert 'value="7"' in page.html


def test_changing_something_keeps_the_rest(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make)
    browser = sign_in(someone.person)
    page = asked(browser, make, make.offer(), quantity="3")

    page = browser.submit(page, "Change something")

    assert 'value="3"' in page.html
    assert 'value="2pm"' in page.html


def test_too_little_money_is_said_on_the_page(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make, to_spend=Money(20_00))
    browser = sign_in(someone.person)

    page = browser.submit(asked(browser, make, make.offer()), "Start it")

    assert "There is £20.00 left to spend, and this needs" in page.errors[0]
    assert "Nothing goes on week after week yet" in browser.get("orders.standing").text


def test_the_person_skips_pauses_and_ends(make: Make, sign_in: SignInAs) -> None:
    going = Going(
        make,
        funded=funded(make, to_spend=Money(500_00)),
        begins_on=SOON,
        at=NOW,
    ).accepted(NOW)
    going.roll(NOW)
    browser = sign_in(going.person)

    page = browser.get("orders.standing_order", standing_id=going.id)
    assert "Covered" in page.text
    page = browser.click(page, "Leave it out")
    browser.submit(page, "Leave it out")
    assert "That is left out" in browser.follow().text
    page = browser.click(browser.get("orders.standing_order", standing_id=going.id), "Pause it")
    browser.submit(page, "Pause it", from_on=typed(SOON), until_on=typed(SOON + timedelta(days=9)))
    assert "It goes on on" in browser.follow().text
    page = browser.click(browser.get("orders.standing_order", standing_id=going.id), "End it")
    page = browser.submit(page, "End it", last_on="1 1 2020")
    assert page.errors == ["That day has gone. Choose today or a day to come."]
    browser.submit(page, "End it", last_on=typed(SOON + timedelta(days=15)))
    assert "Comes to an end" in browser.follow().text


def test_a_change_is_asked_and_agreed(make: Make, sign_in: SignInAs) -> None:
    going = Going(
        make, funded=funded(make, to_spend=Money(500_00)), begins_on=SOON, at=NOW
    ).accepted(NOW)
    person, provider = sign_in(going.person), sign_in(going.provider)

    page = person.get("orders.standing_change", standing_id=going.id)
    person.submit(page, "Ask for the change", quantity="3", begins_on=typed(SOON + timedelta(7)))
    assert "You asked for a change" in person.follow().text
    page = provider.get("orders.work_standing_order", standing_id=going.id)
    provider.submit(page, "Accept the change")

    assert "You said yes to the change" in provider.follow().text
    assert "Gardening, 3 hours" in person.get("orders.standing_order", standing_id=going.id).text


def test_the_provider_names_who_comes_and_the_person_reads_it(
    make: Make, sign_in: SignInAs
) -> None:
    provider = make.provider()
    make.worker(provider=provider, name="Wren Ashby")
    going = Going(
        make,
        funded=funded(make, to_spend=Money(500_00)),
        provider=provider,
        begins_on=SOON,
        at=NOW,
    ).accepted(NOW)
    going.roll(NOW)
    browser = sign_in(provider)

    page = browser.get("orders.work_standing")
    assert "Standing orders to you" in page.text
    page = browser.get("orders.standing_worker", standing_id=going.id)
    browser.submit(page, "Tell them who comes", worker="Wren Ashby", from_on=typed(SOON))

    browser.follow()
    page = sign_in(going.person).get("orders.standing_order", standing_id=going.id)
    assert "Wren Ashby" in page.text


def test_a_stranger_and_another_provider_find_nothing(make: Make, sign_in: SignInAs) -> None:
    going = Going(make, funded=funded(make), begins_on=SOON, at=NOW)

    person = sign_in(make.person())
    assert person.get("orders.standing_order", standing_id=going.id).status == 404
    other = sign_in(make.provider())
    assert other.get("orders.work_standing_order", standing_id=going.id).status == 404


def test_a_supporter_who_may_only_suggest_suggests_it(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make, name="Ann Hill")
    helper = make.supporter(person=someone.person, scopes=[Scope.PROPOSE], at=NOW)
    browser = sign_in(helper)

    page = asked(browser, make, make.offer(), quantity="1")
    browser.submit(page, "Suggest it to Ann Hill")

    assert "Waiting for a yes" in browser.follow().text


def test_the_practitioner_sees_the_lines(make: Make, sign_in: SignInAs) -> None:
    someone = funded(make)
    going = Going(make, funded=someone, begins_on=SOON, at=NOW)

    page = sign_in(someone.practitioner).get("orders.standing_of_person", person_id=going.funded.id)

    assert "Gardening, 2 hours" in page.text
    assert "Sent to the provider" in page.text


def test_a_pool_can_pay_and_is_asked_first(make: Make, sign_in: SignInAs) -> None:
    pooled = make.pool(put_in=[Money(60_00), Money(60_00)], asks_from=Money(100_00), at=NOW)
    browser = sign_in(pooled.members[0].person)
    offer = make.offer(title="Gardening")

    page = asked(browser, make, offer, weekdays=["0"], pool_id=str(pooled.pool_id))

    assert "The pool The garden pays." in page.text
    assert "Ask Sam. For this, four weeks count as one order." in page.text
    browser.submit(page, "Start it")
    assert "We have asked the other members." in browser.follow().text


def test_a_pool_that_was_left_meanwhile_is_said(make: Make, sign_in: SignInAs) -> None:
    pooled = make.pool(at=NOW)
    maya = pooled.members[0].person
    browser = sign_in(maya)
    check = asked(browser, make, make.offer(), pool_id=str(pooled.pool_id), weekdays=["0"])
    with make.block() as session:
        leave_pool(session, pool_id=pooled.pool_id, by=maya, at=NOW)

    page = browser.submit(check, "Start it")

    assert page.errors == ["You are not in this pool any more. Choose who pays."]


def test_a_yes_without_money_is_kept_and_tried_again(make: Make, sign_in: SignInAs) -> None:
    pooled = make.pool(put_in=[Money(10_00), Money(10_00)], asks_from=Money(100_00), at=NOW)
    maya, sam = pooled.members
    begins = {"begins_on": SOON, "weekly": TUESDAYS, "at": NOW}
    one = Going(make, funded=maya, pool_id=pooled.pool_id, **begins)  # type: ignore[arg-type]
    browser = sign_in(sam.person)

    browser.submit(browser.get("orders.standing_order", standing_id=one.id), "Say yes")

    page = browser.follow()
    assert "Everybody said yes, but it is not ordered yet." in page.text
    make.into_pool(pooled.pool_id, sam, Money(50_00), at=NOW)
    browser.submit(page, "Try again")
    assert "Sent to the provider" in browser.follow().text
