"""Yes and no to what is suggested: one or two, whose counts, and what is kept."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.commands import ChooseCircleRule
from marketplace.access.rules import Actor, Basis, Scope
from marketplace.audit.queries import deeds_about
from marketplace.budgets.queries import refusals_of, wallet
from marketplace.database import reading, transaction
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Decided, PlaceOrder
from marketplace.orders.errors import CeilingError, WrongStateError
from marketplace.orders.queries import OrderView
from marketplace.orders.rules import (
    Asked,
    OrderState,
    Said,
    Verdict,
    earns_words,
    is_agreed,
    missing_words,
    yeses,
)
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW, Deal
from tests.orders.test_races import together

NOW = PAID_IN
LATER = NOW + timedelta(minutes=10)
PEOPLE = [UUID(int=number) for number in range(1, 6)]
PERSON, PROPOSER = PEOPLE[0], PEOPLE[1]


class TestYeses:
    @given(
        said=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(Verdict)), max_size=12),
        may_decide=st.sets(st.sampled_from(PEOPLE)),
        needed=st.integers(1, 2),
        own=st.booleans(),
    )
    def test_never_place_an_order_without_enough_different_people(
        self,
        said: list[tuple[UUID, Verdict]],
        may_decide: set[UUID],
        needed: int,
        own: bool,  # noqa: FBT001 - drawn
    ) -> None:
        asked = Asked(
            person_id=PERSON, proposer_id=PROPOSER, yeses_needed=needed, needs_own_yes=own
        )

        counted = yeses(asked, [Said(*one) for one in said], may_decide=may_decide)

        last = dict(said)
        assert PROPOSER not in counted
        assert counted <= may_decide | {PERSON}
        assert all(last[one] is Verdict.YES for one in counted)
        assert (PERSON in counted) == (last.get(PERSON) is Verdict.YES)
        agreed = is_agreed(asked, counted)
        assert agreed == (len(counted) >= needed and (not own or PERSON in counted))
        assert agreed == (missing_words(asked, counted, person="Ann") == "")

    def test_that_are_missing_are_said_in_words(self) -> None:
        two = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=2)
        own = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=2, needs_own_yes=True)
        one = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=1, needs_own_yes=True)

        assert missing_words(two, set(), person="Ann") == "two yeses from two people"
        assert missing_words(two, {PEOPLE[2]}, person="Ann") == "one more yes"
        assert missing_words(own, set(), person="Ann") == (
            "two yeses from two people, and one must be from Ann"
        )
        assert missing_words(own, {PERSON}, person="Ann") == "one more yes"
        assert missing_words(one, set(), person="Ann") == "the yes of Ann themself"

    @pytest.mark.parametrize(
        ("basis", "family", "words"),
        [
            (Basis.BROKER, False, "Mo (broker) earns from this store."),
            (Basis.HELPER, False, "Mo (family or friend who helps) earns from this store."),
            (Basis.HELPER, True, "Mo (family) earns from this store."),
            (Basis.APPOINTEE, True, "Mo (appointee (looks after benefits), family) earns from"),
            (None, True, "Mo (family) earns from this store."),
        ],
    )
    def test_say_who_earns(self, basis: Basis | None, family: bool, words: str) -> None:  # noqa: FBT001
        assert earns_words("Mo", basis, family=family).startswith(words)


class Circle:
    """A funded person with a proposer and two who may say yes."""

    def __init__(self, make: Make, *, yeses: int = 1, to_spend: Money = Money(100_00)) -> None:
        self.make = make
        self.funded = make.funded_person(name="Ann Hill", to_spend=to_spend)
        self.ali = make.supporter(
            person=self.person, scopes=[Scope.PROPOSE, Scope.SEE], name="Ali Khan"
        )
        self.mo = make.supporter(person=self.person, scopes=[Scope.APPROVE], name="Mo Reed")
        self.bea = make.supporter(person=self.person, scopes=[Scope.APPROVE], name="Bea Lane")
        self.choose(yeses)

    @property
    def person(self) -> Actor:
        return self.funded.person

    def choose(self, yeses: int, asks_from: Money | None = None, by: Actor | None = None) -> None:
        with self.make.block() as session:
            wish = ChooseCircleRule(yeses=yeses, asks_from=asks_from)
            access.choose_circle_rule(session, wish, by=by or self.person, at=NOW)

    def suggested(self, **wishes: object) -> Deal:
        return self.make.placed(funded=self.funded, by=self.ali, **wishes)  # type: ignore[arg-type]

    def yes(self, deal: Deal, by: Actor) -> Decided:
        with self.make.block() as session:
            return commands.approve_order(session, order_id=deal.order_id, by=by, at=NOW)

    def no(self, deal: Deal, by: Actor, words: str = "") -> Decided:
        with self.make.block() as session:
            return commands.refuse_proposal(
                session, order_id=deal.order_id, reason=words, by=by, at=NOW
            )

    def row_id(self, helper: Actor) -> UUID:
        with self.make.block() as session:
            rows = access_queries.circle_of(session, person_id=self.funded.id)
        return next(row.id for row in rows if row.supporter_id == helper.user_id)

    def end(self, helper: Actor) -> None:
        row_id = self.row_id(helper)
        with self.make.block() as session:
            access.end_supporter(session, supporter_row_id=row_id, by=self.person, at=NOW)

    def change(self, helper: Actor, scopes: set[Scope], ceiling: Money | None = None) -> None:
        row_id = self.row_id(helper)
        with self.make.block() as session:
            access.change_supporter(
                session,
                supporter_row_id=row_id,
                scopes=frozenset(scopes),
                ceiling=ceiling,
                ends_before=None,
                by=self.person,
                at=NOW,
            )


def held(session: Session, funded: Funded) -> Money:
    return wallet(session, person_id=funded.id, at=TOMORROW).held


def said(order: OrderView) -> list[tuple[str, str, str]]:
    return [(one.user_name, one.verdict.value, one.words) for one in order.approvals]


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


class TestDearOrders:
    def placed(self, make: Make, asks_from: Money | None, price: Money) -> OrderState:
        funded = make.funded_person()
        payer = make.supporter(person=funded.person, scopes=[Scope.PAY])
        with make.block() as session:
            access.choose_circle_rule(
                session,
                ChooseCircleRule(yeses=1, asks_from=asks_from),
                by=funded.person,
                at=NOW,
            )
        deal = make.placed(funded=funded, by=payer, price=price, quantity=1)
        return make.order(deal).state

    @pytest.mark.parametrize(
        ("asks_from", "price", "state"),
        [
            (None, Money(90_00), OrderState.PLACED),
            (Money(50_00), Money(49_99), OrderState.PLACED),
            (Money(50_00), Money(50_00), OrderState.PROPOSED),
            (ZERO, Money(1_00), OrderState.PROPOSED),
        ],
    )
    def test_wait_for_a_yes_from_the_amount_that_was_chosen(
        self,
        session: Session,
        make: Make,
        asks_from: Money | None,
        price: Money,
        state: OrderState,
    ) -> None:
        assert self.placed(make, asks_from, price) is state

    def test_of_the_person_never_wait(self, session: Session, make: Make) -> None:
        circle = Circle(make)
        circle.choose(1, ZERO)

        deal = make.placed(funded=circle.funded)

        assert make.order(deal).state is OrderState.PLACED

    def test_say_in_the_basket_why_they_wait(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        payer = make.supporter(person=funded.person, scopes=[Scope.PAY])
        access.choose_circle_rule(
            session, ChooseCircleRule(yeses=1, asks_from=Money(20_00)), by=funded.person, at=NOW
        )
        make.in_basket(payer, make.offer(provider=make.provider(), price=Money(15_00)))

        group = queries.basket(session, by=payer, at=NOW).groups[0]

        assert group.only_suggested
        assert "from £20.00 on waits for a yes" in group.waits


def agreed(deal: Deal, by: Actor) -> bool | None:
    try:
        with transaction() as session:
            answer = commands.approve_order(session, order_id=deal.order_id, by=by, at=NOW)
    except WrongStateError:
        return None
    return answer.placed


def test_two_last_yeses_at_once_place_one_order_with_one_hold(app: Flask, make: Make) -> None:
    circle = Circle(make, yeses=2)
    deal = circle.suggested()
    deeds: list[Callable[[], object]] = [
        partial(agreed, deal, by) for by in (circle.person, circle.mo, circle.bea) for _ in range(2)
    ]

    answers = together(deeds)

    with reading() as session:
        order = queries.order_for(
            session, order_id=deal.order_id, seen_by=circle.person, at=TOMORROW
        )
        assert held(session, circle.funded) == Money(30_00)
        assert queries.problems(session) == []
    assert order.state is OrderState.PLACED
    assert True in answers
    assert len({one.user_id for one in order.approvals}) == len(order.approvals) == 2


def test_yeses_and_the_end_of_a_supporter_at_once_never_place_with_one_yes(
    app: Flask, make: Make
) -> None:
    circle = Circle(make, yeses=2)
    deal = circle.suggested()
    agreed(deal, circle.mo)

    together([partial(circle.end, circle.mo), partial(agreed, deal, circle.bea)])

    with reading() as session:
        order = queries.order_for(
            session, order_id=deal.order_id, seen_by=circle.person, at=TOMORROW
        )
        placed = order.state is OrderState.PLACED
        assert held(session, circle.funded) == (Money(30_00) if placed else ZERO)
    assert placed == (order.approved_by_name == "Mo Reed and Bea Lane")


def test_placing_twice_a_dear_order_is_one_suggestion(app: Flask, make: Make) -> None:
    circle = Circle(make)
    circle.choose(1, ZERO)
    payer = make.supporter(person=circle.person, scopes=[Scope.PAY])
    provider = make.provider()
    make.in_basket(payer, make.offer(provider=provider))
    wish = PlaceOrder(order_id=UUID(int=77), provider_id=provider.works_for)

    def place() -> UUID:
        with transaction() as session:
            return commands.place_order(session, wish, by=payer, at=NOW)

    assert set(together([place] * 4)) == {wish.order_id}
    with reading() as session:
        assert held(session, circle.funded) == ZERO
