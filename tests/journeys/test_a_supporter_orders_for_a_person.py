"""A person invites supporters; one orders, one only suggests, and every page names both."""

from marketplace.access.rules import Scope
from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, put_in_basket, said, send


def test_a_supporter_orders_for_a_person(make: Make, sign_in: SignInAs) -> None:
    person = make.funded_person(name="Morgan Reed", to_spend=Money(200_00)).person
    helper = make.person(name="Sam Hill", email="sam@mail.example")
    make.provider(name="Green Hands", title="Gardening together", price=Money(20_00))
    at_home, at_sams = sign_in(person), sign_in(helper)

    invited = send(
        at_home,
        at_home.click(at_home.get("access.circle"), "Invite somebody"),
        "Send the invitation",
        email="sam@mail.example",
        basis="helper",
        scopes=["see", "pay"],
        ceiling="50",
        last_on=day(30),
    )
    said(invited, "We have written to sam@mail.example.", "At most £50.00 with one order.")
    asked = at_sams.get("access.invitations")
    said(asked, "Morgan Reed asks you to be in their circle", "place orders")
    hats = send(at_sams, asked, "Yes, I will")
    said(hats, "Supporting Morgan Reed", "At most £50.00 with one order.")
    wallet = send(at_sams, hats, "Act as this : Supporting Morgan Reed")
    said(wallet, "Morgan Reed’s money", "There is £200.00 to spend.")

    basket = put_in_basket(at_sams, "gardening", "Gardening together", quantity="2")
    said(basket, "Basket for Morgan Reed", "May Morgan Reed buy this? Yes.")
    placed = send(at_sams, basket, "Place the order")
    order = at_sams.click(placed, "Look at order")
    said(order, "Placed by Sam Hill for Morgan Reed")
    said(at_home.get(order.url), "Placed by Sam Hill for Morgan Reed")
    said(at_home.get("access.deeds"), "Sam Hill placed an order for you")

    above = put_in_basket(at_sams, "gardening", "Gardening together", quantity="3")
    said(above, "Morgan Reed lets you spend up to £50.00 with one order.")
    suggested = send(at_sams, above, "Suggest to Morgan Reed what needs a yes")
    said(suggested, "Morgan Reed says yes or no to it. No money is set aside yet.")

    ended = send(at_home, at_home.get("access.circle"), "End this : Sam Hill")
    said(ended, "They can no longer act.")
    assert at_sams.get(order.url).status == 404
    said(at_sams.get("budgets.wallet"), "No money is here yet")


def test_what_a_supporter_suggests_waits_for_the_persons_yes(make: Make, sign_in: SignInAs) -> None:
    person = make.funded_person(name="Morgan Reed", to_spend=Money(200_00)).person
    helper = make.supporter(person=person, name="Ali Khan", scopes=[Scope.SEE, Scope.PROPOSE])
    make.provider(name="Green Hands", title="Gardening together", price=Money(20_00))
    at_home, at_alis = sign_in(person), sign_in(helper)

    basket = put_in_basket(at_alis, "gardening", "Gardening together", quantity="2")
    suggested = send(at_alis, basket, "Suggest this to Morgan Reed")
    said(suggested, "Green Hands: suggested", "You suggested an order for £40.00.")
    assert suggested.heading == "Your suggestion waits for a yes"
    own = at_alis.click(suggested, "Look at order")
    said(own, "Suggested by Ali Khan for Morgan Reed", "Take the suggestion back")
    assert "Say yes" not in own.text
    said(at_home.get("budgets.wallet"), "There is £200.00 to spend.")

    order = at_home.get(own.url)
    agreed = send(at_home, order, "Say yes and place the order")
    said(agreed, "You said yes.", "Morgan Reed said yes to it.", "Ali Khan for Morgan Reed")
    said(at_home.get("budgets.wallet"), "There is £160.00 to spend.", "£40.00 is set aside")


def test_a_supporter_without_a_scope_is_told_so(make: Make, sign_in: SignInAs) -> None:
    person = make.funded_person(name="Morgan Reed").person
    make.provider(name="Green Hands", title="Gardening together")
    looking = sign_in(make.supporter(person=person, scopes=[Scope.SEE]))

    offer = looking.click(looking.get("/find?q=gardening"), "Gardening together")
    assert "Choose when and how much" not in offer.text
    basket = looking.get("orders.basket")
    assert basket.status == 403
    said(basket, "Morgan Reed has not given you permission to do this for them.")
