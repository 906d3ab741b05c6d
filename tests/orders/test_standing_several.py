"""Standing orders that happen several times a day: ordered, left out, changed, moved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.calendars import queries as calendars
from marketplace.calendars.queries import Asked
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import ChangeStanding, LeaveOut
from marketplace.orders.errors import BadLineError, ShareDueError
from marketplace.orders.models import Order
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import BEGINS_ON, TUESDAYS, Going, held, letters_to

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MORNING, EVENING = 8 * 60, 18 * 60
TWICE = Weekly(weekdays=frozenset({1}), minutes=(MORNING, EVENING))
"""One hour each: £30.00 a day."""
THE_17TH = date(2026, 3, 17)


def twice(make: Make, **wishes: object) -> Going:
    """Return a standing order of two visits every Tuesday, whose next four weeks are ordered."""
    wishes = {"weekly": TWICE} | wishes
    rich = make.funded_person(to_spend=Money(500_00))
    going = Going(make, funded=rich, **wishes).accepted()  # type: ignore[arg-type]
    going.roll()
    return going


def leave(going: Going, on: date, minute: int | None = None, **more: object) -> LeaveOut:
    return LeaveOut(standing_id=going.id, from_on=on, minute=minute, **more)  # type: ignore[arg-type]


def times(going: Going, at: datetime = PAID_IN) -> list[str]:
    """Return what is said of the next two weeks: each time and what becomes of it."""
    return [f"{row.planned_at:%-d %H} {row.status}" for row in going.view(at).days[:4]]


class TestWeeks:
    def test_both_visits_of_a_day_are_ordered_once(self, session: Session, make: Make) -> None:
        going = twice(make)

        assert held(session, going) == "£120.00"
        assert [going.roll(PAID_IN + n * WEEK) for n in (0, 1, 1)] == [0, 1, 0]
        assert going.view().row.words == "every Tuesday at 8am and 6pm"
        assert times(going) == ["10 08 Covered", "10 18 Covered", "17 08 Covered", "17 18 Covered"]

    def test_what_is_gone_when_it_begins_is_not_ordered(self, session: Session, make: Make) -> None:
        noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
        going = twice(make, begins_on=date(2026, 3, 10), at=noon)

        visits = make.order(going.first, at=noon).visits

        assert [visit.planned_at for visit in visits] == [noon.replace(hour=18)]

    def test_the_database_keeps_a_time_from_being_ordered_twice(
        self, session: Session, make: Make
    ) -> None:
        going = twice(make)
        first = session.get_one(Order, going.first.order_id)
        same = {"occasion_at": first.occasion_at, "pattern_number": first.pattern_number}

        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(Order).where(Order.standing_id == going.id).values(same))

    def test_two_at_one_time_stand_in_a_calendar_each(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(50_00))
        going = Going(make, funded=funded, weekly=TWICE).accepted()
        going.roll()
        month = Asked(BEGINS_ON, BEGINS_ON + 4 * WEEK, PAID_IN)

        entries = calendars.entries_of_people(session, month, person_ids=[going.funded.id])

        assert [each.status.words for each in entries] == ["Agreed"] * 2 + ["Not covered"] * 6
        assert len({each.key for each in entries}) == 8


class TestLeavingOut:
    def test_one_visit_is_left_out_and_the_other_stays(self, session: Session, make: Make) -> None:
        going = twice(make)

        for _ in range(2):
            wish = leave(going, THE_17TH, EVENING)
            commands.skip_visit(session, wish, by=going.person, at=PAID_IN)

        assert held(session, going) == "£105.00"
        assert times(going)[2:] == ["17 08 Covered", "17 18 Left out"]
        subjects = letters_to(session, going.provider)
        assert subjects.count("Left out: Tuesday 17 March 2026, 6pm") == 1

    def test_the_whole_day_is_left_out(self, session: Session, make: Make) -> None:
        going = twice(make)
        commands.skip_visit(session, leave(going, THE_17TH, EVENING), by=going.person, at=PAID_IN)

        commands.skip_visit(session, leave(going, THE_17TH), by=going.person, at=PAID_IN)

        assert held(session, going) == "£90.00"
        assert times(going)[2:] == ["17 08 Left out", "17 18 Left out"]

    def test_only_that_visits_share_is_due_when_it_is_late(
        self, session: Session, make: Make
    ) -> None:
        going, late = twice(make), datetime(2026, 3, 10, 7, tzinfo=UTC)

        with pytest.raises(ShareDueError, match=r"You would still pay £7\.50"):
            commands.skip_visit(
                session, leave(going, late.date(), EVENING), by=going.person, at=late
            )

        wish = leave(going, late.date(), EVENING, agreed=Money(7_50))
        commands.skip_visit(session, wish, by=going.person, at=late)
        assert held(session, going, late) == "£105.00"

    def test_it_happens_after_all_and_nothing_is_doubled(
        self, session: Session, make: Make
    ) -> None:
        going = twice(make)
        commands.skip_visit(session, leave(going, THE_17TH, EVENING), by=going.person, at=PAID_IN)
        gap = going.view().gaps[0]
        assert gap.at_words == ", 6pm"

        commands.resume_standing(
            session, standing_id=going.id, gap_id=gap.id, by=going.person, at=PAID_IN
        )
        going.roll()

        assert held(session, going) == "£120.00"
        assert times(going)[2:] == ["17 08 Covered", "17 18 Covered"]

    def test_a_time_at_which_nobody_comes_is_not_found(self, session: Session, make: Make) -> None:
        going = twice(make)

        with pytest.raises(NotFoundError, match="Nothing is planned for that time"):
            commands.skip_visit(session, leave(going, THE_17TH, 720), by=going.person, at=PAID_IN)


class TestChanging:
    def change(self, session: Session, going: Going, weekly: Weekly) -> None:
        wish = ChangeStanding(standing_id=going.id, weekly=weekly, starts_on=THE_17TH)
        commands.change_standing(session, wish, by=going.person, at=PAID_IN)
        commands.accept_standing_change(
            session, standing_id=going.id, by=going.provider, at=PAID_IN
        )
        going.roll()

    def test_a_second_time_is_added_and_the_first_one_stays_as_it_is(
        self, session: Session, make: Make
    ) -> None:
        going = twice(make, weekly=Weekly(weekdays=frozenset({1}), minutes=(MORNING,)))
        morning = [each.order_id for each in going.view().days]

        self.change(session, going, TWICE)

        assert held(session, going) == "£105.00"
        assert times(going)[1:3] == ["17 08 Covered", "17 18 Covered"]
        assert going.view().days[1].order_id == morning[1]

    def test_a_time_is_taken_away_and_its_money_is_back(self, session: Session, make: Make) -> None:
        going = twice(make)

        self.change(session, going, Weekly(weekdays=frozenset({1}), minutes=(EVENING,)))

        assert held(session, going) == "£75.00"
        assert times(going)[:3] == ["10 08 Covered", "10 18 Covered", "17 18 Covered"]


class TestAnotherTime:
    def suggest(self, session: Session, going: Going, hour: int) -> None:
        wish = commands.ProposeChange(
            order_id=going.first.order_id,
            first_at=datetime(2026, 3, 11, hour, tzinfo=UTC),
            words="Later?",
        )
        commands.propose_change(session, wish, by=going.provider, at=PAID_IN)

    def test_all_visits_of_a_day_move_along(self, session: Session, make: Make) -> None:
        going = Going(make, funded=make.funded_person(to_spend=Money(500_00)), weekly=TWICE)
        self.suggest(session, going, 9)

        commands.agree_change(session, order_id=going.first.order_id, by=going.person, at=PAID_IN)
        going.roll()

        assert going.view().row.words == "every Wednesday at 9am and 7pm"
        assert times(going)[:3] == ["11 09 Covered", "11 19 Covered", "18 09 Covered"]
        assert held(session, going) == "£120.00"

    def test_to_the_time_of_the_second_is_another_time_too(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(), weekly=Weekly(
            weekdays=frozenset({2}), minutes=(8 * 60, 11 * 60)
        ))  # fmt: skip
        self.suggest(session, going, 11)

        commands.agree_change(session, order_id=going.first.order_id, by=going.person, at=PAID_IN)

        assert going.view().row.words == "every Wednesday at 11am and 2pm"

    def test_nothing_is_moved_over_midnight(self, session: Session, make: Make) -> None:
        going = Going(make, funded=make.funded_person(), weekly=TWICE)

        with pytest.raises(BadLineError, match="one of them would be on another day"):
            self.suggest(session, going, 15)


def test_who_comes_in_the_evening_is_not_who_comes_in_the_morning(
    session: Session, make: Make
) -> None:
    provider = make.provider()
    make.worker(provider=provider, name="Wren Ashby")
    going = twice(make, provider=provider)
    evening = make.order(going.first).visits[1]

    commands.send_worker_to_visit(
        session, visit_id=evening.id, worker="Wren Ashby", by=provider, at=PAID_IN
    )

    assert [each.worker for each in going.view().days[:3]] == ["", "Wren Ashby", ""]


def test_money_for_one_visit_is_not_enough_for_both(session: Session, make: Make) -> None:
    funded = make.funded_person(to_spend=Money(50_00))
    going = Going(make, funded=funded, weekly=TWICE).accepted()

    assert going.roll() == 0

    assert times(going)[2:] == ["17 08 Not covered", "17 18 Not covered"]
    assert held(session, going) == "£30.00"


def test_once_a_day_is_as_it_was(session: Session, make: Make) -> None:
    going = twice(make, weekly=TUESDAYS)

    assert going.view().minutes == (14 * 60,)
    assert queries.problems(session) == []
