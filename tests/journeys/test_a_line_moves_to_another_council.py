"""Somebody moves house: their line goes to the new council, with its money and its providers."""

import pytest

from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import choice, half_of_it, not_said, put_in_basket, said, send


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return Morgan Reed, with £100.00 of Ashdale's and a limit for all time."""
    limit = make.limit(Money(90_00), window=LimitWindow.EVER, reason="So that it lasts.")
    council_id = make.council(name="Ashdale Council")
    return make.funded_person(
        name="Morgan Reed", council_id=council_id, to_spend=Money(100_00), limits=[limit]
    )


def test_a_line_moves_to_another_council(make: Make, sign_in: SignInAs, funded: Funded) -> None:
    council_id = make.council(name="Brackenshire Council")
    owen = make.practitioner(council_id=council_id, name="Owen Reed")
    store = make.provider(name="Green Hands", title="Gardening together", price=Money(15_00))
    at_home, at_work = sign_in(funded.person), sign_in(store)
    old, new, third = sign_in(funded.practitioner), sign_in(owen), sign_in(make.practitioner())

    basket = put_in_basket(at_home, "gardening", "Gardening together", quantity="2")
    order = at_home.click(send(at_home, basket, "Place the order"), "Look at order")
    accepted = send(
        at_work, at_work.get(order.url.replace("/orders/", "/work/orders/")), "Accept the order"
    )

    # Ashdale offers the line; nothing moves before Brackenshire takes it.
    line = old.get("budgets.line_of_person", person_id=funded.id, line_id=funded.line_id)
    form = old.click(line, "Hand it over to another council")
    refused = old.submit(form, "Change it", reason="")
    assert refused.errors != []
    offered = send(
        old,
        refused,
        "Change it",
        to_council_id=choice(refused, "to_council_id", "Brackenshire Council"),
        reason="Morgan moves house.",
    )
    said(offered, "This line is offered to another council, which has not answered yet.")
    assert old.get("budgets.person", person_id=funded.id).status == 200
    assert new.get("budgets.person", person_id=funded.id).status == 404
    said(at_home.get("budgets.wallet"), "There is £70.00 to spend.", "£30.00 is set aside")

    waiting = new.get("budgets.handovers")
    said(waiting, "Morgan Reed: Adult social care", "Morgan moves house.", "Not answered yet")
    offer = new.click(waiting, "Say yes or no")
    said(offer, "Free now £70.00", "Set aside for orders £30.00", "For a year £1,300.00")
    assert third.get(offer.url).status == 404
    assert old.get(offer.url).status == 404
    taken = send(new, offer, "Yes, go on with it", yearly="1,690", cost_code="B-77")
    said(taken, "The line is yours to look after now.", "£70.00", "£1,690.00", "B-77")

    # Morgan has the same money, plan, limit and history, from another council.
    wallet = at_home.get("budgets.wallet")
    said(wallet, "There is £70.00 to spend.", "£30.00 is set aside", "£130.00 on")
    said(wallet, "I see my friends.", "£90.00", "So that it lasts.", "£60.00 left")
    shown = at_home.click(wallet, "Adult social care")
    said(shown, "Brackenshire Council", "£70.00")
    said(at_home.get("budgets.statement"), "Left to spend", "£70.00")
    earlier = at_home.click(wallet, "earlier money")
    said(earlier, "Ashdale Council", "£30.00", "Another council goes on with it")
    not_said(earlier, "Set a limit on this money")
    gone = old.get("budgets.line_of_person", person_id=funded.id, line_id=funded.line_id)
    said(gone, "This line is closed.")
    not_said(gone, "Ask for some of it back", "Hand it over to another council")

    goes_on(at_home, at_work, order, accepted)


def goes_on(at_home: Browser, at_work: Browser, order: Page, accepted: Page) -> None:
    """Hold the provider and the limit to going on as if nothing had happened."""
    # Green Hands goes on: the order under way is delivered, paid, and a new one is placed.
    note = at_work.click(accepted, "Say what happened : visit 1")
    half_of_it(at_work, note, words="Rain.")
    page = at_home.get(order.url)
    said(send(at_home, page, "Yes, it came"), "the provider will be paid")
    said(at_home.get("budgets.wallet"), "There is £85.00 to spend.", "£0.00 is set aside")
    again = put_in_basket(at_home, "gardening", "Gardening together", quantity="4")
    said(send(at_home, again, "Place the order"), "Look at order")
    said(at_home.get("budgets.wallet"), "There is £25.00 to spend.", "£60.00 is set aside")
    said(at_home.get("orders.index"), "Green Hands")

    # The limit counted what was spent before: of £90.00 there is £15.00 left.
    over = put_in_basket(at_home, "gardening", "Gardening together", quantity="2")
    said(over, "This cannot be ordered yet", "£15.00")


def test_a_council_says_no_and_the_line_stays(
    make: Make, sign_in: SignInAs, funded: Funded
) -> None:
    council_id = make.council(name="Brackenshire Council")
    old, new = sign_in(funded.practitioner), sign_in(make.practitioner(council_id=council_id))
    form = old.get("budgets.offer_line", person_id=funded.id, line_id=funded.line_id)
    chosen = choice(form, "to_council_id", "Brackenshire Council")
    send(old, form, "Change it", to_council_id=chosen, reason="Morgan moves house.")
    offer = new.click(new.get("budgets.handovers"), "Say yes or no")

    silent = new.submit(offer, "No", words="")
    assert silent.errors == ["Say why not. The other council reads it."]
    said(send(new, silent, "No", words="The house is in Ashdale."), "You have said no.")

    said(old.get("budgets.handovers"), "No. The house is in Ashdale.")
    said(sign_in(funded.person).get("budgets.wallet"), "There is £100.00 to spend.")
    again = new.post(offer.url, {"yearly": "1,300", "cost_code": ""})
    assert again.status in {404, 409}
