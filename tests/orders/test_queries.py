"""What other rooms ask of orders, and what must always hold."""

from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Credit
from marketplace.orders.rules import InvoiceKind, NoteKind, OrderState
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW


class TestUnpaidInvoices:
    def test_are_those_of_the_council_with_credits_below_nothing(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        make.confirmed(make.accepted())
        invoice_id = make.confirmed(deal)
        credit = Credit(
            credit_id=uuid4(), invoice_id=invoice_id, amount=Money(5_00), reason="Sorry."
        )
        commands.credit(session, credit, by=deal.provider, at=TOMORROW)

        papers = queries.unpaid_invoices(session, council_id=deal.funded.council_id)

        assert [(paper.number, paper.kind, paper.total) for paper in papers] == [
            (1, InvoiceKind.INVOICE, Money(30_00)),
            (2, InvoiceKind.CREDIT_NOTE, -Money(5_00)),
        ]


class TestCompletedOrder:
    def test_has_something_delivered_and_confirmed(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        before = queries.completed_order(session, deal.order_id)
        make.confirmed(deal)

        done = queries.completed_order(session, deal.order_id)

        assert before is None
        assert done is not None
        assert (done.provider_id, done.person_id, done.state, done.confirmed) == (
            deal.provider.works_for,
            deal.funded.id,
            OrderState.COMPLETED,
            1,
        )
        ratable = queries.ratable_orders(session, person_id=deal.funded.id)
        assert [row.titles for row in ratable] == [("Gardening",)]
        counts = queries.delivered_count(session, provider_ids=[deal.provider.works_for])
        assert counts == {deal.provider.works_for: 1}

    def test_is_none_when_everything_was_missed(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        assert queries.completed_order(session, deal.order_id) is None
        assert queries.ratable_orders(session, person_id=deal.funded.id) == []


class TestOrdersOfPerson:
    def test_of_a_supporter_who_may_only_suggest_are_their_own(
        self, session: Session, make: Make
    ) -> None:
        mine = make.placed()
        helper = make.supporter(person=mine.person, scopes=[Scope.PROPOSE])
        theirs = make.placed(funded=mine.funded, by=helper)

        seen = queries.orders_of_person(session, by=helper)

        assert [row.id for row in seen.rows] == [theirs.order_id]
        assert queries.orders_of_person(session, by=mine.person).total == 2
        waiting = queries.suggestions_for(session, by=mine.person)
        assert [row.id for row in waiting] == [theirs.order_id]


class TestBasketSize:
    def test_counts_lines(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        make.in_basket(funded.person, make.offer())

        assert queries.basket_size(session, person_id=funded.id) == 1


class TestProblems:
    def test_names_money_set_aside_for_no_order(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(30_00))

        assert queries.problems(session) == [
            f"£30.00 is set aside for order {order_id}, which does not exist."
        ]

    def test_names_an_order_whose_hold_does_not_fit(self, session: Session, make: Make) -> None:
        deal = make.placed()
        number = make.order(deal, at=PAID_IN).number

        session.execute(text("UPDATE order_visits SET amount_pence = 2999"))

        assert queries.problems(session) == [
            f"Order {number} holds £30.00, but its open visits need £29.99."
        ]
