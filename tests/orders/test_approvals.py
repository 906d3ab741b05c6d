"""Yes and no to what is suggested: one or two, whose counts, and what is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.audit.queries import deeds_about
from marketplace.budgets.queries import refusals_of
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Decided
from marketplace.orders.errors import BadLineError, CeilingError, WrongStateError
from marketplace.orders.rules import (
    OrderState,
)
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal
from tests.orders.circles import Circle, held, said

NOW = PAID_IN


class TestTwoYeses:
    def test_hold_the_money_at_the_second(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()

        first = circle.yes(deal, circle.mo)
        between = (make.order(deal).state, held(session, circle.funded))
        second = circle.yes(deal, circle.person)

        assert first == Decided(missing="one more yes")
        assert between == (OrderState.PROPOSED, ZERO)
        assert second == Decided(placed=True)
        assert held(session, circle.funded) == Money(30_00)
        assert make.order(deal).approved_by_name == "Mo Reed and Ann Hill"

    def test_are_two_people_and_not_one_twice(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()

        again = [circle.yes(deal, circle.mo), circle.yes(deal, circle.mo)]

        assert again == [Decided(missing="one more yes")] * 2
        assert said(make.order(deal)) == [("Mo Reed", "yes", "")]
        assert held(session, circle.funded) == ZERO

    def test_of_whoever_left_count_no_longer(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)

        circle.end(circle.mo)

        assert circle.yes(deal, circle.bea) == Decided(missing="one more yes")
        assert circle.yes(deal, circle.person) == Decided(placed=True)
        assert make.order(deal).approved_by_name == "Bea Lane and Ann Hill"

    @pytest.mark.parametrize(
        ("scopes", "ceiling"), [({Scope.SEE}, None), ({Scope.APPROVE}, Money(29_99))]
    )
    def test_of_whoever_may_do_less_now_count_no_longer(
        self, session: Session, make: Make, scopes: set[Scope], ceiling: Money | None
    ) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)

        circle.change(circle.mo, scopes, ceiling)

        assert circle.yes(deal, circle.bea) == Decided(missing="one more yes")
        assert held(session, circle.funded) == ZERO

    def test_stay_two_when_a_supporter_asks_for_one(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        manager = make.supporter(person=circle.person, scopes=[Scope.MANAGE_CIRCLE])
        deal = circle.suggested()

        circle.choose(1, by=manager)

        assert circle.yes(deal, circle.mo) == Decided(missing="one more yes")

    def test_are_one_when_the_person_asks_for_one(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)

        circle.choose(1)

        assert circle.yes(deal, circle.mo) == Decided(placed=True)

    def test_stay_when_the_money_is_gone_and_can_be_tried_again(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        other = make.placed(funded=circle.funded, price=Money(50_00))
        circle.yes(deal, circle.mo)

        refused = circle.yes(deal, circle.bea)
        after = make.order(deal)
        make_room(session, other)
        tried = circle.yes(deal, circle.mo)

        assert "£0.00" in refused.refusal
        assert (refused.placed, after.state, after.missing) == (False, OrderState.PROPOSED, "")
        assert len(refusals_of(session, person_id=circle.funded.id)) == 1
        assert said(after) == [("Mo Reed", "yes", ""), ("Bea Lane", "yes", "")]
        assert tried == Decided(placed=True)
        assert held(session, circle.funded) == Money(30_00)
        assert queries.problems(session) == []

    def test_that_nobody_is_left_to_say_is_shown(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        before = make.order(deal).stuck

        circle.end(circle.mo)
        circle.end(circle.bea)

        assert (before, make.order(deal).stuck) == (False, True)


def make_room(session: Session, deal: Deal) -> None:
    commands.decline_order(
        session, order_id=deal.order_id, reason="Full.", by=deal.provider, at=NOW
    )


class TestYes:
    def test_said_twice_places_one_order(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()

        answers = [circle.yes(deal, circle.mo), circle.yes(deal, circle.mo)]

        assert answers == [Decided(placed=True)] * 2
        assert held(session, circle.funded) == Money(30_00)

    def test_of_a_supporter_reaches_no_further_than_their_ceiling(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make)
        circle.change(circle.mo, {Scope.APPROVE}, Money(29_99))
        deal = circle.suggested()

        with pytest.raises(CeilingError, match=r"up to £29\.99"):
            circle.yes(deal, circle.mo)

        assert make.order(deal).approvals == ()

    def test_is_asked_for_anew_where_the_page_was_opened_before_a_change(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make)
        deal = circle.suggested()
        circle.end(circle.mo)

        with pytest.raises(NotAllowedError, match="no longer lets you"):
            circle.yes(deal, circle.mo)
        with pytest.raises(NotAllowedError, match="no longer lets you"):
            circle.no(deal, circle.mo)

    def test_on_the_last_day_counts_and_on_the_next_does_not(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make)
        last_today = make.supporter(
            person=circle.person,
            scopes=[Scope.APPROVE],
            ends_before=(NOW + timedelta(days=1)).date(),
        )
        deal = circle.suggested(first_at=NOW + timedelta(days=3))

        with pytest.raises(NotAllowedError):
            commands.approve_order(
                session, order_id=deal.order_id, by=last_today, at=NOW + timedelta(days=1)
            )
        assert circle.yes(deal, last_today) == Decided(placed=True)

    def test_to_what_is_over_is_refused(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()
        circle.no(deal, circle.person)

        with pytest.raises(WrongStateError):
            circle.yes(deal, circle.mo)

    def test_to_a_time_that_has_gone_is_refused(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()

        with pytest.raises(BadLineError, match="A time in this order has gone"):
            commands.approve_order(
                session, order_id=deal.order_id, by=circle.person, at=TOMORROW + timedelta(days=1)
            )

    def test_stands_in_the_trail(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)
        circle.no(deal, circle.bea, "Too dear.")
        circle.yes(deal, circle.person)

        deeds = [deed.what for deed in deeds_about(session, subject_id=deal.order_id)]

        assert [what for what in deeds if what.startswith("order-")] == [
            "order-suggested",
            "order-yes",
            "order-dissent",
            "order-approved",
        ]


class TestNo:
    def test_of_a_supporter_is_kept_with_its_words_and_ends_nothing(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make)
        deal = circle.suggested()

        answer = circle.no(deal, circle.mo, "The other one is cheaper.")
        circle.no(deal, circle.mo, "The other one is cheaper.")
        after = make.order(deal)
        circle.yes(deal, circle.bea)

        assert answer == Decided(missing="one yes")
        assert after.state is OrderState.PROPOSED
        assert said(make.order(deal)) == [
            ("Mo Reed", "no", "The other one is cheaper."),
            ("Bea Lane", "yes", ""),
        ]
        assert make.order(deal).state is OrderState.PLACED

    def test_of_a_supporter_is_told_to_the_person(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()

        circle.no(deal, circle.mo, "Too dear.")

        letters = [one for one in session.scalars(select(Letter)) if "dissent" in one.template]
        assert [(one.to, one.values["words"]) for one in letters] == [
            (make.email_of(circle.person), "Too dear.")
        ]

    def test_after_a_yes_takes_the_yes_back(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)
        circle.no(deal, circle.mo, "I looked again.")

        assert circle.yes(deal, circle.bea) == Decided(missing="one more yes")

    def test_of_the_person_ends_it(self, session: Session, make: Make) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.yes(deal, circle.mo)

        assert circle.no(deal, circle.person, "Not now.") == Decided(refused=True)
        order = make.order(deal)
        assert (order.state, order.reason) == (OrderState.REFUSED, "Not now.")
        assert said(order)[-1] == ("Ann Hill", "no", "Not now.")

    def test_of_whoever_suggested_it_takes_it_back(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()

        assert circle.no(deal, circle.ali) == Decided(refused=True)
        assert make.order(deal).state is OrderState.REFUSED
        assert make.order(deal).approvals == ()

    def test_is_never_changed_or_taken_out(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()
        circle.no(deal, circle.mo)

        for statement in (
            "UPDATE order_approvals SET verdict = 'yes'",
            "DELETE FROM order_approvals",
        ):
            with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
                session.execute(text(statement))

    def test_is_for_those_who_may_say_one(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        deal = circle.suggested()
        sees = make.supporter(person=circle.person, scopes=[Scope.SEE])
        plans = make.supporter(person=circle.person, scopes=[Scope.PLAN])

        with pytest.raises(NotAllowedError, match="Only Ann Hill can say no"):
            circle.no(deal, sees)
        with pytest.raises(NotFoundError):
            circle.no(deal, plans)
