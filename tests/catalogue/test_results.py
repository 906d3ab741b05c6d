"""A page of results reads the same as the pages of the offers and stores, in one statement."""

from collections.abc import Collection
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import DecideOnProvider
from marketplace.catalogue.models import Offer
from marketplace.catalogue.queries import StoreFound
from marketplace.catalogue.rules import CheckState
from marketplace.kernel.money import Money
from marketplace.ratings import queries as ratings
from tests.conftest import NOON
from tests.factories import Make
from tests.statements import statements

TODAY = NOON.date()
AGREED = Money(13_37)


class Market:
    """Stores in every standing with councils; one offer each, and one agreed price."""

    def __init__(self, make: Make) -> None:
        funded = make.funded_person()
        self.council_id, self.funded_id = funded.council_id, funded.id
        self.stores: list[Actor] = []
        self.offer_ids: list[UUID] = []
        for state in (None, *CheckState):
            store = make.provider()
            if state is not None:
                make.standing(provider=store, council_id=self.council_id, state=state)
            self.stores.append(store)
            self.offer_ids.append(make.offer(provider=store, title=f"Offer {state}"))
        self.offer_ids.append(make.offer(provider=self.stores[0], on_sale=False))
        make.agreed_price(
            offer_id=self.offer_ids[0], council_id=self.council_id, price=AGREED, at=NOON
        )

    @property
    def provider_ids(self) -> list[UUID]:
        return [store.works_for for store in self.stores]


@pytest.fixture
def market(session: Session, make: Make) -> Market:
    return Market(make)


class TestOffersFound:
    @pytest.mark.parametrize("funded", [True, False])
    def test_shows_what_the_page_of_the_offer_shows(
        self, session: Session, market: Market, *, funded: bool
    ) -> None:
        funded_by = frozenset({market.council_id}) if funded else frozenset[UUID]()

        found = queries.sold_found(
            session,
            offer_ids=market.offer_ids,
            provider_ids=[],
            person_id=market.funded_id if funded else None,
            on=TODAY,
        ).offers

        pages = queries.offers(session, offer_ids=market.offer_ids, funded_by=funded_by, on=TODAY)
        assert found.keys() == pages.keys()
        for offer_id, card in found.items():
            page = pages[offer_id]
            assert card.price == page.price_for_you.price
            assert (card.agreed is None) == (page.agreed is None)
            assert (card.checked, card.has_space, card.provider_name, card.title) == (
                page.checked,
                page.has_space,
                page.provider_name,
                page.title,
            )

    def test_asks_one_statement(self, session: Session, market: Market) -> None:
        with statements() as sent:
            found = queries.sold_found(
                session,
                offer_ids=market.offer_ids,
                provider_ids=market.provider_ids,
                person_id=market.funded_id,
                on=TODAY,
                beside=ratings.standings_beside,
            )

        assert len(sent) == 1
        assert found.offers
        assert found.stores
        assert found.beside.keys() >= found.stores.keys()

    def test_asks_nothing_about_nothing(self, session: Session) -> None:
        with statements() as sent:
            found = queries.sold_found(
                session, offer_ids=[], provider_ids=[], person_id=None, on=TODAY
            )

        assert not found.offers
        assert not found.stores
        assert not sent


def stores_found(session: Session, provider_ids: Collection[UUID]) -> dict[UUID, StoreFound]:
    return queries.sold_found(
        session, offer_ids=[], provider_ids=provider_ids, person_id=None, on=TODAY
    ).stores


class TestStoresFound:
    def test_shows_what_the_page_of_the_store_shows(self, session: Session, market: Market) -> None:
        found = stores_found(session, market.provider_ids)

        pages = queries.stores(session, provider_ids=market.provider_ids)
        assert found.keys() == pages.keys()
        for provider_id, card in found.items():
            page = pages[provider_id]
            assert (card.name, card.slug, card.district, card.checked, card.from_register) == (
                page.name,
                page.slug,
                page.district,
                page.checked,
                page.from_register,
            )
            assert card.category in page.categories

    def test_a_council_that_shows_only_the_checked_hides_the_others(
        self, session: Session, make: Make
    ) -> None:
        strict = make.council(opens_unchecked=False)
        store = make.provider()
        make.standing(provider=store, council_id=strict, state=CheckState.APPLIED)
        provider_ids = [store.works_for]
        assert not stores_found(session, provider_ids)

        moderator = make.staff(organisation_id=strict, role=Role.MODERATOR)
        wish = DecideOnProvider(provider_id=store.works_for, state=CheckState.CHECKED)
        commands.decide_on_provider(session, wish, by=moderator, at=NOON)

        assert stores_found(session, provider_ids)


class TestDays:
    def test_stand_as_in_a_week_however_they_were_kept(self, session: Session, make: Make) -> None:
        offer_id = make.offer()
        session.get_one(Offer, offer_id).days = ["sat", "tue"]

        card = queries.offer(session, offer_id=offer_id, funded_by=frozenset(), on=TODAY)

        assert card.days == ("tue", "sat")


class TestOwnPrices:
    def test_are_those_the_person_councils_agreed(self, session: Session, market: Market) -> None:
        prices = queries.own_prices(session, person_id=market.funded_id, on=TODAY)

        assert prices == {market.offer_ids[0]: AGREED.pence}

    def test_of_nobody_are_none(self, session: Session, market: Market) -> None:
        assert not queries.own_prices(session, person_id=None, on=TODAY)
        assert not queries.own_prices(session, person_id=uuid4(), on=TODAY)
