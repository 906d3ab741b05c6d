"""What a provider may say of a visit, what not, and what can be taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.pictures import CleanPicture, clean_picture
from marketplace.orders import commands, queries
from marketplace.orders.commands import Sent
from marketplace.orders.errors import (
    BadLineError,
    ElsewhereError,
    TooEarlyError,
    WrongStateError,
)
from marketplace.orders.models import PhoneDeed
from marketplace.orders.rules import NoteKind, VisitState
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal
from tests.house.access.pictures import dot
from tests.orders.noting import HOUR, MINUTE, note, visit_id_of


class TestNotes:
    def test_are_refused_before_the_visit_begins(self, session: Session, make: Make) -> None:
        deal = make.accepted()  # tomorrow at 10am

        with pytest.raises(TooEarlyError, match="begins Thursday 5 March 2026, 10am"):
            commands.note_delivery(
                session, note(make, deal), by=deal.provider, at=TOMORROW - MINUTE
            )

        assert make.order(deal).visits[0].state is VisitState.PLANNED

    def test_can_say_that_it_was_earlier_than_planned(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(make, deal, began_at=TOMORROW - 2 * HOUR)

        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW - HOUR)

        visit = make.order(deal).visits[0]
        assert (visit.began_at, visit.moved) == (TOMORROW - 2 * HOUR, True)

    def test_are_refused_for_a_time_to_come(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(make, deal, began_at=TOMORROW + HOUR)

        with pytest.raises(TooEarlyError, match="has not come yet"):
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

    def test_of_a_part_by_the_minute_cost_that_much(self, session: Session, make: Make) -> None:
        deal = make.accepted()  # two hours, £30.00
        wish = note(make, deal, NoteKind.PART, minutes=45)

        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

        visit = make.order(deal).visits[0]
        assert (visit.due, visit.length) == (Money(11_25), "45 minutes")

    @pytest.mark.parametrize("kind", [NoteKind.PART, NoteKind.FULL])
    def test_of_more_than_was_ordered_are_refused(
        self, session: Session, make: Make, kind: NoteKind
    ) -> None:
        deal = make.accepted()
        wish = note(make, deal, kind, minutes=121)

        with pytest.raises(BadLineError, match="more than was ordered, which is 2 hours"):
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

    def test_of_a_part_that_is_all_of_it_are_refused(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(make, deal, NoteKind.PART, minutes=120)

        with pytest.raises(BadLineError, match="Choose “Done as agreed”"):
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

    def test_of_somebody_elses_visit_are_not_found(self, session: Session, make: Make) -> None:
        deal, other = make.accepted(), make.provider()

        with pytest.raises(NotFoundError):
            commands.note_delivery(session, note(make, deal), by=other, at=TOMORROW)

    def test_name_only_those_who_work_there(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(make, deal, worker="A stranger")

        with pytest.raises(BadLineError, match="works for your store"):
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)


class TestSentTwice:
    def test_one_key_is_one_note(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(make, deal, sent=Sent(uuid4()))

        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)
        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW + HOUR)

        assert make.order(deal).visits[0].noted_at == TOMORROW
        told = [each for each in make.order(deal).happened if "said what happened" in each.what]
        assert len(told) == 1
        assert session.scalar(select(func.count()).select_from(PhoneDeed)) == 1

    def test_another_key_is_told_that_it_is_noted(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal)

        with pytest.raises(WrongStateError, match="noted already: “It happened as planned”"):
            commands.note_delivery(
                session, note(make, deal, sent=Sent(uuid4())), by=deal.provider, at=TOMORROW
            )

    def test_one_key_for_two_things_is_refused(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        sent = Sent(uuid4())
        commands.note_delivery(session, note(make, deal, sent=sent), by=deal.provider, at=TOMORROW)

        wish = note(make, deal, NoteKind.MISSED, sent=sent)

        with pytest.raises(WrongStateError, match="said something else"):
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

    def test_a_key_that_comes_again_after_an_undo_notes_nothing(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        wish = note(make, deal, sent=Sent(uuid4()))
        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)
        commands.undo_note(session, visit_id=wish.visit_id, by=deal.provider, at=TOMORROW)

        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

        assert make.order(deal).visits[0].state is VisitState.PLANNED


class TestUndo:
    def test_takes_the_note_back_with_all_that_was_said(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = note(
            make, deal, NoteKind.PART, minutes=30, words="Rain.", photo=_photo(), alt="Mud."
        )
        commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

        commands.undo_note(
            session, visit_id=wish.visit_id, by=deal.provider, at=TOMORROW + 14 * MINUTE
        )

        visit = make.order(deal).visits[0]
        assert (visit.state, visit.note_kind, visit.due) == (VisitState.PLANNED, None, None)
        assert (visit.note, visit.length, visit.photo_alt, visit.noted_at) == ("", "", "", None)
        assert queries.problems(session) == []

    def test_twice_is_once(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal)

        for _ in range(2):
            commands.undo_note(session, visit_id=visit_id, by=deal.provider, at=TOMORROW)

        assert make.order(deal).visits[0].state is VisitState.PLANNED

    def test_is_too_late_after_a_quarter_of_an_hour(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal)

        with pytest.raises(WrongStateError, match="too late"):
            commands.undo_note(
                session, visit_id=visit_id, by=deal.provider, at=TOMORROW + 15 * MINUTE
            )

    def test_is_refused_once_the_person_has_answered(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.noted(deal)
        make.confirmed_now(deal)

        with pytest.raises(WrongStateError, match="it was answered"):
            commands.undo_note(session, visit_id=visit_id, by=deal.provider, at=TOMORROW)

    def test_of_somebody_elses_visit_is_not_found(self, session: Session, make: Make) -> None:
        visit_id = make.noted(make.accepted())

        with pytest.raises(NotFoundError):
            commands.undo_note(session, visit_id=visit_id, by=make.provider(), at=TOMORROW)


class TestOneWorker:
    def test_is_not_in_two_places_at_once(self, session: Session, make: Make) -> None:
        first, second = _two_with_one_worker(make, apart=HOUR)
        commands.note_delivery(session, note(make, first), by=first.provider, at=TOMORROW + HOUR)

        with pytest.raises(ElsewhereError, match="Wren was somewhere else then: Gardening for"):
            commands.note_delivery(
                session, note(make, second), by=second.provider, at=TOMORROW + 2 * HOUR
            )

        assert make.order(second).visits[0].state is VisitState.PLANNED

    def test_can_go_from_one_to_the_next(self, session: Session, make: Make) -> None:
        first, second = _two_with_one_worker(make, apart=2 * HOUR)

        for deal in (first, second):
            commands.note_delivery(
                session, note(make, deal), by=deal.provider, at=TOMORROW + 3 * HOUR
            )

        assert make.order(second).visits[0].state is VisitState.NOTED

    def test_who_left_early_is_free_for_the_next(self, session: Session, make: Make) -> None:
        first, second = _two_with_one_worker(make, apart=HOUR)
        early = note(make, first, NoteKind.PART, minutes=60)
        commands.note_delivery(session, early, by=first.provider, at=TOMORROW + HOUR)

        commands.note_delivery(
            session, note(make, second), by=second.provider, at=TOMORROW + 2 * HOUR
        )

        assert make.order(second).visits[0].state is VisitState.NOTED

    def test_may_be_there_for_two_people_if_that_is_said(
        self, session: Session, make: Make
    ) -> None:
        first, second = _two_with_one_worker(make, apart=HOUR)
        commands.note_delivery(session, note(make, first), by=first.provider, at=TOMORROW + HOUR)

        commands.note_delivery(
            session, note(make, second, together=True), by=second.provider, at=TOMORROW + 2 * HOUR
        )

        assert make.order(second).visits[0].state is VisitState.NOTED


def _photo() -> CleanPicture:
    return clean_picture(dot(), side_max=100, megabytes_max=1)


def _two_with_one_worker(make: Make, *, apart: timedelta) -> tuple[Deal, Deal]:
    """Let two people get two hours each from one worker, the second so long after the first."""
    provider = make.provider()
    make.worker(provider=provider, name="Wren")
    deals = [
        make.accepted(provider=provider, first_at=TOMORROW + after) for after in (HOUR * 0, apart)
    ]
    for deal in deals:
        with make.block() as session:
            commands.send_worker_to_visit(
                session,
                visit_id=visit_id_of(make, deal),
                worker="Wren",
                by=provider,
                at=TOMORROW - 20 * HOUR,
            )
    return deals[0], deals[1]
