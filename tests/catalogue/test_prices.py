"""An agreed price is seen by the people its council funds, its staff, the provider: nobody else."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AgreePrice
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.rules import CheckState, PriceBands
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()
PUBLIC, AGREED = Money(15_00), Money(13_37)
NOBODY: frozenset[UUID] = frozenset()


class Agreement:
    """A provider with an offer at £15.00, for which one of two councils agreed £13.37."""

    def __init__(self, make: Make) -> None:
        self.council_id = make.council(name="Airemoor")
        self.other_council_id = make.council(name="Bexwold")
        self.provider = make.provider()
        self.rival = make.provider()
        for council_id in (self.council_id, self.other_council_id):
            make.standing(provider=self.provider, council_id=council_id)
        self.offer_id = make.offer(provider=self.provider, price=PUBLIC, title="Tea together")
        self.price_id = make.agreed_price(
            offer_id=self.offer_id, council_id=self.council_id, price=AGREED, at=NOON
        )
        self.commissioner = make.staff(organisation_id=self.council_id, role=Role.COMMISSIONER)
        self.other_commissioner = make.staff(
            organisation_id=self.other_council_id, role=Role.COMMISSIONER
        )


@pytest.fixture
def agreement(session: Session, make: Make) -> Agreement:
    return Agreement(make)


def seen(session: Session, agreement: Agreement, funded_by: frozenset[UUID]) -> Money:
    card = queries.offer(session, offer_id=agreement.offer_id, funded_by=funded_by, on=TODAY)
    return card.price_for_you.price


class TestWhoSees:
    def test_a_person_the_council_funds_sees_the_agreed_price(
        self, session: Session, agreement: Agreement
    ) -> None:
        assert seen(session, agreement, frozenset({agreement.council_id})) == AGREED

    def test_a_stranger_and_another_councils_person_see_the_public_price(
        self, session: Session, agreement: Agreement
    ) -> None:
        assert seen(session, agreement, NOBODY) == PUBLIC
        assert seen(session, agreement, frozenset({agreement.other_council_id})) == PUBLIC

    def test_nothing_a_stranger_reads_has_the_agreed_price_in_it(
        self, session: Session, agreement: Agreement
    ) -> None:
        provider_id = agreement.provider.works_for
        slug = queries.stores(session, provider_ids=[provider_id])[provider_id].slug
        read = [
            queries.offer(session, offer_id=agreement.offer_id, funded_by=NOBODY, on=TODAY),
            *queries.offers(
                session, offer_ids=[agreement.offer_id], funded_by=NOBODY, on=TODAY
            ).values(),
            *queries.offers_of_provider(
                session, provider_id=provider_id, funded_by=NOBODY, with_drafts=True, on=TODAY
            ),
            queries.offer_for_order(
                session, offer_id=agreement.offer_id, council_id=None, on=TODAY
            ),
            queries.offer_for_order(
                session,
                offer_id=agreement.offer_id,
                council_id=agreement.other_council_id,
                on=TODAY,
            ),
            queries.store(session, slug=slug),
            *queries.findable_offers(session),
            *queries.findable_providers(session),
        ]

        for row in read:
            # A bare "1337" would now and then be found inside some id.
            assert repr(asdict(AGREED)) not in repr(asdict(row))  # type: ignore[call-overload]
            assert repr(AGREED) not in repr(row)
            assert str(AGREED) not in repr(row)

    def test_the_provider_sees_its_own_and_a_rival_does_not(
        self, session: Session, agreement: Agreement
    ) -> None:
        own = queries.agreed_prices_of(session, on=TODAY, by=agreement.provider)
        rivals = queries.agreed_prices_of(session, on=TODAY, by=agreement.rival)

        assert [(row.council_name, row.bands.price) for row in own] == [("Airemoor", AGREED)]
        assert rivals == []

    def test_the_councils_commissioner_sees_it_and_the_other_councils_does_not(
        self, session: Session, agreement: Agreement
    ) -> None:
        def prices(by: Actor) -> list[Money]:
            return [
                row.bands.price
                for offer in queries.priced_offers(session, on=TODAY, by=by)
                for row in offer.agreed
            ]

        assert prices(agreement.commissioner) == [AGREED]
        assert prices(agreement.other_commissioner) == []

    @pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MODERATOR, Role.FINANCE_OFFICER])
    def test_only_commissioners_have_the_list(
        self, session: Session, make: Make, agreement: Agreement, role: Role
    ) -> None:
        member = make.staff(organisation_id=agreement.council_id, role=role)

        with pytest.raises(NotFoundError):
            queries.priced_offers(session, on=TODAY, by=member)

    def test_an_order_costs_what_the_council_that_pays_agreed(
        self, session: Session, agreement: Agreement
    ) -> None:
        def costs(council_id: UUID | None) -> Money:
            found = queries.offer_for_order(
                session, offer_id=agreement.offer_id, council_id=council_id, on=TODAY
            )
            return found.bands.price

        assert costs(agreement.council_id) == AGREED
        assert costs(agreement.other_council_id) == PUBLIC
        assert costs(None) == PUBLIC


class TestAgreePrice:
    def agree(
        self,
        session: Session,
        agreement: Agreement,
        *,
        by: Actor,
        price: Money = Money(12_00),
        days: int = 0,
    ) -> UUID:
        wish = AgreePrice(
            offer_id=agreement.offer_id,
            bands=PriceBands(price),
            starts_on=TODAY + timedelta(days=days),
        )
        return commands.agree_price(session, wish, by=by, at=NOON)

    def test_holds_from_its_first_day(self, session: Session, agreement: Agreement) -> None:
        self.agree(session, agreement, by=agreement.commissioner, days=10)

        def on(days: int) -> Money:
            card = queries.offer(
                session,
                offer_id=agreement.offer_id,
                funded_by=frozenset({agreement.council_id}),
                on=TODAY + timedelta(days=days),
            )
            return card.price_for_you.price

        assert (on(-1), on(0), on(9), on(10)) == (PUBLIC, AGREED, AGREED, Money(12_00))

    def test_said_again_for_the_same_day_replaces_it(
        self, session: Session, agreement: Agreement
    ) -> None:
        again = self.agree(session, agreement, by=agreement.commissioner)

        assert again == agreement.price_id
        assert seen(session, agreement, frozenset({agreement.council_id})) == Money(12_00)

    def test_an_earlier_start_undoes_what_was_to_come(
        self, session: Session, agreement: Agreement
    ) -> None:
        self.agree(session, agreement, by=agreement.commissioner, price=Money(11_00), days=20)
        self.agree(session, agreement, by=agreement.commissioner, price=Money(12_00), days=10)

        card = queries.offer(
            session,
            offer_id=agreement.offer_id,
            funded_by=frozenset({agreement.council_id}),
            on=TODAY + timedelta(days=30),
        )
        assert card.price_for_you.price == Money(12_00)

    def test_refuses_the_past_and_nothing(self, session: Session, agreement: Agreement) -> None:
        with pytest.raises(BadOfferError, match="today or later"):
            self.agree(session, agreement, by=agreement.commissioner, days=-1)
        with pytest.raises(BadOfferError, match="more than nothing"):
            self.agree(session, agreement, by=agreement.commissioner, price=ZERO)

    @pytest.mark.parametrize(
        "role", [Role.PRACTITIONER, Role.FINANCE_OFFICER, Role.MODERATOR, Role.ADMINISTRATOR]
    )
    def test_is_for_commissioners_alone(
        self, session: Session, make: Make, agreement: Agreement, role: Role
    ) -> None:
        member = make.staff(organisation_id=agreement.council_id, role=role)

        with pytest.raises(NotFoundError):
            self.agree(session, agreement, by=member)

    def test_is_for_providers_of_the_council_alone(
        self, session: Session, make: Make, agreement: Agreement
    ) -> None:
        third = make.staff(organisation_id=make.council(), role=Role.COMMISSIONER)

        with pytest.raises(NotFoundError):
            self.agree(session, agreement, by=third)


class TestEndAgreedPrice:
    def test_people_pay_the_public_price_again(
        self, session: Session, agreement: Agreement
    ) -> None:
        commands.end_agreed_price(
            session, price_id=agreement.price_id, by=agreement.commissioner, at=NOON
        )

        assert seen(session, agreement, frozenset({agreement.council_id})) == PUBLIC

    def test_is_for_the_council_that_agreed_it(
        self, session: Session, make: Make, agreement: Agreement
    ) -> None:
        moderator = make.staff(organisation_id=agreement.council_id, role=Role.MODERATOR)

        for stranger in (agreement.other_commissioner, moderator):
            with pytest.raises(NotFoundError):
                commands.end_agreed_price(
                    session, price_id=agreement.price_id, by=stranger, at=NOON
                )


def test_a_council_that_suspended_a_provider_pays_for_none_of_its_offers(
    session: Session, make: Make, agreement: Agreement
) -> None:
    make.standing(
        provider=agreement.provider, council_id=agreement.council_id, state=CheckState.SUSPENDED
    )

    with pytest.raises(NotFoundError, match="Airemoor does not let its money be spent"):
        queries.offer_for_order(
            session, offer_id=agreement.offer_id, council_id=agreement.council_id, on=TODAY
        )
    other = queries.offer_for_order(
        session, offer_id=agreement.offer_id, council_id=agreement.other_council_id, on=TODAY
    )
    assert other.bands.price == PUBLIC
