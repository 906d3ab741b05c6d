"""A person fills one basket at two providers, is told what may be bought, and orders."""

from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import choice, day, put_in_basket, said, send


def test_a_person_buys_from_two_providers(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(
        to_spend=Money(100_00),
        limits=[make.limit(Money(80_00), reason="We agreed to start small.")],
        outcomes=["I see my friends.", "I keep my garden."],
    )
    make.provider(name="Green Hands", title="Gardening together", price=Money(20_00))
    make.provider(name="Night Owls", title="Cinema with company", price=Money(15_00))
    browser = sign_in(funded.person)

    asked = browser.click(browser.get("/find?q=gardening"), "Gardening together")
    form = browser.click(asked, "Choose when and how much")
    basket = send(
        browser,
        form,
        "Put it in the basket",
        quantity="2",
        on_day=day(8),
        at_time="10am",
        outcome_id=choice(form, "outcome_id", "I keep my garden."),
    )
    said(basket, "Gardening together is in your basket.", "Green Hands", "This order: £40.00")
    said(basket, "May I buy this? Yes.", "£40.00 comes from", "there is £60.00 left to spend")

    form = browser.click(
        browser.click(browser.get("/find?q=cinema"), "Cinema with company"),
        "Choose when and how much",
    )
    friends = choice(form, "outcome_id", "I see my friends.")
    basket = send(browser, form, "Put it in the basket", quantity="3", outcome_id=friends)
    said(basket, "All together: £85.00", "I keep my garden.", "I see my friends.")

    placed = send(browser, basket, "Place the orders")
    said(placed, "Green Hands: placed", "£40.00 is set aside", "Night Owls: placed", "£45.00 is")
    wallet = browser.get("budgets.wallet")
    said(wallet, "There is £15.00 to spend.", "£85.00 is set aside")
    orders = browser.get("orders.index")
    said(orders, "Green Hands", "Night Owls")
    said(browser.get("orders.basket"), "Nothing here yet")


def test_too_much_is_refused_with_its_rule_and_the_basket_keeps(
    make: Make, sign_in: SignInAs
) -> None:
    funded = make.funded_person(
        to_spend=Money(100_00),
        limits=[make.limit(Money(80_00), reason="We agreed to start small.")],
    )
    make.provider(name="Green Hands", title="Gardening together", price=Money(20_00))
    make.provider(name="Night Owls", title="Cinema with company", price=Money(30_00))
    browser = sign_in(funded.person)

    basket = put_in_basket(browser, "gardening", "Gardening together", quantity="5")
    said(basket, "This costs £100.00.", "Your limit of £80.00 for one order")
    said(basket, "was set by Priya Nair (Ashdale Council) because: We agreed to start small.")
    said(basket, "You can ask them to let it through once, or to change it.")

    changed = send(
        browser, browser.click(basket, "Change : Gardening together"), "Save", quantity="4"
    )
    basket = put_in_basket(browser, "cinema", "Cinema with company")
    said(changed, "This order: £80.00")
    said(basket, "There is £20.00 left to spend, and this needs £30.00.", "Your next £100.00")
    result = send(browser, basket, "Place the order")
    said(result, "Green Hands: placed")
    kept = browser.get("orders.basket")
    said(kept, "Cinema with company", "There is £20.00 left to spend, and this needs £30.00.")
    said(browser.get("budgets.wallet"), "There is £20.00 to spend.", "£80.00 is set aside")
