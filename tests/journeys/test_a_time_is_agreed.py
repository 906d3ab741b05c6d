"""A person asks for a time and a worker; the provider suggests another time, and they agree."""

from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, put_in_basket, said, send


def test_a_time_is_agreed_and_a_visit_called_off_in_time(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(100_00))
    store = make.provider(name="Green Hands", title="Gardening together", price=Money(15_00))
    make.worker(provider=store, name="Wren Ashby")
    at_home, at_work = sign_in(funded.person), sign_in(store)

    basket = put_in_basket(
        at_home,
        "gardening",
        "Gardening together",
        on_day=day(9),
        at_time="10am",
        visits="2",
        worker_wish="Wren Ashby",
    )
    said(basket, "Wren Ashby", "This order: £30.00")
    order = at_home.click(send(at_home, basket, "Place the order"), "Look at order")
    theirs = at_work.get(order.url.replace("/orders/", "/work/orders/"))
    said(theirs, "Wren Ashby", "10am")

    form = at_work.click(theirs, "Suggest another time")
    asked = send(
        at_work,
        form,
        "Suggest",
        on_day=day(10),
        at_time="2.30pm",
        words="Wren is free the day after.",
    )
    said(asked, "They have not answered yet.")
    change = at_home.get(order.url)
    said(change, "Green Hands suggests another time", "2:30pm", "Wren is free the day after.")
    agreed = send(at_home, change, "Agree to the new time")
    said(agreed, "You agreed to the new time.", "2:30pm")

    calling_off = at_home.click(agreed, "Cancel this visit : visit 2")
    off = send(at_home, calling_off, "Cancel", reason="I am with my sister.")
    said(off, "It is cancelled, and the provider is told.")
    said(at_home.get("budgets.wallet"), "There is £85.00 to spend.", "£15.00 is set aside")
