"""Somebody opens a store in four pages, takes one order and declines another, and delivers."""

from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import put_in_basket, said, send


def test_a_provider_joins_in_four_short_pages(make: Make, sign_in: SignInAs) -> None:
    make.category("garden", name="Garden and home")
    browser = sign_in(make.person(name="Wren Ashby"))
    buyer = sign_in(make.funded_person(to_spend=Money(100_00)).person)

    page = browser.get("catalogue.join")
    page = browser.submit(page, "Continue", name="Green Hands", kind="one_person", about="We dig.")
    page = browser.submit(page, "Continue", postcode="ZZ99 9ZZ", reach_miles="5")
    assert page.errors != []
    assert 'value="ZZ99 9ZZ"' in page.html
    page = browser.submit(page, "Continue", postcode="LS6 2AB", reach_miles="5")
    page = browser.submit(
        page, "Continue", title="Gardening together", category="garden", unit="hour", price="20"
    )
    said(page, "Check your answers", "Green Hands", "LS6 2AB", "£20.00 an hour")
    store = send(browser, page, "Open my store")
    said(store, "My store", "Green Hands", "Gardening together", "Bank details are missing")

    said(buyer.get("/find?q=gardening"), "Gardening together", "Green Hands", "£20.00 an hour")
    basket = put_in_basket(buyer, "gardening", "Gardening together", quantity="2")
    said(send(buyer, basket, "Place the order"), "Green Hands: placed")
    said(browser.get("orders.work"), "Gardening together", "£40.00")


def test_a_provider_accepts_one_order_and_declines_the_other(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(200_00))
    store = make.provider(name="Green Hands", title="Gardening together", price=Money(15_00))
    at_home, at_work = sign_in(funded.person), sign_in(store)

    basket = put_in_basket(at_home, "gardening", "Gardening together", quantity="2", visits="2")
    first = at_home.click(send(at_home, basket, "Place the order"), "Look at order")
    basket = put_in_basket(at_home, "gardening", "Gardening together", quantity="4")
    second = at_home.click(send(at_home, basket, "Place the order"), "Look at order")
    said(at_home.get("budgets.wallet"), "There is £80.00 to spend.", "£120.00 is set aside")

    inbox = at_work.get("orders.work")
    said(inbox, "Morgan Reed", "£60.00")
    order = at_work.get(first.url.replace("/orders/", "/work/orders/"))
    accepted = send(at_work, order, "Accept the order")
    said(accepted, "You said yes. The person is told.")
    other = at_work.get(second.url.replace("/orders/", "/work/orders/"))
    form = at_work.click(other, "Say no to the order")
    refused = at_work.submit(form, "Say no to the order")
    assert "Say why, so that they can look elsewhere." in refused.errors
    declined = send(at_work, refused, "Say no to the order", words="I am away that week.")
    said(declined, "You said no. The person is told, and has their money back.")

    said(at_home.get(second.url), "The provider said no", "I am away that week.")
    said(at_home.get("budgets.wallet"), "There is £140.00 to spend.", "£60.00 is set aside")

    note = at_work.click(accepted, "Say what happened : visit 1")
    noted = send(at_work, note, "Send this", outcome="full", words="We planted bulbs.")
    said(noted, "It is noted. The person can see it.")
    missed = send(
        at_work,
        at_work.click(noted, "Say what happened : visit 2"),
        "Send this",
        outcome="missed",
        words="The van broke down.",
    )
    said(missed, "It is noted.", "The van broke down.")

    said(at_home.get("budgets.wallet"), "There is £170.00 to spend.", "£30.00 is set aside")
    page = at_home.get(first.url)
    said(page, "Did it happen?", "We planted bulbs.", "The van broke down.", "To pay: £30.00")
    confirmed = send(at_home, page, "Yes, it came")
    said(confirmed, "It is confirmed, and the provider will be paid.", "Invoice 1")
    said(at_home.get("budgets.wallet"), "£0.00 is set aside", "£30.00 was paid for support")

    invoice = at_home.click(confirmed, "Invoice 1")
    said(invoice, "Green Hands", "Morgan Reed", "Total £30.00", "To be paid by")
    paper = at_home.get(at_home.page.url + ".pdf" if at_home.page else "")
    assert paper.response.mimetype == "application/pdf"
    assert paper.response.data.startswith(b"%PDF-")
    said(at_work.get("payments.earnings"), "£30.00 is coming", "Invoice 1", "Not yet")
