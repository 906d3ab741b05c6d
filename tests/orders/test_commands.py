"""From the basket to the invoice: what orders do to money, and what they refuse."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.queries import wallet
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import PlaceOrder, ProposeChange
from marketplace.orders.errors import (
    CeilingError,
    OwnStoreError,
    PriceChangedError,
    SameHandsError,
    WrongStateError,
)
from marketplace.orders.rules import OrderState
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW

NOW = PAID_IN


def money(session: Session, funded: Funded) -> tuple[Money, Money, Money]:
    """Return what somebody has to spend, set aside and spent."""
    view = wallet(session, person_id=funded.id, at=TOMORROW)
    return view.available, view.held, view.spent


class TestPlaceOrder:
    def test_holds_the_price(self, session: Session, make: Make) -> None:
        deal = make.placed(price=Money(15_00), quantity=2)

        order = make.order(deal)
        assert (order.total, order.state) == (Money(30_00), OrderState.PLACED)
        assert money(session, deal.funded) == (Money(70_00), Money(30_00), ZERO)
        assert queries.basket(session, by=deal.person, at=NOW).groups == ()

    def test_sent_twice_is_one_order(self, session: Session, make: Make) -> None:
        deal = make.placed()
        wish = PlaceOrder(order_id=deal.order_id, provider_id=deal.provider.works_for)

        again = commands.place_order(session, wish, by=deal.person, at=NOW)

        assert again == deal.order_id
        assert queries.orders_of_person(session, by=deal.person).total == 1
        assert money(session, deal.funded)[1] == Money(30_00)

    def test_leaves_the_order_of_somebody_else_alone(self, session: Session, make: Make) -> None:
        deal = make.placed()
        other = make.funded_person()
        wish = PlaceOrder(order_id=deal.order_id, provider_id=deal.provider.works_for)

        with pytest.raises(NotFoundError):
            commands.place_order(session, wish, by=other.person, at=NOW)

    def test_charges_each_visit_by_its_own_time(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        offer = make.offer(provider=provider, price=Money(10_00), weekend=Money(14_00))
        saturday = TOMORROW + timedelta(days=2)
        make.in_basket(funded.person, offer, quantity=1, visits=2, first_at=TOMORROW)
        make.in_basket(funded.person, offer, quantity=1, first_at=saturday)
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        commands.place_order(session, wish, by=funded.person, at=NOW)

        order = queries.order_for(session, order_id=wish.order_id, seen_by=funded.person, at=NOW)
        assert sorted(visit.amount for visit in order.visits) == [
            Money(10_00),
            Money(10_00),
            Money(14_00),
        ]
        assert order.total == Money(34_00)

    def test_charges_a_bank_holiday_by_its_own_price(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        offer = make.offer(provider=provider, price=Money(10_00), bank_holiday=Money(20_00))
        christmas = datetime(2026, 12, 25, 9, tzinfo=UTC)
        make.in_basket(funded.person, offer, quantity=1, first_at=christmas)
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        commands.place_order(session, wish, by=funded.person, at=NOW)

        order = queries.order_for(session, order_id=wish.order_id, seen_by=funded.person, at=NOW)
        assert order.total == Money(20_00)
        assert order.lines[0].price == "£10.00 an hour, £20.00 on a bank holiday"

    def test_charges_what_the_paying_council_agreed(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        offer = make.offer(provider=provider, price=Money(15_00))
        make.standing(provider=provider, council_id=funded.council_id)
        make.agreed_price(offer_id=offer, council_id=funded.council_id, price=Money(12_00))
        make.in_basket(funded.person, offer, quantity=1)

        assert queries.basket(session, by=funded.person, at=NOW).total == Money(12_00)

    def test_refuses_a_price_that_was_not_shown(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        offer = make.offer(provider=provider, price=Money(15_00))
        make.in_basket(funded.person, offer, quantity=1)
        make.standing(provider=provider, council_id=funded.council_id)
        make.agreed_price(offer_id=offer, council_id=funded.council_id, price=Money(16_00))
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        row = queries.basket(session, by=funded.person, at=NOW).groups[0].rows[0]
        assert (row.was, row.total) == (Money(15_00), Money(16_00))
        with pytest.raises(PriceChangedError, match=r"£16\.00 now"):
            commands.place_order(session, wish, by=funded.person, at=NOW)
        seen = PlaceOrder(order_id=wish.order_id, provider_id=wish.provider_id, seen=Money(16_00))
        commands.place_order(session, seen, by=funded.person, at=NOW)

        assert money(session, funded)[1] == Money(16_00)

    def test_refuses_what_is_not_there(self, session: Session, make: Make) -> None:
        with pytest.raises(SpendRefusedError, match=r"There is £100\.00 left"):
            make.placed(price=Money(60_00), quantity=2)

    def test_refuses_what_a_limit_forbids_and_says_whose(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(limits=[make.limit(Money(20_00))])

        with pytest.raises(SpendRefusedError, match="set by Priya Nair"):
            make.placed(funded=funded, price=Money(15_00), quantity=2)

    def test_refuses_ones_own_store(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        provider = make.provider(owner=funded.person)

        with pytest.raises(OwnStoreError):
            make.placed(funded=funded, provider=provider)

    def test_refuses_a_supporter_who_may_only_look(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError):
            make.placed(funded=funded, by=helper)

    def test_refuses_a_supporter_above_their_ceiling_who_may_suggest_it(
        self, session: Session, make: Make
    ) -> None:
        funded, provider = make.funded_person(), make.provider()
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY], ceiling=Money(20_00))
        make.in_basket(helper, make.offer(provider=provider), quantity=2)
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        with pytest.raises(CeilingError, match=r"up to £20\.00"):
            commands.place_order(session, wish, by=helper, at=NOW)
        suggestion = PlaceOrder(order_id=wish.order_id, provider_id=wish.provider_id, propose=True)
        commands.place_order(session, suggestion, by=helper, at=NOW)

        order = queries.order_for(session, order_id=wish.order_id, seen_by=funded.person, at=NOW)
        assert order.state is OrderState.PROPOSED


class TestProposals:
    def test_hold_nothing_until_the_person_says_yes(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE], name="Sam Lee")
        deal = make.placed(funded=funded, by=helper)
        before = money(session, funded)

        commands.approve_order(session, order_id=deal.order_id, by=funded.person, at=NOW)

        order = make.order(deal)
        assert before == (Money(100_00), ZERO, ZERO)
        assert money(session, funded)[1] == Money(30_00)
        assert (order.state, order.placed_by_name, order.approved_by_name) == (
            OrderState.PLACED,
            "Sam Lee",
            funded.person.name,
        )

    def test_are_not_seen_by_the_provider(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        deal = make.placed(funded=funded, by=helper)

        assert queries.orders_of_provider(session, provider_id=deal.provider.works_for).total == 0
        with pytest.raises(NotFoundError):
            commands.accept_order(session, order_id=deal.order_id, by=deal.provider, at=NOW)

    def test_are_not_approved_by_who_made_them(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE, Scope.APPROVE])
        deal = make.placed(funded=funded, by=helper)

        with pytest.raises(SameHandsError):
            commands.approve_order(session, order_id=deal.order_id, by=helper, at=NOW)

    def test_can_be_turned_down(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        deal = make.placed(funded=funded, by=helper)

        commands.refuse_proposal(
            session, order_id=deal.order_id, reason="Not now", by=funded.person, at=NOW
        )

        assert make.order(deal).state is OrderState.REFUSED
        with pytest.raises(WrongStateError):
            commands.approve_order(session, order_id=deal.order_id, by=funded.person, at=NOW)


class TestAnswers:
    def test_a_declined_order_gives_its_money_back(self, session: Session, make: Make) -> None:
        deal = make.placed(visits=3)

        commands.decline_order(
            session, order_id=deal.order_id, reason="I am full.", by=deal.provider, at=NOW
        )

        order = make.order(deal)
        assert (order.state, order.reason) == (OrderState.DECLINED, "I am full.")
        assert money(session, deal.funded) == (Money(100_00), ZERO, ZERO)
        assert queries.problems(session) == []

    def test_another_providers_order_is_not_found(self, session: Session, make: Make) -> None:
        deal, stranger = make.placed(), make.provider()

        with pytest.raises(NotFoundError):
            commands.accept_order(session, order_id=deal.order_id, by=stranger, at=NOW)

    def test_another_time_is_accepted_when_the_person_agrees(
        self, session: Session, make: Make
    ) -> None:
        deal = make.placed(visits=2)
        later = TOMORROW + timedelta(days=1)
        wish = ProposeChange(order_id=deal.order_id, first_at=later, words="Friday suits me.")

        commands.propose_change(session, wish, by=deal.provider, at=NOW)
        commands.agree_change(session, order_id=deal.order_id, by=deal.person, at=NOW)

        order = make.order(deal)
        assert order.state is OrderState.ACCEPTED
        assert [visit.planned_at for visit in order.visits] == [later, later + timedelta(days=7)]
        assert order.total == Money(60_00)

    def test_a_visit_moved_to_a_cheaper_time_costs_less(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        offer = make.offer(provider=provider, price=Money(10_00), weekend=Money(14_00))
        saturday = TOMORROW + timedelta(days=2)
        make.in_basket(funded.person, offer, quantity=1, first_at=saturday)
        order_id = commands.place_order(
            session,
            PlaceOrder(order_id=uuid4(), provider_id=provider.works_for),
            by=funded.person,
            at=NOW,
        )
        wish = ProposeChange(order_id=order_id, first_at=TOMORROW, words="Thursday?")

        commands.propose_change(session, wish, by=provider, at=NOW)
        commands.agree_change(session, order_id=order_id, by=funded.person, at=NOW)

        assert money(session, funded) == (Money(90_00), Money(10_00), ZERO)
        assert queries.problems(session) == []

    def test_another_time_turned_down_leaves_the_order_as_it_was(
        self, session: Session, make: Make
    ) -> None:
        deal = make.placed()
        wish = ProposeChange(
            order_id=deal.order_id, first_at=TOMORROW + timedelta(days=1), words="Friday?"
        )
        commands.propose_change(session, wish, by=deal.provider, at=NOW)

        commands.turn_down_change(session, order_id=deal.order_id, by=deal.person, at=NOW)
        commands.accept_order(session, order_id=deal.order_id, by=deal.provider, at=NOW)

        assert make.order(deal).visits[0].planned_at == TOMORROW
