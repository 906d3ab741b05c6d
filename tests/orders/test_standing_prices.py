"""Standing orders: dearer, ended, who comes, and how long the money lasts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import EndStanding
from marketplace.orders.errors import (
    BadLineError,
    PriceChangedError,
    StandingRefusedError,
    WrongStateError,
)
from marketplace.orders.rules.standing_states import StandingState
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import Going, dearer, held, letters_to

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


class TestPrices:
    def test_a_rise_stops_new_weeks_until_the_person_answers(
        self, session: Session, going: Going
    ) -> None:
        dearer(going, Money(17_00))

        assert going.roll(PAID_IN + WEEK) == 0

        view = going.view(PAID_IN + WEEK)
        assert view.rise is not None
        assert (view.rise.four_weeks.before, view.rise.four_weeks.after) == (
            Money(120_00),
            Money(136_00),
        )
        assert view.rise.a_week == Money(4_00)
        assert "you have not said yes or no to the new one" in view.not_covered[0].words
        assert held(session, going, PAID_IN + WEEK) == "£120.00"

    def test_with_a_yes_the_weeks_are_ordered_at_the_new_price(
        self, session: Session, going: Going
    ) -> None:
        dearer(going, Money(17_00))
        going.roll(PAID_IN + WEEK)
        with pytest.raises(PriceChangedError):
            commands.agree_to_price(
                session, standing_id=going.id, seen=Money(1), by=going.person, at=PAID_IN + WEEK
            )

        commands.agree_to_price(
            session, standing_id=going.id, seen=Money(136_00), by=going.person, at=PAID_IN + WEEK
        )

        assert going.roll(PAID_IN + WEEK) == 1
        assert held(session, going, PAID_IN + WEEK) == "£154.00"

    def test_with_a_no_it_ends_after_what_is_ordered(self, session: Session, going: Going) -> None:
        dearer(going, Money(17_00))
        going.roll(PAID_IN + WEEK)

        commands.turn_down_price(session, standing_id=going.id, by=going.person, at=PAID_IN + WEEK)

        view = going.view(PAID_IN + WEEK)
        assert view.row.state is StandingState.ENDING
        assert view.ends_before == date(2026, 4, 1)
        assert held(session, going, PAID_IN + WEEK) == "£120.00"
        assert going.roll(PAID_IN + 2 * WEEK) == 0

    def test_the_provider_can_keep_the_old_price_until_then(
        self, session: Session, going: Going
    ) -> None:
        dearer(going, Money(17_00))
        going.roll(PAID_IN + WEEK)

        commands.keep_old_price(session, standing_id=going.id, by=going.provider, at=PAID_IN + WEEK)

        assert going.roll(PAID_IN + WEEK) == 1
        assert held(session, going, PAID_IN + WEEK) == "£150.00"
        assert "The old price for now" in letters_to(session, going.person)

    def test_a_rise_that_is_taken_back_and_a_fall_need_no_answer(
        self, session: Session, going: Going
    ) -> None:
        dearer(going, Money(17_00))
        going.roll(PAID_IN + WEEK)
        dearer(going, Money(14_00))

        assert going.roll(PAID_IN + WEEK + DAY) == 1

        assert going.view(PAID_IN + WEEK + DAY).rise is None
        assert held(session, going, PAID_IN + WEEK + DAY) == "£148.00"

    def test_it_is_told_once_to_both(self, session: Session, going: Going) -> None:
        dearer(going, Money(17_00))
        going.roll(PAID_IN + WEEK)
        going.roll(PAID_IN + WEEK + DAY)

        told = [one for one in letters_to(session, going.person) if "puts the price up" in one]
        assert len(told) == 1
        assert letters_to(session, going.provider).count("Your new price waits for a yes") == 1

    def test_no_price_waits_is_refused(self, session: Session, going: Going) -> None:
        with pytest.raises(WrongStateError, match="No new price waits"):
            commands.turn_down_price(session, standing_id=going.id, by=going.person, at=PAID_IN)


class TestEnding:
    def test_what_comes_after_the_last_day_is_called_off(
        self, session: Session, going: Going
    ) -> None:
        wish = EndStanding(standing_id=going.id, last_on=date(2026, 3, 17), reason="I move.")

        commands.end_standing(session, wish, by=going.person, at=PAID_IN)

        assert held(session, going) == "£60.00"
        assert going.view().row.state is StandingState.ENDING
        assert going.roll(PAID_IN + WEEK) == 0
        assert going.view(PAID_IN + 3 * WEEK).row.state is StandingState.ENDED

    def test_said_twice_it_is_written_down_once(self, session: Session, going: Going) -> None:
        wish = EndStanding(standing_id=going.id, last_on=date(2026, 3, 17), reason="I move.")
        for _ in range(2):
            commands.end_standing(session, wish, by=going.person, at=PAID_IN)
        said = select(func.count()).select_from(AuditEntry)

        assert session.scalar(said.where(AuditEntry.what == "standing-ended")) == 1
        sooner = replace(wish, last_on=date(2026, 3, 10))
        commands.end_standing(session, sooner, by=going.person, at=PAID_IN)
        assert session.scalar(said.where(AuditEntry.what == "standing-ended")) == 2

    def test_a_provider_gives_four_weeks_and_a_reason(self, session: Session, going: Going) -> None:
        soon = EndStanding(standing_id=going.id, last_on=date(2026, 3, 20), reason="Too far.")
        later = EndStanding(standing_id=going.id, last_on=date(2026, 4, 3), reason="Too far.")

        with pytest.raises(StandingRefusedError, match="Leave them four weeks"):
            commands.stop_providing(session, soon, by=going.provider, at=PAID_IN)
        nothing = EndStanding(standing_id=going.id, last_on=date(2026, 4, 3))
        with pytest.raises(BadLineError):
            commands.stop_providing(session, nothing, by=going.provider, at=PAID_IN)
        commands.stop_providing(session, later, by=going.provider, at=PAID_IN)

        assert going.view().end_reason == "Too far."
        assert held(session, going) == "£120.00"


class TestWorkers:
    def test_who_comes_changes_and_the_person_is_told(
        self, session: Session, going: Going, make: Make
    ) -> None:
        for name in ("Wren Ashby", "Jo Carr"):
            make.worker(provider=going.provider, name=name)
        commands.send_worker(
            session,
            standing_id=going.id,
            worker="Wren Ashby",
            from_on=date(2026, 3, 10),
            by=going.provider,
            at=PAID_IN,
        )
        commands.send_worker(
            session,
            standing_id=going.id,
            worker="Jo Carr",
            from_on=date(2026, 3, 24),
            by=going.provider,
            at=PAID_IN,
        )

        assert [day.worker for day in going.view().days] == [
            "Wren Ashby",
            "Wren Ashby",
            "Jo Carr",
            "Jo Carr",
        ]
        assert going.view().workers_this_month == ("Jo Carr", "Wren Ashby")
        assert "Who comes: Jo Carr" in letters_to(session, going.person)
        going.roll(PAID_IN + WEEK)
        assert going.view(PAID_IN + WEEK).worker == "Jo Carr"

    def test_one_visit_alone(self, session: Session, going: Going, make: Make) -> None:
        make.worker(provider=going.provider, name="Wren Ashby")
        visit = make.order(going.first).visits[0]

        commands.send_worker_to_visit(
            session, visit_id=visit.id, worker="Wren Ashby", by=going.provider, at=PAID_IN
        )

        order = make.order(going.first)
        assert order.visits[0].worker == "Wren Ashby"
        assert order.workers_this_month == ("Wren Ashby",)
        assert "Who comes: Wren Ashby" in letters_to(session, going.person)

    def test_somebody_who_does_not_work_there_is_refused(
        self, session: Session, going: Going
    ) -> None:
        with pytest.raises(BadLineError, match="Choose somebody who works for your store"):
            commands.send_worker(
                session,
                standing_id=going.id,
                worker="Nobody",
                from_on=date(2026, 3, 10),
                by=going.provider,
                at=PAID_IN,
            )


def test_the_money_warning_comes_once_and_again_only_after_it_lasted(
    session: Session, make: Make
) -> None:
    going = Going(make, funded=make.funded_person(to_spend=Money(100_00))).accepted()

    for n in range(3):
        going.roll(PAID_IN + n * DAY)

    warned = [one for one in letters_to(session, going.person) if "Your money lasts" in one]
    assert len(warned) == 1
    found = queries.money_lasts(session, person_id=going.funded.id, at=PAID_IN)
    assert found.until == date(2026, 3, 30)
