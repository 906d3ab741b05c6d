"""A person asks for help every week; it is ordered week by week, changed, gets dearer, and ends."""

from datetime import timedelta
from uuid import UUID

import time_machine

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders.tasks import look_after_standing_orders
from tests.browser import Browser, Page
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.journeys.ways import choice, day, said, send


# A Monday early in a month: by weekday four weeks ahead are four visits or five, and the page says
# who comes in this month.
@time_machine.travel(NOON - timedelta(days=2))
def test_support_comes_every_week(make: Make, sign_in: SignInAs) -> None:
    now = clock.now()
    funded = make.funded_person(
        name="Morgan Reed", to_spend=Money(1000_00), starts_on=clock.local_day(now), at=now
    )
    store = make.provider(name="Green Hands")
    offer_id = make.offer(provider=store, title="Gardening together", price=Money(15_00))
    make.worker(provider=store, name="Wren Ashby")
    at_home, at_work = sign_in(funded.person), sign_in(store)

    mine = _started(at_home, offer_id)
    theirs = at_work.get(mine.url.replace("/standing/", "/work/standing/"))
    _taken_on(at_home, at_work, mine, theirs)
    _left_out_and_not(at_home, mine)
    _dearer(at_home, mine, store, offer_id)

    # The provider says who comes, and at last the person ends it.
    worker = at_work.click(at_work.get(theirs.url), "Say who comes")
    send(at_work, worker, "Tell them who comes", worker="Wren Ashby", from_on=day(3))
    ending = at_home.click(at_home.get(mine.url), "End it")
    ended = send(at_home, ending, "End it", last_on=day(12), reason="I move house.")
    said(ended, "Comes to an end", "I move house.")
    said(at_work.get(theirs.url), "Morgan Reed ended it.")


def _started(at_home: Browser, offer_id: UUID) -> Page:
    """They ask for two hours every week, and see what that means before they start it."""
    form = at_home.get("orders.standing_new", offer_id=offer_id)
    begins = clock.local_day(clock.now()) + timedelta(days=3)
    check = at_home.submit(
        form,
        "See what that means",
        quantity="2",
        weekdays=[str(begins.weekday())],
        at_time="2pm",
        begins_on=day(3),
        worker_wish="Wren Ashby",
        outcome_id=choice(form, "outcome_id", "I see my friends."),
    )
    said(check, "Four weeks cost £120.00")
    mine = send(at_home, check, "Start it")
    said(mine, "Sent to the provider", "Wren Ashby")
    return mine


def _taken_on(at_home: Browser, at_work: Browser, mine: Page, theirs: Page) -> None:
    """The provider takes it on with the first week; the worker orders the others."""
    first = at_work.click(theirs, "Look at the first week")
    send(at_work, first, "Accept the order")
    with at_home.client.application.app_context():
        look_after_standing_orders(clock.now())
    mine = at_home.get(mine.url)
    said(mine, "Goes on", "Covered", "Different workers this month")
    said(at_home.get("budgets.wallet"), "£120.00 is set aside")


def _left_out_and_not(at_home: Browser, mine: Page) -> None:
    """One week is left out, and happens after all."""
    mine = at_home.get(mine.url)
    out = at_home.click(mine, "Leave it out")
    out = send(at_home, out, "Leave it out", reason="I am with my sister.")
    said(out, "That is left out.", "I am with my sister.")
    said(at_home.get("budgets.wallet"), "£90.00 is set aside")
    send(at_home, at_home.get(mine.url), "Let it happen after all")


def _dearer(at_home: Browser, mine: Page, store: Actor, offer_id: UUID) -> None:
    """The price goes up; nothing is ordered at it before they say yes."""
    with transaction() as session:
        wish = WriteOffer(
            offer_id=offer_id,
            title="Gardening together",
            category="company",
            unit=Unit.HOUR,
            bands=PriceBands(Money(16_00)),
            summary="An hour of company.",
        )
        catalogue.change_offer(session, wish, by=store, at=clock.now())
    with at_home.client.application.app_context():
        look_after_standing_orders(clock.now() + timedelta(days=1))
    mine = at_home.get(mine.url)
    said(mine, "The price goes up: please say yes or no", "£2.00 more each week")
    agreed = send(at_home, mine, "Say yes to the new price")
    said(agreed, "You said yes to the new price.")
    with at_home.client.application.app_context():
        look_after_standing_orders(clock.now() + timedelta(days=1))
