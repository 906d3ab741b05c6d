"""Standing orders: started, ordered week by week, and what stands in the way of a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands as budgets
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import LimitWindow
from marketplace.catalogue.rules import Unit
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.errors import (
    CeilingError,
    PriceChangedError,
    StandingRefusedError,
    WrongStateError,
)
from marketplace.orders.rules import NoteKind, OrderState
from marketplace.orders.rules.standing_states import StandingState
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import Going, dearer, held, letters_to, off_sale

WEEK = timedelta(weeks=1)
RICH = Money(500_00)


class TestStarting:
    def test_holds_the_first_week_and_asks_the_provider(self, session: Session, make: Make) -> None:
        going = Going(make)

        assert held(session, going) == "£30.00"
        assert going.view().row.state is StandingState.SENT
        assert going.roll() == 0  # nobody has taken it on

    def test_sent_twice_is_one(self, session: Session, make: Make) -> None:
        going = Going(make)

        commands.start_standing(session, going.wish, by=going.person, at=PAID_IN)

        assert held(session, going) == "£30.00"
        assert queries.orders_of_person(session, by=going.person).total == 1

    def test_the_providers_no_ends_it(self, session: Session, make: Make) -> None:
        going = Going(make)
        first = going.first.order_id

        commands.decline_order(
            session, order_id=first, reason="We are full.", by=going.provider, at=PAID_IN
        )

        assert going.view().row.state is StandingState.ENDED
        assert held(session, going) == "£0.00"

    def test_another_time_of_the_first_week_is_that_of_all(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH))
        first = going.first.order_id
        wish = commands.ProposeChange(
            order_id=first, first_at=datetime(2026, 3, 11, 15, tzinfo=UTC), words="Later?"
        )
        commands.propose_change(session, wish, by=going.provider, at=PAID_IN)

        commands.agree_change(session, order_id=first, by=going.person, at=PAID_IN)
        going.roll()

        assert going.view().row.words == "every Wednesday at 3pm"
        assert going.days() == [
            ("Wed 11 Mar", "Covered"),
            ("Wed 18 Mar", "Covered"),
            ("Wed 25 Mar", "Covered"),
        ]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"begins_on": date(2026, 3, 1)}, "That day has gone. Choose a day to come."),
            ({"begins_on": date(2028, 3, 1)}, "Choose a day within a year."),
            ({"ends_before": date(2026, 3, 9)}, "The last day must come after the first."),
            ({"ends_before": date(2026, 3, 10)}, "Nothing would happen between the first"),
            ({"outcome": False}, "Choose one of the outcomes in the list."),
        ],
    )
    def test_refuses_what_cannot_be(
        self, make: Make, changes: dict[str, object], sentence: str
    ) -> None:
        with pytest.raises(StandingRefusedError, match=sentence):
            Going(make, **changes)  # type: ignore[arg-type]

    def test_refuses_a_price_that_was_not_shown(self, make: Make) -> None:
        with pytest.raises(PriceChangedError):
            Going(make, seen=Money(100_00))

    def test_refuses_without_money(self, make: Make) -> None:
        with pytest.raises(SpendRefusedError, match=r"There is £20\.00 left to spend"):
            Going(make, funded=make.funded_person(to_spend=Money(20_00)))


class TestCircle:
    def test_four_weeks_count_for_a_ceiling(self, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY], ceiling=Money(50_00))

        with pytest.raises(CeilingError, match=r"This costs £120\.00"):
            Going(make, funded=funded, by=helper)

    def test_a_suggestion_holds_nothing_until_the_yes(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        going = Going(make, funded=funded, by=helper)
        assert going.view().row.state is StandingState.SUGGESTED
        assert held(session, going) == "£0.00"

        commands.approve_order(session, order_id=going.first.order_id, by=going.person, at=PAID_IN)

        assert going.view().row.state is StandingState.SENT
        assert held(session, going) == "£30.00"

    def test_a_yes_above_the_ceiling_of_four_weeks_is_refused(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        other = make.supporter(
            person=funded.person, scopes=[Scope.APPROVE], ceiling=Money(40_00), name="Mo Reed"
        )
        going = Going(make, funded=funded, by=helper)
        first = going.first.order_id

        with pytest.raises(CeilingError):
            commands.approve_order(session, order_id=first, by=other, at=PAID_IN)


class TestWeeks:
    def test_four_weeks_ahead_are_ordered_each_with_its_own_hold(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()

        assert going.roll() == 3

        assert held(session, going) == "£120.00"
        orders = queries.orders_of_person(session, by=going.person).rows
        assert {order.state for order in orders} == {OrderState.ACCEPTED}
        assert {order.total for order in orders} == {Money(30_00)}
        assert [status for _, status in going.days()] == ["Covered"] * 4

    def test_twice_is_once_and_the_next_week_comes_with_the_week(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()

        assert [going.roll(PAID_IN + n * WEEK) for n in (0, 0, 1, 1, 2)] == [3, 0, 1, 0, 1]

        assert held(session, going, PAID_IN + 2 * WEEK) == "£180.00"

    def test_a_missed_worker_catches_up_but_orders_no_past_visit(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()

        assert going.roll(PAID_IN + 3 * WEEK) == 4

        assert held(session, going, PAID_IN + 3 * WEEK) == "£150.00"

    def test_an_end_that_was_said_at_the_beginning_is_kept(
        self, session: Session, make: Make
    ) -> None:
        going = Going(
            make, funded=make.funded_person(to_spend=RICH), ends_before=date(2026, 3, 18)
        ).accepted()

        assert going.roll() == 1
        assert going.roll(PAID_IN + WEEK) == 0
        assert going.view(PAID_IN + 3 * WEEK).row.state is StandingState.ENDED

    def test_too_little_money_is_told_and_the_week_is_not_covered(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=Money(70_00))).accepted()

        assert going.roll() == 1

        assert [status for _, status in going.days()] == [
            "Covered",
            "Covered",
            "Not covered",
            "Not covered",
        ]
        assert "There is £10.00 left to spend" in going.view().days[2].words
        subjects = letters_to(session, going.person)
        assert "Not covered: the week of Monday 23 March 2026" in subjects
        assert "Your money lasts until Monday 23 March 2026" in subjects

    def test_it_is_tried_again_and_told_once_when_the_money_is_there(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=Money(70_00))).accepted()
        going.roll()
        going.roll(PAID_IN + timedelta(days=1))
        budgets.pay_due_instalments(
            session, on=date(2026, 4, 1), at=datetime(2026, 4, 1, 6, tzinfo=UTC)
        )

        assert going.roll(datetime(2026, 3, 22, 7, tzinfo=UTC)) >= 2

        subjects = letters_to(session, going.person)
        assert subjects.count("Not covered: the week of Monday 23 March 2026") == 1
        assert subjects.count("Covered: the week of Monday 23 March 2026") == 1

    def test_a_limit_of_a_week_refuses_one_week_and_lets_it_through_the_next(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(
            to_spend=RICH, limits=[make.limit(Money(50_00), window=LimitWindow.WEEK)]
        )
        going = Going(make, funded=funded).accepted()

        assert going.roll() == 0
        assert "We agreed to start small." in going.view().not_covered[0].words
        assert going.roll(PAID_IN + WEEK) == 1
        assert going.days(PAID_IN + WEEK)[0] == ("Tue 17 Mar", "Covered")

    def test_an_offer_that_is_not_on_sale_covers_no_week(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()
        off_sale(going)

        assert going.roll() == 0

        view = going.view()
        assert view.over_words == "This offer is not on sale, or no longer."
        assert view.days[1].status == "Not covered"
        assert view.days[1].words == view.over_words

    def test_the_terms_agreed_at_the_beginning_stay(self, session: Session, make: Make) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()
        dearer(going, Money(15_00), late_cancel_percent=100)
        going.roll()

        orders = queries.orders_of_person(session, by=going.person).rows
        seen = [
            queries.order_for(session, order_id=row.id, seen_by=going.person, at=PAID_IN)
            for row in orders
        ]
        assert {order.lines[0].late_cancel_percent for order in seen} == {50}


class TestKinds:
    @pytest.mark.parametrize("unit", [Unit.ITEM, Unit.MEMBERSHIP, Unit.RETAINER, Unit.MONTH])
    def test_what_has_no_time_is_ordered_by_the_day_and_invoiced(
        self, session: Session, make: Make, unit: Unit
    ) -> None:
        provider = make.provider()
        offer = make.offer(provider=provider, unit=unit, title="On call")
        monthly = Weekly(month_day=12, quantity=1)
        going = Going(
            make,
            funded=make.funded_person(to_spend=RICH),
            provider=provider,
            offer_id=offer,
            weekly=monthly,
        ).accepted()

        day = datetime(2026, 3, 12, 18, tzinfo=UTC)
        assert going.view().days[0].timed is False
        visit = make.order(going.first, at=day).visits[0]
        note = commands.NoteDelivery(visit_id=visit.id, note_kind=NoteKind.FULL)
        commands.note_delivery(session, note, by=provider, at=day)
        invoice_id = commands.confirm_visits(
            session,
            order_id=going.first.order_id,
            visit_ids=[visit.id],
            by=going.person,
            at=day,
        )

        assert invoice_id is not None
        invoice = queries.invoice_for(session, invoice_id=invoice_id, seen_by=provider)
        assert invoice.total == Money(15_00)
        assert "On call" in invoice.lines[0].text


def test_another_persons_is_not_theirs_to_start(session: Session, make: Make) -> None:
    going = Going(make)
    helper = make.supporter(person=going.person, scopes=[Scope.SEE])

    with pytest.raises(NotAllowedError):
        commands.start_standing(session, going.wish, by=helper, at=PAID_IN)


def test_before_the_provider_says_yes_it_cannot_be_changed(session: Session, make: Make) -> None:
    going = Going(make)
    wish = commands.LeaveOut(standing_id=going.id, from_on=date(2026, 3, 10))

    with pytest.raises(WrongStateError, match="has not said yes to it yet"):
        commands.skip_visit(session, wish, by=going.person, at=PAID_IN)
