"""What comes with a delivery note: arriving and leaving, a picture, and what silence means."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Role, Scope
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.pictures import CleanPicture, clean_picture
from marketplace.orders import commands, queries
from marketplace.orders.commands import CheckIn, QueryVisit, Sent
from marketplace.orders.errors import (
    BadLineError,
    TooEarlyError,
    WrongStateError,
)
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal
from tests.house.access.pictures import dot
from tests.orders.noting import HOUR, MINUTE, note, visit_id_of
from tests.statements import statements


class TestCheckIn:
    def test_is_by_our_clock_and_keeps_what_the_phone_said(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        visit_id = visit_id_of(make, deal)
        said_at = TOMORROW - 5 * MINUTE
        comes = CheckIn(visit_id=visit_id, arrives=True, sent=Sent(uuid4(), said_at))
        goes = CheckIn(visit_id=visit_id, arrives=False)

        commands.check_in(session, comes, by=deal.provider, at=TOMORROW)
        commands.check_in(session, goes, by=deal.provider, at=TOMORROW + HOUR)

        visit = make.order(deal).visits[0]
        assert (visit.arrived_at, visit.arrived_said_at) == (TOMORROW, said_at)
        assert (visit.left_at, visit.left_said_at) == (TOMORROW + HOUR, None)

    def test_counts_the_first_time(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        comes = CheckIn(visit_id=visit_id_of(make, deal), arrives=True)

        for minutes in (0, 10):
            at = TOMORROW + minutes * MINUTE
            commands.check_in(session, comes, by=deal.provider, at=at)

        assert make.order(deal).visits[0].arrived_at == TOMORROW

    @pytest.mark.parametrize("said_at", [TOMORROW + HOUR, TOMORROW - timedelta(days=40)])
    def test_does_not_believe_a_phone_whose_clock_is_wrong(
        self, session: Session, make: Make, said_at: datetime
    ) -> None:
        deal = make.accepted()
        sent = Sent(uuid4(), said_at)
        comes = CheckIn(visit_id=visit_id_of(make, deal), arrives=True, sent=sent)

        commands.check_in(session, comes, by=deal.provider, at=TOMORROW)

        assert make.order(deal).visits[0].arrived_said_at is None

    def test_is_refused_before_its_day(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        comes = CheckIn(visit_id=visit_id_of(make, deal), arrives=True)

        with pytest.raises(TooEarlyError):
            commands.check_in(session, comes, by=deal.provider, at=TOMORROW - 11 * HOUR)

    def test_is_refused_for_what_is_settled(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.confirmed(deal)
        comes = CheckIn(visit_id=visit_id_of(make, deal), arrives=True)

        with pytest.raises(WrongStateError):
            commands.check_in(session, comes, by=deal.provider, at=TOMORROW)


class TestPhoto:
    def test_is_for_the_person_their_circle_and_the_provider(
        self, session: Session, make: Make
    ) -> None:
        deal, visit_id = _with_photo(session, make)
        helper = make.supporter(person=deal.person, scopes=[Scope.SEE])
        stranger, practitioner = make.person(), deal.funded.practitioner

        for seen_by in (deal.person, helper, deal.provider):
            photo = queries.photo_of_visit(session, visit_id=visit_id, seen_by=seen_by)
            assert photo.media_type == "image/jpeg"
        for seen_by in (stranger, make.provider(), practitioner):
            with pytest.raises(NotFoundError):
                queries.photo_of_visit(session, visit_id=visit_id, seen_by=seen_by)

    def test_is_for_the_council_while_something_is_wrong(
        self, session: Session, make: Make
    ) -> None:
        deal, visit_id = _with_photo(session, make)
        wish = QueryVisit(visit_id=visit_id, words="That is not my garden.")
        commands.query_visit(session, wish, by=deal.person, at=TOMORROW)

        practitioner = deal.funded.practitioner
        officer = make.staff(organisation_id=deal.funded.council_id, role=Role.FINANCE_OFFICER)

        assert queries.photo_of_visit(session, visit_id=visit_id, seen_by=practitioner)
        with pytest.raises(NotFoundError):
            queries.photo_of_visit(session, visit_id=visit_id, seen_by=officer)

    def test_is_refused_without_words_for_who_cannot_see_it(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()

        with pytest.raises(BadLineError, match="what the picture shows"):
            commands.note_delivery(
                session, note(make, deal, photo=_photo(), alt=" "), by=deal.provider, at=TOMORROW
            )

    def test_is_forgotten_with_the_person(self, session: Session, make: Make) -> None:
        deal, visit_id = _with_photo(session, make)

        commands.forget_person(session, user_id=deal.person.user_id)

        with pytest.raises(NotFoundError):
            queries.photo_of_visit(session, visit_id=visit_id, seen_by=deal.provider)


class TestSilence:
    def test_says_on_which_day_it_confirms_itself(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal)  # on 5 March; the council lets seven days pass

        visit = make.order(deal).visits[0]
        told = queries.to_confirm_of_person(session, person_id=deal.person.buys_for, at=TOMORROW)

        assert visit.confirms_on == datetime(2026, 3, 12, tzinfo=UTC).date()
        assert [(row.id, provider) for row, provider in told] == [
            (visit.id, deal.provider.organisation_name)
        ]

    def test_is_told_twice_and_said_to_be_silence(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.noted(deal)

        for days in range(9):
            commands.tell_and_confirm_silent(session, at=TOMORROW + timedelta(days=days))

        order = make.order(deal)
        told = [each for each in order.happened if each.what.startswith("A letter sent")]
        assert len(told) == 2
        assert order.visits[0].settled_by_silence
        assert order.visits[0].due == Money(30_00) > ZERO


def _photo() -> CleanPicture:
    return clean_picture(dot(), side_max=100, megabytes_max=1)


def _with_photo(session: Session, make: Make) -> tuple[Deal, UUID]:
    deal = make.accepted()
    wish = note(make, deal, photo=_photo(), alt="The beds are weeded.")
    commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)
    assert make.order(deal).visits[0].photo_alt == "The beds are weeded."
    return deal, wish.visit_id


class TestDay:
    def test_of_many_visits_asks_as_often_as_of_one(self, session: Session, make: Make) -> None:
        provider = make.provider()
        counts = []
        for _ in range(2):
            make.accepted(provider=provider)
            with statements() as sent:
                day = queries.day_of_provider(session, by=provider, at=TOMORROW)
            counts.append(len(sent))

        assert len(day.mine) == 2
        assert counts[0] == counts[1] <= 6

    def test_is_in_the_order_of_the_clock(self, session: Session, make: Make) -> None:
        provider = make.provider()
        for hours in (3, 0, 1):
            make.accepted(provider=provider, first_at=TOMORROW + timedelta(hours=hours))

        day = queries.day_of_provider(session, by=provider, at=TOMORROW)

        after = [(each.visit.planned_at or TOMORROW) - TOMORROW for each in day.mine]
        assert after == [timedelta(hours=0), timedelta(hours=1), timedelta(hours=3)]

    def test_keeps_what_was_not_noted_and_what_has_no_day(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider()
        make.accepted(provider=provider)
        make.accepted(provider=provider, first_at=None)

        day = queries.day_of_provider(session, by=provider, at=TOMORROW + timedelta(days=2))

        assert day.mine == ()
        assert [each.visit.planned_at for each in day.earlier] == [TOMORROW, None]
