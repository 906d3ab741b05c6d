"""A provider stops; a person moves their support to another; the old one ends for nothing."""

from datetime import timedelta

from marketplace.kernel.money import Money
from marketplace.orders import tasks
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, said, send
from tests.orders.standing import Going
from tests.orders.stopping import other_store
from tests.orders.today import NOW, STARTS_ON


def test_a_provider_stops(make: Make, sign_in: SignInAs) -> None:
    council_id = make.council(name="Ashdale Council")
    funded = make.funded_person(
        name="Morgan Reed",
        council_id=council_id,
        to_spend=Money(500_00),
        starts_on=STARTS_ON,
        at=NOW,
    )
    begins = STARTS_ON + timedelta(days=1)
    store = make.provider(name="Green Hands")
    one = Going(make, funded=funded, provider=store, begins_on=begins, at=NOW).accepted(NOW)
    one.roll(NOW)
    other, _ = other_store(make, council_id)
    at_home, at_work, officer = sign_in(funded.person), sign_in(store), sign_in(funded.practitioner)

    form = at_work.get("orders.stop_store")
    told = send(at_work, form, "Say that we stop", last_on=day(9), reason="I retire.")
    said(told, "Everybody whom it concerns was told.")

    todo = officer.click(officer.get("orders.stops"), "Green Hands")
    said(todo, "Morgan Reed", "Waiting", "Gardening")

    mine = at_home.click(at_home.get("orders.index"), "See what it means for you")
    said(mine, "Green Hands stops", "I retire.", "Blue Door", "£12.00 an hour")
    check = at_home.click(mine, "Move it to Blue Door")
    said(check, "every Tuesday at 2pm", "£96.00", "You pay no late fee.")
    new = send(at_home, check, "Move it to Blue Door")
    said(new, "It is moved.", "Blue Door")

    said(officer.get(todo.url), "Moved", "Blue Door")
    theirs = sign_in(other).get("orders.work")
    said(theirs, "Morgan Reed")
    tasks.look_after_stops(NOW + timedelta(days=10))
    said(officer.get("orders.stops"), "It is over.")
    said(at_home.get(f"/standing/{one.id}"), "Green Hands stops. I retire.")
