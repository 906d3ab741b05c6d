"""A note that gave the money back by mistake: put right while the money is still there."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import find_hold, problems, wallet
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading, transaction
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import NoteDelivery, QueryVisit
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from marketplace.orders.rules.disputes import Remedy
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import TOMORROW, Deal
from tests.orders.noting import HOUR, MINUTE, note
from tests.orders.test_races import money, together

DAY = timedelta(days=1)


def correct(
    session: Session, make: Make, deal: Deal, kind: NoteKind = NoteKind.FULL, *, after: timedelta
) -> None:
    """Say something else of the first visit."""
    wish = note(make, deal, kind)
    commands.correct_note(session, wish, by=deal.provider, at=TOMORROW + after)


def spendable(session: Session, funded: Funded) -> tuple[Money, Money]:
    """Return what somebody has to spend, and what is set aside; all of it fits."""
    assert queries.problems(session) == problems(session) == []
    found = wallet(session, person_id=funded.id, at=TOMORROW)
    return found.available, found.held


class TestPutRight:
    @pytest.mark.parametrize("kind", [NoteKind.MISSED, NoteKind.CANCELLED_IN_TIME])
    def test_sets_the_money_aside_again_and_waits_for_an_answer(
        self, session: Session, make: Make, kind: NoteKind
    ) -> None:
        deal = make.accepted()  # £30.00 of £100.00
        make.noted(deal, note=kind)
        assert make.order(deal).state is OrderState.CANCELLED

        correct(session, make, deal, after=2 * DAY)

        order = make.order(deal)
        assert (order.state, order.completed_at, order.reason) == (OrderState.ACCEPTED, None, "")
        assert (order.visits[0].state, order.visits[0].due) == (VisitState.NOTED, Money(30_00))
        assert spendable(session, deal.funded) == (Money(70_00), Money(30_00))
        assert order.happened[-1].what == "The provider corrected a note"

    def test_is_paid_as_any_other(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)
        correct(session, make, deal, after=HOUR)

        make.confirmed_now(deal, at=TOMORROW + DAY)

        assert make.order(deal).state is OrderState.COMPLETED
        assert spendable(session, deal.funded) == (Money(70_00), ZERO)

    def test_writes_to_the_person_what_was_said_and_is_said(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        correct(session, make, deal, after=HOUR)

        letter = session.scalars(select(Letter).where(Letter.template == "note_put_right")).one()
        said = letter.values
        assert (said["before"], said["now"]) == ("It was missed", "It happened as planned")
        assert (said["again"], said["due"]) == ("£30.00", "£30.00")

    def test_can_be_wrong_again_and_put_right_again(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        for hours in (1, 3):
            correct(session, make, deal, after=hours * HOUR)
            correct(session, make, deal, NoteKind.MISSED, after=(hours + 1) * HOUR)
            assert spendable(session, deal.funded) == (Money(100_00), ZERO)
        correct(session, make, deal, after=5 * HOUR)

        assert spendable(session, deal.funded) == (Money(70_00), Money(30_00))

    def test_of_another_kind_without_money_changes_the_words_alone(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        correct(session, make, deal, NoteKind.CANCELLED_IN_TIME, after=HOUR)

        visit = make.order(deal).visits[0]
        assert (visit.state, visit.note_kind) == (
            VisitState.RELEASED,
            NoteKind.CANCELLED_IN_TIME,
        )
        assert spendable(session, deal.funded) == (Money(100_00), ZERO)

    def test_takes_it_out_of_the_lines_and_limits_it_went_back_to(
        self, session: Session, make: Make
    ) -> None:
        limits = [make.limit(Money(60_00), window=window) for window in LimitWindow]
        funded = make.funded_person(to_spend=Money(20_00), limits=limits)
        make.line(person=funded.person, practitioner=funded.practitioner)
        deal = make.accepted(funded=funded)
        before = find_hold(session, order_id=deal.order_id)
        make.noted(deal, note=NoteKind.MISSED)
        assert find_hold(session, order_id=deal.order_id) != before

        correct(session, make, deal, after=DAY)

        assert find_hold(session, order_id=deal.order_id) == before
        assert spendable(session, funded) == (Money(90_00), Money(30_00))

    def test_of_one_visit_leaves_the_others_as_they_are(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2)
        later = TOMORROW + 7 * DAY
        for number in (1, 2):
            make.noted(deal, visit=number, note=NoteKind.MISSED, at=later)

        commands.correct_note(session, note(make, deal), by=deal.provider, at=later)

        states = [visit.state for visit in make.order(deal).visits]
        assert states == [VisitState.NOTED, VisitState.RELEASED]
        assert spendable(session, deal.funded) == (Money(70_00), Money(30_00))


class TestRefused:
    def test_when_the_money_is_not_there_any_more(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)
        make.hold(deal.funded, Money(80_00))

        with pytest.raises(WrongStateError, match=r"not there any more\. So the note stays"):
            correct(session, make, deal, after=HOUR)

    def test_when_a_limit_is_used_up(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(50_00), window=LimitWindow.FOUR_WEEKS)
        deal = make.accepted(funded=make.funded_person(limits=[limit]))
        make.noted(deal, note=NoteKind.MISSED)
        make.hold(deal.funded, Money(30_00))

        with pytest.raises(WrongStateError, match="used up what may be spent in that time"):
            correct(session, make, deal, after=HOUR)

    def test_after_seven_days(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        with pytest.raises(WrongStateError, match="more than 7 days ago"):
            correct(session, make, deal, after=7 * DAY + MINUTE)

    def test_of_what_somebody_cancelled(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2, notice_hours=1)
        visit_id = make.order(deal).visits[0].id
        early = TOMORROW - 3 * HOUR
        commands.cancel_visit(session, visit_id=visit_id, by=deal.person, at=early)

        with pytest.raises(WrongStateError, match="was cancelled, and their money is back"):
            correct(session, make, deal, after=HOUR)
        assert not make.order(deal).visits[0].can_put_right

    def test_of_what_was_settled_between_them(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2)
        visit_id = make.noted(deal)
        query = QueryVisit(visit_id=visit_id, words="Nobody.", remedy=Remedy.NOTHING_DUE)
        commands.query_visit(session, query, by=deal.person, at=TOMORROW)
        correct(session, make, deal, NoteKind.MISSED, after=HOUR)

        with pytest.raises(WrongStateError, match="settled between you and them"):
            correct(session, make, deal, after=2 * HOUR)

    def test_of_somebody_elses_visit(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal, note=NoteKind.MISSED)

        with pytest.raises(NotFoundError):
            commands.correct_note(session, note(make, deal), by=make.provider(), at=TOMORROW)


class TestUndo:
    def test_of_a_missed_visit_lets_it_be_planned_again(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal, note=NoteKind.MISSED)
        assert make.order(deal).visits[0].can_undo

        for _ in range(2):
            commands.undo_note(session, visit_id=visit_id, by=deal.provider, at=TOMORROW + MINUTE)

        visit = make.order(deal).visits[0]
        assert (visit.state, visit.note_kind) == (VisitState.PLANNED, None)
        assert spendable(session, deal.funded) == (Money(70_00), Money(30_00))

    def test_is_too_late_after_a_quarter_of_an_hour(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal, note=NoteKind.MISSED)

        with pytest.raises(WrongStateError, match="You can correct the note instead"):
            commands.undo_note(session, visit_id=visit_id, by=deal.provider, at=TOMORROW + HOUR)


def _put_right(deal: Deal, visit_id: UUID) -> bool:
    wish = NoteDelivery(visit_id=visit_id, note_kind=NoteKind.FULL)
    try:
        with transaction() as session:
            commands.correct_note(session, wish, by=deal.provider, at=TOMORROW + HOUR)
    except WrongStateError:
        return False
    return True


def test_put_right_eight_times_at_once_the_money_is_set_aside_once(app: Flask, make: Make) -> None:
    deal = make.accepted()
    visit_id = make.noted(deal, note=NoteKind.MISSED)

    assert all(together([lambda: _put_right(deal, visit_id)] * 8))

    assert money(deal.funded) == (Money(70_00), Money(30_00))


def test_money_that_two_notes_want_back_at_once_goes_to_one(app: Flask, make: Make) -> None:
    funded = make.funded_person()
    deals = [make.accepted(funded=funded) for _ in range(2)]
    visits = [make.noted(deal, note=NoteKind.MISSED) for deal in deals]
    make.placed(funded=funded, price=Money(25_00))

    answers = together(
        [
            lambda each=each: _put_right(*each)  # type: ignore[misc]
            for each in zip(deals, visits, strict=True)
        ]
    )

    assert sorted(map(bool, answers)) == [False, True]
    with reading() as session:
        assert spendable(session, funded) == (Money(20_00), Money(80_00))
