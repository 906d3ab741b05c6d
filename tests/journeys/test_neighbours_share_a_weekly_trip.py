"""Neighbours pay a weekly trip together: asked first, told early, and one no to its new price."""

from datetime import timedelta
from uuid import UUID

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders.tasks import look_after_standing_orders
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import choice, day, not_said, said, send


def test_neighbours_share_a_weekly_trip(make: Make, sign_in: SignInAs) -> None:
    now = clock.now()
    pooled = make.pool(put_in=[Money(90_00), Money(45_00)], asks_from=Money(100_00), at=now)
    store = make.provider(name="Green Hands")
    offer_id = make.offer(provider=store, title="A trip to the market", price=Money(15_00))
    maya, sam = (member.person for member in pooled.members)
    at_mayas, at_sams, at_work = sign_in(maya), sign_in(sam), sign_in(store)

    # Maya asks for two hours every week; four weeks cost £120.00, so Sam has to say yes.
    form = at_mayas.get("orders.standing_new", offer_id=offer_id)
    begins = clock.local_day(now) + timedelta(days=3)
    check = at_mayas.submit(
        form,
        "See what that means",
        quantity="2",
        weekdays=[str(begins.weekday())],
        at_time="2pm",
        begins_on=day(3),
        pool_id=choice(form, "pool_id", "The garden"),
        outcome_id=choice(form, "outcome_id", ""),
        note="My knee is bad.",
    )
    said(check, "The pool The garden pays.", "It needs a yes first", "Ask Sam.")
    mine = send(at_mayas, check, "Start it")
    said(mine, "We have asked the other members.", "Waiting for a yes", "can say yes: Sam.")

    # Sam reads what it is, and none of what is Maya's own.
    theirs = at_sams.click(at_sams.get("orders.standing"), "A trip to the market")
    said(theirs, "Maya asks for it.", "Four weeks cost £120.00.")
    not_said(theirs, "My knee is bad.", "Look at the first week", "End it")
    agreed = send(at_sams, theirs, "Say yes")
    said(agreed, "You said yes.", "Sent to the provider")

    # The provider is told nothing of a pool; week by week each share pays its part.
    at_provider = at_work.get(mine.url.replace("/standing/", "/work/standing/"))
    not_said(at_provider, "The garden", "Sam")
    first = at_work.click(at_provider, "Look at the first week")
    send(at_work, first, "Accept the order")
    _worker(at_mayas)
    ahead = at_sams.get(mine.url)
    said(ahead, "Set aside for it now: Maya £80.00, Sam £40.00.")
    said(ahead, "The money in the pool The garden lasts until")

    # A new price needs everybody's yes. Sam says no, and it ends after what is ordered.
    _dearer(store, offer_id)
    _worker(at_mayas, timedelta(days=1))
    risen = at_mayas.get(mine.url)
    said(risen, "Every member of the pool has to say yes. Still missing: Maya, Sam.")
    waits = send(at_mayas, risen, "Say yes to the new price")
    said(waits, "Still missing: Sam.")
    said(send(at_sams, at_sams.get(mine.url), "Say no"), "You said no.", "Comes to an end")
    said(at_mayas.get(mine.url), "Comes to an end", "The price went up.")


def _worker(browser: Browser, later: timedelta = timedelta()) -> None:
    with browser.client.application.app_context():
        look_after_standing_orders(clock.now() + later)


def _dearer(store: Actor, offer_id: UUID) -> None:
    wish = WriteOffer(
        offer_id=offer_id,
        title="A trip to the market",
        category="company",
        unit=Unit.HOUR,
        bands=PriceBands(Money(16_00)),
        summary="An hour of company.",
        notice_hours=24,
        late_cancel_percent=50,
    )
    with transaction() as session:
        catalogue.change_offer(session, wish, by=store, at=clock.now())
