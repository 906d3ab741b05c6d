"""From the visit to the credit note: what becomes of the money that was set aside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets.queries import wallet
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Credit, NoteDelivery, QueryVisit
from marketplace.orders.errors import (
    CreditTooMuchError,
    ShareDueError,
    TooEarlyError,
    WrongStateError,
)
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW

NOW = PAID_IN


def money(session: Session, funded: Funded) -> tuple[Money, Money, Money]:
    """Return what somebody has to spend, set aside and spent."""
    view = wallet(session, person_id=funded.id, at=TOMORROW)
    return view.available, view.held, view.spent


class TestDelivery:
    def test_confirmed_visits_are_paid_and_invoiced(self, session: Session, make: Make) -> None:
        deal = make.accepted()

        invoice_id = make.confirmed(deal)

        invoice = queries.invoice_for(session, invoice_id=invoice_id, seen_by=deal.person)
        assert (invoice.number, invoice.total) == (1, Money(30_00))
        assert (invoice.promised_on - TOMORROW.date()).days == 5
        assert money(session, deal.funded) == (Money(70_00), ZERO, Money(30_00))
        assert make.order(deal).state is OrderState.COMPLETED
        assert queries.problems(session) == []

    def test_a_missed_visit_gives_its_money_back_at_once(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(visits=2)

        make.noted(deal, visit=1, note=NoteKind.MISSED)

        assert make.order(deal).visits[0].state is VisitState.RELEASED
        assert money(session, deal.funded) == (Money(70_00), Money(30_00), ZERO)
        assert queries.problems(session) == []

    def test_part_of_a_visit_costs_part_of_its_price(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit = make.noted(deal, note=NoteKind.PART, part=50)

        commands.confirm_visits(
            session, order_id=deal.order_id, visit_ids=[visit], by=deal.person, at=TOMORROW
        )

        assert money(session, deal.funded) == (Money(85_00), ZERO, Money(15_00))

    def test_confirming_twice_pays_once(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.confirmed(deal)
        visit_id = make.order(deal).visits[0].id

        again = commands.confirm_visits(
            session, order_id=deal.order_id, visit_ids=[visit_id], by=deal.person, at=TOMORROW
        )

        assert again is None
        assert money(session, deal.funded)[2] == Money(30_00)

    def test_nothing_is_noted_before_its_day(self, session: Session, make: Make) -> None:
        deal = make.accepted()

        with pytest.raises(TooEarlyError):
            make.noted(deal, at=NOW)

    def test_nothing_is_confirmed_before_it_is_noted(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.order(deal).visits[0].id

        with pytest.raises(WrongStateError):
            commands.confirm_visits(
                session, order_id=deal.order_id, visit_ids=[visit_id], by=deal.person, at=TOMORROW
            )

    def test_a_queried_visit_keeps_its_money_until_it_is_corrected(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal)
        commands.query_visit(
            session,
            QueryVisit(visit_id=visit_id, words="Nobody came."),
            by=deal.person,
            at=TOMORROW,
        )
        held = money(session, deal.funded)[1]
        wish = NoteDelivery(visit_id=visit_id, note_kind=NoteKind.MISSED, words="Sorry.")

        commands.correct_note(session, wish, by=deal.provider, at=TOMORROW)

        assert held == Money(30_00)
        assert money(session, deal.funded) == (Money(100_00), ZERO, ZERO)
        assert make.order(deal).state is OrderState.CANCELLED

    def test_a_visit_nobody_noted_can_be_queried_on_its_day(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        visit_id = make.order(deal).visits[0].id

        commands.query_visit(
            session,
            QueryVisit(visit_id=visit_id, words="Nobody came."),
            by=deal.person,
            at=TOMORROW,
        )

        assert make.order(deal).visits[0].state is VisitState.QUERIED


class TestCancelling:
    def test_is_free_before_the_provider_says_yes(self, session: Session, make: Make) -> None:
        deal = make.placed()

        commands.cancel_order(session, order_id=deal.order_id, by=deal.person, at=NOW)

        assert money(session, deal.funded) == (Money(100_00), ZERO, ZERO)

    def test_is_free_in_time(self, session: Session, make: Make) -> None:
        deal = make.accepted(notice_hours=2)

        commands.cancel_order(session, order_id=deal.order_id, by=deal.person, at=NOW)

        assert make.order(deal).state is OrderState.CANCELLED
        assert money(session, deal.funded) == (Money(100_00), ZERO, ZERO)

    def test_late_costs_the_share_that_was_shown_and_agreed_to(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(notice_hours=48, late_cancel_percent=50)

        with pytest.raises(ShareDueError, match=r"£15\.00") as refusal:
            commands.cancel_order(session, order_id=deal.order_id, by=deal.person, at=NOW)
        commands.cancel_order(
            session, order_id=deal.order_id, agreed=refusal.value.due, by=deal.person, at=NOW
        )

        assert money(session, deal.funded) == (Money(85_00), ZERO, Money(15_00))
        assert queries.problems(session) == []

    def test_one_visit_leaves_the_others(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2, notice_hours=2)
        first, _ = make.order(deal).visits

        commands.cancel_visit(session, visit_id=first.id, by=deal.person, at=NOW)

        states = [visit.state for visit in make.order(deal).visits]
        assert states == [VisitState.RELEASED, VisitState.PLANNED]
        assert make.order(deal).state is OrderState.ACCEPTED

    def test_by_the_provider_costs_nothing(self, session: Session, make: Make) -> None:
        deal = make.accepted(notice_hours=48)
        visit_id = make.order(deal).visits[0].id

        commands.cancel_visit(
            session, visit_id=visit_id, reason="I am ill.", by=deal.provider, at=NOW
        )

        assert money(session, deal.funded) == (Money(100_00), ZERO, ZERO)


class TestCredit:
    def test_gives_money_back_to_the_line_that_paid(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = Credit(
            credit_id=uuid4(),
            invoice_id=make.confirmed(deal),
            amount=Money(10_00),
            reason="Half an hour short.",
        )

        commands.credit(session, wish, by=deal.provider, at=TOMORROW)
        commands.credit(session, wish, by=deal.provider, at=TOMORROW)

        note = queries.invoice_for(session, invoice_id=wish.credit_id, seen_by=deal.person)
        assert (note.number, note.total, note.credits_number) == (2, Money(10_00), 1)
        assert money(session, deal.funded)[0] == Money(80_00)
        assert queries.problems(session) == []

    def test_never_exceeds_the_invoice(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = Credit(
            credit_id=uuid4(),
            invoice_id=make.confirmed(deal),
            amount=Money(30_01),
            reason="Too much.",
        )

        with pytest.raises(CreditTooMuchError, match=r"£30\.00 left"):
            commands.credit(session, wish, by=deal.provider, at=TOMORROW)


class TestSilence:
    def test_confirms_by_itself_after_telling_twice(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, at=TOMORROW)

        for days in (1, 4, 6, 7):
            at = TOMORROW + timedelta(days=days)
            commands.tell_and_confirm_silent(session, at=at)

        order = make.order(deal)
        assert order.state is OrderState.COMPLETED
        assert order.visits[0].settled_by_silence
        assert [each.what for each in order.happened][-3:] == [
            "A letter sent: did it happen?",
            "A letter sent: did it happen?",
            "Confirmed by itself, because nobody answered",
        ]
        assert money(session, deal.funded)[2] == Money(30_00)

    def test_leaves_what_is_queried_alone(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal, at=TOMORROW)
        commands.query_visit(
            session,
            QueryVisit(visit_id=visit_id, words="Nobody came."),
            by=deal.person,
            at=TOMORROW,
        )

        done = [
            commands.tell_and_confirm_silent(session, at=TOMORROW + timedelta(days=days))
            for days in (4, 6, 7, 20)
        ]

        assert done == [0, 0, 0, 0]
