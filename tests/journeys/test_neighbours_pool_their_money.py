"""Neighbours put money together, order with it, and one leaves before the work is done."""

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import half_of_it, not_said, put_in_basket, said, send


def make_pool(maker: Browser, joiner: Browser, *, email: str) -> Page:
    """Make a pool from £30.00 on asking another, and let somebody read what it means and join."""
    made = send(
        maker,
        maker.get("budgets.make_pool"),
        "Make the pool and say yes",
        name="The garden",
        purpose="A gardener we share",
        asks_from="30",
    )
    invited = send(maker, maker.click(made, "Ask somebody to join"), "Ask them", email=email)
    said(invited, f"We have written to {email}.")
    listed = joiner.get("budgets.pools")
    consent = joiner.click(listed, "Read what it means")
    said(consent, "I can leave at any time.", "Saying yes moves no money.")
    return send(joiner, consent, "Yes, join")


def put_in(browser: Browser, pool: Page, amount: str) -> Page:
    """Put some of one's own money into a pool."""
    form = browser.click(browser.get(pool.url), "Put money in")
    return send(browser, form, "Put it in", amount=amount)


def test_neighbours_pool_their_money(make: Make, sign_in: SignInAs) -> None:
    now = clock.now()
    today = clock.local_day(now)
    council_id = make.council(name="Ashdale Council")
    maya, sam = (
        make.funded_person(
            name=name, council_id=council_id, to_spend=Money(100_00), starts_on=today, at=now
        )
        for name in ("Maya Singh", "Sam Hill")
    )
    store = make.provider(name="Green Hands", title="Gardening together", price=Money(15_00))
    at_mayas, at_sams, at_work = sign_in(maya.person), sign_in(sam.person), sign_in(store)

    # Each says yes, and puts in what they choose: Maya £60.00, Sam £30.00.
    joined = make_pool(at_mayas, at_sams, email=make.email_of(sam.person))
    put_in(at_mayas, joined, "60")
    pool = put_in(at_sams, joined, "30")
    said(pool, "The garden", "£60.00", "£30.00", "Adult social care")
    has(at_mayas, to_spend="£40.00")
    has(at_sams, to_spend="£70.00")

    # An order of £45.00 waits for the other's yes.
    basket = put_in_basket(at_mayas, "gardening", "Gardening together", quantity="3")
    chosen = send(at_mayas, basket, "Pay with the pool The garden")
    said(chosen, "The pool The garden pays.", "This cannot be ordered yet")
    send(at_mayas, chosen, "Ask the other members")
    asked = at_sams.get(pool.url)
    said(asked, "wants to order from Green Hands for £45.00. That needs a yes.")
    send(at_sams, asked, "Yes")
    placed = send(at_mayas, at_mayas.get("orders.basket"), "Place the order")
    order = at_mayas.click(placed, "Look at order")
    said(order, "Green Hands, £45.00", "The pool The garden pays for it.")
    shown = at_sams.get(pool.url)
    said(shown, "£45.00 is set aside, £0.00 is paid.", "£30.00", "£15.00")
    has(at_mayas, to_spend="£40.00")

    # Sam leaves. What is free of his share goes home; £15.00 stays until the work is done.
    theirs = at_work.get(order.url.replace("/orders/", "/work/orders/"))
    not_said(theirs, "The garden", "Sam")
    accepted = send(at_work, theirs, "Accept the order")
    leaving = at_sams.click(shown, "Leave the pool")
    said(
        leaving, "£15.00 goes back to Adult social care at once.", "£15.00 is set aside for orders"
    )
    left = send(at_sams, leaving, "Leave the pool")
    said(left, "You have left The garden. £15.00 is back where it came from.")
    has(at_sams, to_spend="£85.00")
    said(at_mayas.get(order.url), "The pool The garden pays for it.")

    half_happens(at_mayas, at_sams, at_work, order, pool, accepted)


def half_happens(
    at_mayas: Browser, at_sams: Browser, at_work: Browser, order: Page, pool: Page, accepted: Page
) -> None:
    """Let half of the order happen, and hold what is paid and what flows home to be right."""
    # Half of it happens: £22.50 is paid in the shares, and the rest flows home.
    note = at_work.click(accepted, "Say what happened : visit 1")
    half_of_it(at_work, note, words="Rain at noon.")
    page = at_mayas.get(order.url)
    said(page, "Rain at noon.", "To pay: £22.50 of £45.00.")
    said(send(at_mayas, page, "Yes, it came"), "the provider will be paid")

    has(at_mayas, to_spend="£40.00")
    has(at_sams, to_spend="£92.50")  # £85.00, and the £7.50 of his £15.00 that was not paid
    mayas = at_mayas.get(pool.url)
    said(mayas, "£0.00 is set aside, £22.50 is paid.", "£45.00")
    said(at_sams.get(pool.url), "You have left this pool.", "£7.50")
    not_said(at_sams.get(pool.url), "£45.00")
    said(at_sams.get("budgets.statement"), "£92.50")
    said(at_work.get("payments.earnings"), "£22.50 is coming")


def has(browser: Browser, *, to_spend: str) -> None:
    """Hold a wallet to having so much beside what is in pools."""
    said(browser.get("budgets.wallet"), f"There is {to_spend} to spend.")
