"""Joining the market."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.queries import hats_of
from marketplace.access.rules import Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import JoinMarket, WriteOffer
from marketplace.catalogue.errors import BadOfferError, BadWordsError
from marketplace.catalogue.rules import PriceBands, ProviderKind, ProviderState, Unit
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.queries import index_changes
from marketplace.places.errors import PlaceNotFoundError
from tests.conftest import NOON
from tests.factories import Make


def wish(
    *,
    name: str = "Rosie's Gardens",
    postcode: str = "LS6 2AB",
    category: str = "company",
    price: Money = Money(14_00),
) -> JoinMarket:
    """Return what a gardener types."""
    return JoinMarket(
        provider_id=uuid4(),
        name=name,
        kind=ProviderKind.ONE_PERSON,
        about="I dig with you.",
        postcode=postcode,
        reach_metres=5000,
        offer=WriteOffer(
            offer_id=uuid4(),
            title="An hour in your garden",
            category=category,
            unit=Unit.HOUR,
            bands=PriceBands(price),
        ),
    )


class TestJoin:
    def test_opens_a_store_with_its_first_offer(self, session: Session, make: Make) -> None:
        make.category()
        rosie = make.person(name="Rosie")

        provider_id = commands.join(session, wish(), by=rosie, at=NOON)

        store = queries.store(session, slug="rosies-gardens")
        (offer,) = queries.offers_of_provider(
            session, provider_id=provider_id, funded_by=frozenset(), on=NOON.date()
        )
        assert (store.state, store.checked, store.district) == (ProviderState.OPEN, False, "LS6")
        assert (offer.title, offer.public.price) == ("An hour in your garden", Money(14_00))

    def test_makes_the_joiner_its_owner(self, session: Session, make: Make) -> None:
        make.category()
        rosie = make.person()

        provider_id = commands.join(session, wish(), by=rosie, at=NOON)

        hats = hats_of(session, user_id=rosie.user_id, at=NOON)
        assert [(hat.role, hat.organisation_id) for hat in hats[1:]] == [
            (Role.PROVIDER_OWNER, provider_id)
        ]

    def test_applies_to_the_council_that_covers_the_postcode(
        self, session: Session, make: Make
    ) -> None:
        make.category()
        council_id = make.council()

        commands.join(session, wish(), by=make.person(), at=NOON)

        store = queries.store(session, slug="rosies-gardens")
        assert [council.council_id for council in store.councils] == [council_id]

    def test_sent_twice_is_one_store(self, session: Session, make: Make) -> None:
        make.category()
        rosie = make.person()
        once = wish()

        first = commands.join(session, once, by=rosie, at=NOON)
        second = commands.join(session, once, by=rosie, at=NOON)

        assert first == second
        assert len(list(queries.findable_providers(session))) == 1
        assert len(list(queries.findable_offers(session))) == 1

    def test_gives_two_of_one_name_two_addresses(self, session: Session, make: Make) -> None:
        make.category()

        for _ in range(3):
            commands.join(session, wish(), by=make.person(), at=NOON)

        slugs = {found.slug for found in queries.findable_providers(session)}
        assert slugs == {"rosies-gardens", "rosies-gardens-2", "rosies-gardens-3"}

    def test_asks_for_both_to_be_found(self, session: Session, make: Make) -> None:
        make.category()
        once = wish()

        commands.join(session, once, by=make.person(), at=NOON)

        asked = {(row.kind, row.subject_id) for row in index_changes(session, limit=50)}
        assert asked == {("provider", once.provider_id), ("offer", once.offer.offer_id)}

    def test_refuses_a_name_of_ten_thousand_characters(self, session: Session, make: Make) -> None:
        make.category()

        with pytest.raises(BadWordsError, match=r"has 10,000 characters. Use no more than 200"):
            commands.join(session, wish(name="x" * 10_000), by=make.person(), at=NOON)

    def test_refuses_a_place_that_is_not(self, session: Session, make: Make) -> None:
        make.category()

        with pytest.raises(PlaceNotFoundError):
            commands.join(session, wish(postcode="ZZ99 9ZZ"), by=make.person(), at=NOON)

    def test_refuses_an_unknown_category(self, session: Session, make: Make) -> None:
        with pytest.raises(BadOfferError):
            commands.join(session, wish(category="dragons"), by=make.person(), at=NOON)

    def test_refuses_a_price_of_nothing(self, session: Session, make: Make) -> None:
        make.category()

        with pytest.raises(BadOfferError):
            commands.join(session, wish(price=ZERO), by=make.person(), at=NOON)

    def test_hides_somebody_elses_store_behind_its_id(self, session: Session, make: Make) -> None:
        make.category()
        once = wish()
        commands.join(session, once, by=make.person(), at=NOON)

        with pytest.raises(NotFoundError):
            commands.join(session, once, by=make.person(), at=NOON)
