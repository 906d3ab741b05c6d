"""A visit was too short; the two do not agree; the council decides, and the rest comes back."""

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import said, send


def test_a_visit_is_put_right(make: Make, sign_in: SignInAs) -> None:
    council_id = make.council(name="Ashdale Council")
    funded = make.funded_person(name="Morgan Reed", council_id=council_id, to_spend=Money(100_00))
    store = make.provider(name="Green Hands")
    deal = make.accepted(make.placed(funded=funded, provider=store))
    make.noted(deal, at=clock.now())
    at_home, at_work = sign_in(funded.person), sign_in(store)
    officer = sign_in(funded.practitioner)

    form = at_home.click(at_home.get("orders.show", order_id=deal.order_id), "Something is wrong")
    asked = send(
        at_home,
        form,
        "Tell Green Hands",
        kind="not_all_came",
        words="They came for one hour of two.",
        remedy="part_due",
        amount="15",
    )
    said(asked, "£30.00 stays set aside until this is settled", "Waiting for the provider")
    said(at_home.get("budgets.wallet"), "£30.00 is set aside")

    work = at_work.get("orders.work")
    said(work, "Something is wrong", "Morgan Reed: not all of it came")
    theirs = at_work.click(work, "Gardening")
    answer = at_work.click(theirs, "Answer")
    said(answer, "They came for one hour of two.", "£15.00 of £30.00")
    offered = send(
        at_work, answer, "Send my answer", answer="offer", minutes="100", words="It was longer."
    )
    said(offered, "made an offer", "£25.00")

    page = at_home.get(asked.url)
    said(page, "£25.00 is paid, of £30.00", "Say yes to £25.00")
    council = send(at_home, at_home.click(page, "Ask the council to decide"), "Ask the council")
    said(council, "Ashdale Council decides.")

    todo = officer.get("orders.mediation")
    case = officer.click(todo, "Gardening")
    said(case, "Planned and delivered", "It happened as planned", "It was longer.")
    decided = send(
        officer,
        officer.click(case, "Decide"),
        "Decide",
        outcome="part",
        amount="20",
        words="The register shows 80 minutes.",
    )
    said(decided, "£20.00 is paid. £10.00 went back to the money it came from.", "Priya Nair")

    end = at_home.get(asked.url)
    said(end, "The register shows 80 minutes.", "Settled", "A part is paid")
    order = at_home.get("orders.show", order_id=deal.order_id)
    invoice = at_home.click(order, "Invoice 1")
    said(invoice, "£20.00", "A part of the price, as it was settled")
    said(at_home.get("budgets.wallet"), "There is £80.00 to spend.")
    said(at_work.get("payments.earnings"), "£20.00 is coming")
