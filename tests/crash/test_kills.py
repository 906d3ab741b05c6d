"""Killed in the middle of anything, the market keeps every promise it made.

Four people order without pause from two providers, who accept, deliver and are confirmed, all
over HTTP. At random moments every process of the website dies at once (on PostgreSQL the database
dies with it). Then the books are checked, everything that was ever acknowledged is looked for, and
the website comes back. Whoever got no answer sends the same form again: still one order.
"""

import random
import time
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from flask import Flask

from marketplace.kernel.money import Money
from tests.crash.conftest import Market
from tests.crash.promises import faults
from tests.crash.shopping import Promise, Shopper, Step
from tests.factories import Make

SECONDS_TO_DO_SOMETHING = 60
LONGEST_MOMENT = 1.5
A_LOT = Money(9_000_00)


@pytest.fixture
def shoppers(make: Make, market: Market) -> list[Shopper]:
    """Return four people; each two order from the same provider."""
    providers = [make.provider() for _ in range(2)]
    found = []
    for number in range(4):
        provider = providers[number % 2]
        offer_id = make.offer(provider=provider, price=Money(1_00))
        found.append(
            Shopper(
                f"shopper {number}",
                person=market.visitor(make.funded_person(to_spend=A_LOT).person),
                provider=market.visitor(provider),
                offer_id=offer_id,
            )
        )
    return found


@pytest.mark.sqlite_only
def test_a_kill_breaks_no_promise(
    app: Flask, market: Market, shoppers: list[Shopper], power_cut: Callable[[], None]
) -> None:
    _survive(1, app, market, shoppers, power_cut)


@pytest.mark.soak
def test_twenty_kills_break_no_promise(
    app: Flask, market: Market, shoppers: list[Shopper], power_cut: Callable[[], None]
) -> None:
    _survive(20, app, market, shoppers, power_cut)


def _survive(
    kills: int,
    app: Flask,
    market: Market,
    shoppers: Sequence[Shopper],
    power_cut: Callable[[], None],
) -> None:
    chance = random.Random(kills)
    market.open()
    for shopper in shoppers:
        shopper.start()
    for kill in range(1, kills + 1):
        acknowledged = _wait_for_something(shoppers, then=chance.uniform(0, LONGEST_MOMENT))
        power_cut()
        assert acknowledged, f"nothing was acknowledged before kill {kill}"
        assert faults(app, _promises(shoppers)) == [], f"after kill {kill}"
        market.open()
    for shopper in shoppers:
        shopper.finish()
    for shopper in shoppers:
        shopper.join(SECONDS_TO_DO_SOMETHING)
        assert shopper.fault is None
    promises = _promises(shoppers)
    assert faults(app, promises) == []
    assert {promise.step for promise in promises.values()} == {Step.CONFIRMED}
    unanswered = sum(shopper.unanswered for shopper in shoppers)
    assert unanswered >= kills, "the kills met people in the middle of something"
    print(  # noqa: T201 - shown with -s: how much the kills had to break
        f"\n{kills} kills: {len(promises)} orders seen through, {unanswered} requests unanswered"
    )


def _wait_for_something(shoppers: Sequence[Shopper], *, then: float) -> int:
    """Wait until a deed is acknowledged, and a moment longer; return how many were."""
    before = _acknowledged(shoppers)
    give_up_at = time.monotonic() + SECONDS_TO_DO_SOMETHING
    while _acknowledged(shoppers) == before and time.monotonic() < give_up_at:
        assert [shopper.fault for shopper in shoppers if shopper.fault] == []
        time.sleep(0.01)
    time.sleep(then)
    return _acknowledged(shoppers) - before


def _acknowledged(shoppers: Sequence[Shopper]) -> int:
    return sum(shopper.acknowledged for shopper in shoppers)


def _promises(shoppers: Sequence[Shopper]) -> dict[UUID, Promise]:
    return {
        order_id: promise
        for shopper in shoppers
        for order_id, promise in list(shopper.promises.items())
    }
