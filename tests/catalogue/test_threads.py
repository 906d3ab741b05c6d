"""Many people of one name join in the same moment, and one of them twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from flask import Flask

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import JoinMarket, WriteOffer
from marketplace.catalogue.rules import PriceBands, ProviderKind, Unit
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from tests.conftest import NOON
from tests.factories import Make


def wish() -> JoinMarket:
    """Return what each of them types."""
    return JoinMarket(
        provider_id=uuid4(),
        name="Rosie",
        kind=ProviderKind.ONE_PERSON,
        about="",
        postcode="LS6 2AB",
        reach_metres=None,
        offer=WriteOffer(
            offer_id=uuid4(),
            title="Gardening",
            category="company",
            unit=Unit.HOUR,
            bands=PriceBands(Money(14_00)),
        ),
    )


def test_joining_at_once_gives_each_one_store(app: Flask, make: Make) -> None:
    make.category()
    twice = (make.person(), wish())
    joiners = [(make.person(), wish()), (make.person(), wish()), twice, twice]

    def join(joiner: tuple[Actor, JoinMarket]) -> None:
        by, wanted = joiner
        with app.app_context(), transaction() as session:
            commands.join(session, wanted, by=by, at=NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(join, joiners))

    with app.app_context(), reading() as session:
        slugs = sorted(found.slug for found in queries.findable_providers(session))
        assert slugs == ["rosie", "rosie-2", "rosie-3"]
        assert len(list(queries.findable_offers(session))) == 3
