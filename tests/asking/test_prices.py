"""A price that was said and chosen is one person's: they order at it, and nobody else sees it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.asking import commands, queries
from marketplace.asking.commands import OfferForAnswer
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.audit.models import AuditEntry
from marketplace.catalogue import commands as catalogue_commands
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from tests.asking.seen import letters
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

TODAY = local_day(PAID_IN)
SAID = Money(13_37)
PUBLIC = Money(15_00)


@pytest.fixture
def chosen(session: Session, make: Make, funded: Funded, wren: Actor) -> UUID:
    """Return what Ada asked for, where she chose Wren, who said a price of their own."""
    ask_id = make.ask(funded.person)
    answer_id = make.answer(ask_id, wren, price=SAID, price_until=date(2026, 9, 1))
    commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)
    return ask_id


def offer_of(session: Session, store: Actor) -> UUID:
    [card] = catalogue.offers_of_provider(
        session, provider_id=store.works_for, funded_by=frozenset(), on=TODAY
    )
    return card.id


def costs(
    session: Session, offer_id: UUID, person_id: UUID | None, *, on: date = TODAY
) -> PriceBands:
    """Return what an order of the offer costs somebody."""
    return catalogue.offer_for_order(
        session, offer_id=offer_id, council_id=None, on=on, person_id=person_id
    ).bands


@pytest.mark.usefixtures("chosen")
class TestThePrice:
    def test_is_what_the_person_orders_at(
        self, session: Session, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        assert costs(session, offer_of(session, wren), funded.id).price == SAID
        view = queries.ask_for(session, ask_id=chosen, by=funded.person, at=PAID_IN)
        assert view.chosen is not None
        assert view.chosen.can_be_ordered
        assert not queries.ask_near(session, ask_id=chosen, by=wren, at=PAID_IN).needs_offer

    def test_is_nobody_elses(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        offer_id = offer_of(session, wren)
        funds = frozenset({funded.council_id})

        assert costs(session, offer_id, make.person().user_id).price == PUBLIC
        assert costs(session, offer_id, None).price == PUBLIC
        for person_id in (None, make.person().user_id):
            card = catalogue.offer(
                session, offer_id=offer_id, funded_by=funds, on=TODAY, person_id=person_id
            )
            assert (card.price_for_you.price, card.agreed) == (PUBLIC, None)
        [found] = catalogue.findable_offers(session, [offer_id])
        assert found.public.price == PUBLIC
        assert not catalogue.own_prices(session, person_id=None, on=TODAY)
        commissioner = make.staff(organisation_id=funded.council_id, role=Role.COMMISSIONER)
        for row in catalogue.priced_offers(session, on=TODAY, by=commissioner):
            assert (row.public.price, row.agreed) == (PUBLIC, ())

    def test_ends_with_its_last_day(self, session: Session, funded: Funded, wren: Actor) -> None:
        offer_id, last = offer_of(session, wren), date(2026, 9, 1)

        assert costs(session, offer_id, funded.id, on=last).price == SAID
        assert costs(session, offer_id, funded.id, on=last + timedelta(days=1)).price == PUBLIC

    def test_is_in_the_persons_trail_and_data_and_goes_with_them(
        self, session: Session, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        deeds = select(AuditEntry.what).where(
            AuditEntry.subject_id == chosen, AuditEntry.chain_id == funded.id
        )
        assert "price-agreed-for-one" in session.scalars(deeds).all()
        kept = catalogue.data_of(session, user_id=funded.id)["prices-agreed-with-you"]
        assert len(kept.rows) == 1

        catalogue_commands.forget_person(session, user_id=funded.id, at=PAID_IN)

        assert costs(session, offer_of(session, wren), funded.id).price == PUBLIC

    def test_is_taken_away_when_it_is_old(self, session: Session) -> None:
        forget = catalogue_commands.forget_personal_prices
        assert forget(session, before=date(2026, 9, 1)) == 0
        assert forget(session, before=date(2026, 9, 2)) == 1


class TestWhatIsNotAgreed:
    def test_a_price_that_nobody_chose(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren, price=SAID)
        other = make.answer(ask_id, robin)

        commands.choose_answer(session, ask_id, other, by=funded.person, at=PAID_IN)

        for store in (wren, robin):
            assert costs(session, offer_of(session, store), funded.id).price == PUBLIC

    def test_a_price_for_another_unit(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren, price=SAID, unit=Unit.DAY)
        view = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)
        assert not view.answers[0].counts_when_chosen

        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)

        assert costs(session, offer_of(session, wren), funded.id).price == PUBLIC
        assert queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN).needs_offer

    def test_a_dearer_one_makes_nothing_dearer(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren, price=Money(18_00))

        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)

        assert costs(session, offer_of(session, wren), funded.id).price == PUBLIC
        assert queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN).needs_offer

    def test_one_above_what_a_council_agreed_is_ordered_at_the_agreed_one(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        offer_id, agreed = offer_of(session, wren), Money(12_00)
        make.agreed_price(offer_id=offer_id, council_id=funded.council_id, price=agreed)
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren, price=SAID)

        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)

        view = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)
        assert view.chosen is not None
        assert (view.chosen.costs_less, view.chosen.can_be_ordered) == (True, True)
        assert not queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN).needs_offer

    @pytest.mark.parametrize(
        ("until", "sentence"),
        [
            (date(2026, 3, 4), "Choose a day after the first day you can start."),
            (date(2029, 3, 4), "Choose a day in the next two years."),
        ],
    )
    def test_a_price_that_counts_too_short_or_too_long(
        self, session: Session, make: Make, funded: Funded, wren: Actor, until: date, sentence: str
    ) -> None:
        ask_id = make.ask(funded.person)

        with pytest.raises(BadAskError) as refusal:
            make.answer(ask_id, wren, price=SAID, price_until=until)

        assert (str(refusal.value), refusal.value.field) == (sentence, "price_until")

    def test_no_evening_is_dearer_than_what_was_said(self) -> None:
        bands = PriceBands(Money(15_00), Money(18_00), None, Money(12_00))

        assert bands.at_most(SAID) == PriceBands(SAID, SAID, None, Money(12_00))
        assert bands.at_most(Money(20_00)) == bands


class TestMakingTheOffer:
    def wish(self, **other: object) -> OfferForAnswer:
        found = OfferForAnswer(offer_id=uuid4(), title="Swimming together", public=Money(16_00))
        return replace(found, **other)  # type: ignore[arg-type]

    @pytest.fixture
    def ask_id(self, session: Session, make: Make, funded: Funded, wren: Actor) -> UUID:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren, price=SAID, with_offer=False)
        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)
        return ask_id

    def test_two_fields_and_the_person_can_order(
        self, session: Session, ask_id: UUID, funded: Funded, wren: Actor
    ) -> None:
        assert queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN).needs_offer
        wish = self.wish()

        for _ in range(2):
            commands.make_offer_for_answer(session, ask_id, wish, by=wren, at=PAID_IN)

        assert costs(session, wish.offer_id, funded.id).price == SAID
        assert costs(session, wish.offer_id, None).price == Money(16_00)
        view = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)
        assert view.chosen is not None
        assert view.chosen.can_be_ordered
        [told] = letters(session, "ask_offer_made")
        assert str(SAID) not in str(told.values)

    def test_refuses_what_is_cheaper_for_others_and_what_has_no_name(
        self, session: Session, ask_id: UUID, wren: Actor
    ) -> None:
        for wrong, field in (({"public": Money(12_00)}, "public"), ({"title": " "}, "title")):
            with pytest.raises(BadAskError) as refusal:
                commands.make_offer_for_answer(
                    session, ask_id, self.wish(**wrong), by=wren, at=PAID_IN
                )
            assert refusal.value.field == field

    def test_only_for_who_was_chosen_and_keeps_the_store(
        self, session: Session, make: Make, ask_id: UUID, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        worker = replace(wren, role=Role.PROVIDER_WORKER)
        for by in (worker, robin, funded.person):
            with pytest.raises(NotFoundError):
                commands.make_offer_for_answer(session, ask_id, self.wish(), by=by, at=PAID_IN)
        open_ask = make.ask(funded.person)
        make.answer(open_ask, wren, price=SAID, with_offer=False)
        with pytest.raises(AskOverError, match="was chosen"):
            commands.make_offer_for_answer(session, open_ask, self.wish(), by=wren, at=PAID_IN)
