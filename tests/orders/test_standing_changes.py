"""Standing orders: left out, paused, and changed from a day on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import ChangeStanding, LeaveOut
from marketplace.orders.errors import (
    BadLineError,
    ShareDueError,
    StandingRefusedError,
    WrongStateError,
)
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import Going, held, letters_to

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FRIDAYS = Weekly(weekdays=frozenset({4}), minutes=(10 * 60,), quantity=1)
SHORTLY = datetime(2026, 3, 10, 8, tzinfo=UTC)
"""Six hours before the first visit: late to call it off."""


@pytest.fixture
def going(make: Make) -> Going:
    """Return a standing order whose next four weeks are ordered."""
    made = Going(make, funded=make.funded_person(to_spend=Money(500_00))).accepted()
    made.roll()
    return made


def leave(going: Going, first: date, until: date | None = None, **more: object) -> LeaveOut:
    return LeaveOut(standing_id=going.id, from_on=first, until_on=until, **more)  # type: ignore[arg-type]


class TestLeavingOut:
    def test_gives_the_money_back_and_tells_the_provider(
        self, session: Session, going: Going
    ) -> None:
        wish = leave(going, date(2026, 3, 17), reason="I am away.")

        commands.skip_visit(session, wish, by=going.person, at=PAID_IN)
        commands.skip_visit(session, wish, by=going.person, at=PAID_IN)

        assert held(session, going) == "£90.00"
        assert going.days()[1] == ("Tue 17 Mar", "Left out")
        assert letters_to(session, going.provider).count("Left out: Tuesday 17 March 2026") == 1

    def test_late_it_says_what_it_costs_and_does_nothing_until_that_is_agreed(
        self, session: Session, going: Going
    ) -> None:
        with pytest.raises(ShareDueError, match=r"You would still pay £15\.00"):
            commands.skip_visit(
                session, leave(going, date(2026, 3, 10)), by=going.person, at=SHORTLY
            )
        assert held(session, going, SHORTLY) == "£120.00"

        wish = leave(going, date(2026, 3, 10), agreed=Money(15_00))
        commands.skip_visit(session, wish, by=going.person, at=SHORTLY)

        assert held(session, going, SHORTLY) == "£90.00"

    def test_a_day_to_come_that_is_not_ordered_yet_is_never_ordered(
        self, session: Session, going: Going
    ) -> None:
        commands.skip_visit(session, leave(going, date(2026, 4, 7)), by=going.person, at=PAID_IN)

        assert going.roll(PAID_IN + WEEK) == 0
        assert going.roll(PAID_IN + 2 * WEEK) == 1

    def test_a_day_without_a_visit_is_not_found(self, session: Session, going: Going) -> None:
        with pytest.raises(NotFoundError, match="Nothing is planned for that day"):
            commands.skip_visit(
                session, leave(going, date(2026, 3, 18)), by=going.person, at=PAID_IN
            )

    def test_a_pause_gives_all_of_its_money_back(self, session: Session, going: Going) -> None:
        wish = leave(going, date(2026, 3, 12), date(2026, 3, 30))

        commands.pause_standing(session, wish, by=going.person, at=PAID_IN)

        assert held(session, going) == "£60.00"
        assert [status for _, status in going.days()] == [
            "Covered",
            "Left out",
            "Left out",
            "Covered",
        ]

    def test_it_goes_on_sooner_without_doubling_a_visit(
        self, session: Session, going: Going
    ) -> None:
        wish = leave(going, date(2026, 3, 12), date(2026, 3, 30))
        commands.pause_standing(session, wish, by=going.person, at=PAID_IN)
        gap = going.view().gaps[0]

        commands.resume_standing(
            session, standing_id=going.id, gap_id=gap.id, by=going.person, at=PAID_IN
        )
        going.roll(PAID_IN + DAY)

        assert held(session, going, PAID_IN + DAY) == "£120.00"
        assert [status for _, status in going.days(PAID_IN + DAY)] == ["Covered"] * 4

    @pytest.mark.parametrize(
        ("first", "until", "sentence"),
        [
            (date(2026, 3, 1), date(2026, 4, 1), "That day has gone"),
            (date(2026, 3, 12), date(2026, 3, 12), "It must go on after"),
            (date(2026, 3, 12), date(2029, 3, 12), "within a year"),
        ],
    )
    def test_days_in_the_wrong_order_are_refused(
        self, session: Session, going: Going, first: date, until: date, sentence: str
    ) -> None:
        with pytest.raises(StandingRefusedError, match=sentence):
            commands.pause_standing(
                session, leave(going, first, until), by=going.person, at=PAID_IN
            )

    def test_a_supporter_who_may_only_look_may_not(
        self, session: Session, going: Going, make: Make
    ) -> None:
        helper = make.supporter(person=going.person, scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError):
            commands.skip_visit(session, leave(going, date(2026, 3, 17)), by=helper, at=PAID_IN)

    def test_a_strangers_is_not_found(self, session: Session, going: Going, make: Make) -> None:
        with pytest.raises(NotFoundError):
            commands.skip_visit(
                session, leave(going, date(2026, 3, 17)), by=make.person(), at=PAID_IN
            )


class TestChanging:
    WISH_FROM = date(2026, 3, 16)

    def ask(self, session: Session, going: Going, weekly: Weekly = FRIDAYS) -> None:
        wish = ChangeStanding(standing_id=going.id, weekly=weekly, starts_on=self.WISH_FROM)
        commands.change_standing(session, wish, by=going.person, at=PAID_IN)

    def test_nothing_changes_before_the_provider_says_yes(
        self, session: Session, going: Going
    ) -> None:
        self.ask(session, going)

        assert [day for day, _ in going.days()] == [
            "Tue 10 Mar",
            "Tue 17 Mar",
            "Tue 24 Mar",
            "Tue 31 Mar",
        ]
        assert going.view().waiting_change is not None

    def test_with_the_yes_the_old_days_come_back_and_the_new_ones_are_ordered(
        self, session: Session, going: Going
    ) -> None:
        self.ask(session, going)

        commands.accept_standing_change(
            session, standing_id=going.id, by=going.provider, at=PAID_IN
        )
        assert held(session, going) == "£30.00"
        going.roll()

        assert going.days() == [
            ("Tue 10 Mar", "Covered"),
            ("Fri 20 Mar", "Covered"),
            ("Fri 27 Mar", "Covered"),
        ]
        assert held(session, going) == "£75.00"  # with Friday 3 April, at £15.00 each
        assert [row.number for row in going.view().patterns] == [2, 1]

    def test_with_a_no_all_stays_and_the_reason_is_told(
        self, session: Session, going: Going
    ) -> None:
        self.ask(session, going)

        commands.decline_standing_change(
            session, standing_id=going.id, reason="Fridays are full.", by=going.provider, at=PAID_IN
        )

        assert held(session, going) == "£120.00"
        assert going.view().patterns[0].reason == "Fridays are full."
        assert "No to your change" in letters_to(session, going.person)

    def test_more_each_time_from_a_day_keeps_the_days(self, session: Session, going: Going) -> None:
        more = Weekly(weekdays=frozenset({1}), minutes=(14 * 60,), quantity=3)
        self.ask(session, going, more)

        commands.accept_standing_change(
            session, standing_id=going.id, by=going.provider, at=PAID_IN
        )
        going.roll()

        assert held(session, going) == "£165.00"  # 30 + 3 * 45

    def test_a_second_wish_takes_the_place_of_the_first(
        self, session: Session, going: Going
    ) -> None:
        self.ask(session, going)
        self.ask(session, going, Weekly(weekdays=frozenset({2}), minutes=(60,), quantity=1))

        answers = [row.answer.value for row in going.view().patterns]
        assert answers == ["waiting", "withdrawn", "yes"]

    def test_a_no_without_a_reason_and_a_yes_to_nothing_are_refused(
        self, session: Session, going: Going
    ) -> None:
        with pytest.raises(WrongStateError, match="No change waits"):
            commands.accept_standing_change(
                session, standing_id=going.id, by=going.provider, at=PAID_IN
            )
        self.ask(session, going)
        with pytest.raises(BadLineError, match="Say why"):
            commands.decline_standing_change(
                session, standing_id=going.id, reason=" ", by=going.provider, at=PAID_IN
            )

    def test_another_provider_answers_nothing(
        self, session: Session, going: Going, make: Make
    ) -> None:
        with pytest.raises(NotFoundError):
            commands.accept_standing_change(
                session, standing_id=going.id, by=make.provider(), at=PAID_IN
            )
