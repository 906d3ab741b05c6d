"""The look for broken promises finds what is broken: without this, silence would mean nothing."""

from uuid import uuid4

from flask import Flask
from sqlalchemy import text

from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.orders import commands
from tests.crash.promises import faults
from tests.crash.shopping import Promise, Step
from tests.factories import Make
from tests.factories.orders import Deal


def placed(make: Make, note: str) -> Deal:
    """Place an order on which something is written that stands on no other."""
    deal = make.placed()
    with transaction() as session:
        session.execute(text("UPDATE order_lines SET note = :note WHERE note = ''"), {"note": note})
    return deal


def test_kept_promises_are_no_faults(app: Flask, make: Make) -> None:
    deal = placed(make, "mine")

    assert faults(app, {deal.order_id: Promise("mine", Step.PLACED)}) == []


def test_a_lost_order_is_noticed(app: Flask) -> None:
    found = faults(app, {uuid4(): Promise("mine", Step.PLACED)})

    assert found == ["mine was acknowledged and is lost.", "mine is there 0 times."]


def test_a_lost_step_is_noticed(app: Flask, make: Make) -> None:
    deal = placed(make, "mine")

    found = faults(app, {deal.order_id: Promise("mine", Step.ACCEPTED)})

    assert found == ["mine was ACCEPTED, and is only PLACED."]


def test_an_order_placed_twice_is_noticed(app: Flask, make: Make) -> None:
    first = placed(make, "mine")
    placed(make, "mine")

    found = faults(app, {first.order_id: Promise("mine", Step.PLACED)})

    assert found == ["mine was ordered 2 times.", "mine is there 2 times."]


def test_an_orphaned_hold_is_noticed(app: Flask, make: Make) -> None:
    deal = placed(make, "mine")
    with transaction() as session:
        session.execute(text("UPDATE orders SET state = 'declined'"))

    found = faults(app, {deal.order_id: Promise("mine", Step.PLACED)})

    assert f"Order {deal.order_id} is declined and holds £30.00." in found


def test_a_declined_order_holds_nothing(app: Flask, make: Make) -> None:
    deal = placed(make, "mine")
    with transaction() as session:
        commands.decline_order(
            session, order_id=deal.order_id, reason="Away.", by=deal.provider, at=clock.now()
        )

    assert faults(app, {}) == []
