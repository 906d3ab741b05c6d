"""Handing lines to another council, and closing them: every penny goes on, nothing goes back."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import ChangeLine, OfferLine, TakeOver
from marketplace.budgets.errors import BadLineError, HandoverDoneError
from marketplace.budgets.rules import Calendar, Funder, LimitWindow
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

APRIL = datetime(2026, 4, 1, 9, tzinfo=UTC)
WHY = "They move house."


def funder_of(session: Session, council_id: UUID, kind: AccountKind = AccountKind.FUNDER) -> Money:
    """Return what a council has paid in, as less than nothing."""
    return ledger.balances(session, owner_ids=[council_id], kind=kind)[council_id]


def offer(session: Session, funded: Funded, to_council_id: UUID) -> UUID:
    """Offer somebody's line to another council."""
    wish = OfferLine(
        handover_id=uuid4(), line_id=funded.line_id, to_council_id=to_council_id, reason=WHY
    )
    return commands.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)


def take(session: Session, handover_id: UUID, by: Actor, yearly: Money = Money(1_300_00)) -> UUID:
    """Go on with a line that was offered."""
    wish = TakeOver(handover_id=handover_id, yearly=yearly)
    return commands.take_over(session, wish, by=by, at=PAID_IN)


def books_fit(session: Session) -> None:
    """Assert that lines, holds and ledger fit."""
    assert queries.problems(session) == []
    assert ledger.problems(session) == []


def used(session: Session, funded: Funded, line_id: UUID) -> list[Money]:
    """Return what is used of each limit of a line, the least first."""
    row = queries.line(session, line_id=line_id, person_id=funded.id, at=PAID_IN)
    return sorted(limit.used for limit in row.limits)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 and a limit for one order."""
    return make.funded_person(to_spend=Money(100_00), limits=[make.limit(Money(50_00))])


@pytest.fixture
def other(make: Make) -> Actor:
    """Return a practitioner of another council."""
    return make.practitioner(name="Owen Reed")


class TestTakeOver:
    def test_moves_what_is_free_in_one_transfer(
        self, session: Session, make: Make, funded: Funded, other: Actor
    ) -> None:
        make.hold(funded, Money(30_00))

        new = take(session, offer(session, funded, other.works_for), other)

        rows = queries.lines_of(session, person_id=funded.id, at=PAID_IN)
        assert [(row.id, row.council_id, row.available) for row in rows] == [
            (new, other.works_for, Money(70_00))
        ]
        assert funder_of(session, funded.council_id) == Money(-30_00)
        assert funder_of(session, other.works_for) == Money(-70_00)
        assert other.works_for in councils.funding_councils(session, person_id=funded.id)
        books_fit(session)

    def test_keeps_plan_limits_calendar_and_history(
        self, session: Session, funded: Funded, other: Actor
    ) -> None:
        new = take(session, offer(session, funded, other.works_for), other, Money(2_600_00))

        row = queries.lines_of(session, person_id=funded.id, at=PAID_IN)[0]
        assert [limit.label for limit in row.limits] == ["£50.00 for one order"]
        assert (row.next_instalment_on, row.instalment) == (date(2026, 4, 1), Money(200_00))
        assert [each.sentence for each in queries.outcomes_of_line(session, line_id=new)] == [
            "I see my friends."
        ]
        story = queries.line_story(session, line_id=new, person_id=funded.id, at=PAID_IN)
        assert story.before is not None
        assert (story.before.id, story.before.closed) == (funded.line_id, True)
        statement = queries.statement_of_person(session, person_id=funded.id)
        assert {row.reason for row in statement.rows} == {"instalment", "handover"}
        commands.pay_due_instalments(session, on=APRIL.date(), at=APRIL)
        row = queries.lines_of(session, person_id=funded.id, at=APRIL)[0]
        assert row.available == Money(300_00)

    def test_goes_on_counting_what_was_spent_under_its_limits(
        self, session: Session, make: Make, other: Actor
    ) -> None:
        windows = (LimitWindow.ORDER, LimitWindow.YEAR, LimitWindow.EVER)
        limits = [make.limit(Money(90_00), window=window) for window in windows]
        funded = make.funded_person(to_spend=Money(100_00), limits=limits)
        order_id = make.hold(funded, Money(30_00))

        new = take(session, offer(session, funded, other.works_for), other)

        assert used(session, funded, new) == [ZERO, Money(30_00), Money(30_00)]
        commands.release(session, order_id=order_id, key="r", amount=Money(12_00), at=APRIL)
        assert used(session, funded, new) == [ZERO, Money(18_00), Money(18_00)]
        third = make.practitioner(name="Ola Third")
        wish = OfferLine(
            handover_id=uuid4(), line_id=new, to_council_id=third.works_for, reason=WHY
        )
        commands.offer_line(session, wish, by=other, at=PAID_IN)
        last = take(session, wish.handover_id, third)
        assert used(session, funded, last) == [ZERO, Money(18_00), Money(18_00)]
        books_fit(session)

    def test_lets_what_comes_back_flow_on_at_once(
        self, session: Session, make: Make, funded: Funded, other: Actor
    ) -> None:
        first, second = make.hold(funded, Money(30_00)), make.hold(funded, Money(20_00))
        provider_id = uuid4()
        new = take(session, offer(session, funded, other.works_for), other)

        commands.release(session, order_id=first, key="r1", amount=Money(12_00), at=APRIL)
        commands.release(session, order_id=first, key="r1", amount=Money(12_00), at=APRIL)
        paid: dict[str, Any] = {"order_id": second, "provider_id": provider_id, "at": APRIL}
        commands.capture(session, key="c", amount=Money(20_00), **paid)
        commands.refund(session, key="f", amount=Money(5_00), **paid)

        old = queries.line(session, line_id=funded.line_id, person_id=funded.id, at=APRIL)
        row = queries.line(session, line_id=new, person_id=funded.id, at=APRIL)
        assert (old.available, old.held) == (ZERO, Money(18_00))
        assert row.available == Money(67_00)
        assert funder_of(session, funded.council_id) == Money(-33_00)
        books_fit(session)

    def test_of_own_money_asks_no_council(self, session: Session, make: Make, other: Actor) -> None:
        funded = make.funded_person()
        own = commands.own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=PAID_IN
        )
        commands.pay_in(
            session,
            line_id=own,
            key="own",
            amount=Money(9_00),
            why=commands.PayIn.CARD,
            by_user_id=None,
            at=PAID_IN,
        )
        wish = OfferLine(
            handover_id=uuid4(), line_id=own, to_council_id=other.works_for, reason=WHY
        )
        commands.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)

        take(session, wish.handover_id, other, ZERO)

        assert funder_of(session, other.works_for) == ZERO
        assert funder_of(session, other.works_for, AccountKind.OUTSIDE) == Money(-9_00)
        books_fit(session)

    def test_said_twice_is_once(self, session: Session, funded: Funded, other: Actor) -> None:
        handover_id = offer(session, funded, other.works_for)

        assert take(session, handover_id, other) == take(session, handover_id, other)
        books_fit(session)

    def test_is_for_the_council_that_was_asked(
        self, session: Session, make: Make, funded: Funded, other: Actor
    ) -> None:
        handover_id = offer(session, funded, other.works_for)
        for by, error in (
            (make.practitioner(), NotFoundError),
            (funded.practitioner, NotFoundError),
            (funded.person, NotAllowedError),
        ):
            with pytest.raises(error):
                take(session, handover_id, by)

    def test_is_refused_once_it_was_turned_down_or_taken_back(
        self, session: Session, funded: Funded, other: Actor
    ) -> None:
        first = offer(session, funded, other.works_for)
        commands.turn_down_handover(
            session, handover_id=first, words="Not ours.", by=other, at=PAID_IN
        )
        second = offer(session, funded, other.works_for)
        commands.take_back_offer(session, handover_id=second, by=funded.practitioner, at=PAID_IN)

        for handover_id in (first, second):
            with pytest.raises(HandoverDoneError):
                take(session, handover_id, other)

    def test_needs_an_amount(self, session: Session, funded: Funded, other: Actor) -> None:
        handover_id = offer(session, funded, other.works_for)

        with pytest.raises(BadLineError):
            take(session, handover_id, other, ZERO)


class TestOffer:
    def test_refuses_the_same_council_and_a_second_offer(
        self, session: Session, funded: Funded, other: Actor
    ) -> None:
        with pytest.raises(BadLineError, match="another council than your own"):
            offer(session, funded, funded.council_id)
        offer(session, funded, other.works_for)
        with pytest.raises(BadLineError, match="offered already"):
            offer(session, funded, other.works_for)


class TestClose:
    def close(self, session: Session, funded: Funded, line_id: UUID, into: UUID | None) -> None:
        """Close a line."""
        commands.close_line(
            session,
            ChangeLine.new(line_id, WHY),
            into_id=into,
            by=funded.practitioner,
            at=PAID_IN,
        )

    def test_takes_no_councils_money_back(self, session: Session, funded: Funded) -> None:
        with pytest.raises(BadLineError, match=r"£100.00 is left"):
            self.close(session, funded, funded.line_id, None)

    def test_refuses_while_orders_are_open(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        make.hold(funded, Money(40_00))

        with pytest.raises(BadLineError, match=r"£40.00 is set aside"):
            self.close(session, funded, funded.line_id, None)

    def test_flows_on_with_all_that_is_free_and_comes_back(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        order_id = make.hold(funded, Money(40_00))
        into = make.line(
            person=funded.person, practitioner=funded.practitioner, instalment=Money(1_00)
        )

        self.close(session, funded, funded.line_id, into)
        commands.release(session, order_id=order_id, key="r", amount=Money(40_00), at=PAID_IN)

        rows = queries.lines_of(session, person_id=funded.id, at=PAID_IN)
        assert [(row.id, row.available) for row in rows] == [(into, Money(101_00))]
        assert funder_of(session, funded.council_id) == Money(-101_00)
        books_fit(session)

    def test_owes_own_money_to_the_person_until_it_is_paid(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        own = commands.own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=PAID_IN
        )
        commands.pay_in(
            session,
            line_id=own,
            key="own",
            amount=Money(9_00),
            why=commands.PayIn.CARD,
            by_user_id=None,
            at=PAID_IN,
        )

        self.close(session, funded, own, None)

        assert funder_of(session, funded.council_id, AccountKind.OWED) == Money(9_00)
        books_fit(session)

    def test_is_undone_when_money_comes_back_that_has_nowhere_to_go(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        order_id, provider_id = make.hold(funded, Money(50_00)), uuid4()
        rest = make.hold(funded, Money(50_00))
        for order in (order_id, rest):
            commands.capture(
                session,
                order_id=order,
                key=f"c/{order}",
                amount=Money(50_00),
                provider_id=provider_id,
                at=PAID_IN,
            )
        self.close(session, funded, funded.line_id, None)
        assert queries.lines_of(session, person_id=funded.id, at=PAID_IN) == []

        commands.refund(
            session,
            order_id=order_id,
            key="f",
            amount=Money(5_00),
            provider_id=provider_id,
            at=APRIL,
        )

        rows = queries.lines_of(session, person_id=funded.id, at=APRIL)
        assert [(row.id, row.available) for row in rows] == [(funded.line_id, Money(5_00))]
        books_fit(session)

    def test_flows_only_to_an_open_line_of_the_same_person_and_council(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        strangers = make.funded_person(council_id=funded.council_id).line_id
        elsewhere = make.line(person=funded.person, practitioner=make.practitioner())
        for into in (strangers, elsewhere, funded.line_id):
            with pytest.raises(NotFoundError):
                self.close(session, funded, funded.line_id, into)

    def test_keeps_own_money_and_the_councils_apart(self, session: Session, funded: Funded) -> None:
        own = commands.own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=PAID_IN
        )

        with pytest.raises(BadLineError, match="stay apart"):
            self.close(session, funded, funded.line_id, own)


def test_a_stopped_line_is_spent_and_gets_no_more(session: Session, funded: Funded) -> None:
    commands.stop_line(
        session, ChangeLine.new(funded.line_id, WHY), by=funded.practitioner, at=PAID_IN
    )

    commands.pay_due_instalments(session, on=APRIL.date(), at=APRIL)
    row = queries.lines_of(session, person_id=funded.id, at=APRIL)[0]
    assert (row.available, row.next_instalment_on) == (Money(100_00), None)
    assert row.calendar is Calendar.FOUR_WEEKLY
    with pytest.raises(BadLineError):
        commands.stop_line(
            session, ChangeLine.new(funded.line_id, WHY), by=funded.practitioner, at=PAID_IN
        )


def test_a_ring_fence_of_its_own_is_kept(session: Session, make: Make) -> None:
    funded = make.funded_person()
    with session.no_autoflush:
        queries.lines_of(session, person_id=funded.id, at=PAID_IN)
    make.category(slug="company", name="Someone to be with")
    wish = commands.OpenLine(
        line_id=uuid4(),
        person_id=funded.id,
        funder=Funder.CARERS_BUDGET,
        yearly=Money(50_00),
        calendar=Calendar.ONE_OFF,
        holder=queries.lines_of(session, person_id=funded.id, at=PAID_IN)[0].holder,
        starts_on=PAID_IN.date(),
        only_for=("company",),
    )
    fenced = commands.open_line(session, wish, by=funded.practitioner, at=PAID_IN)
    allowed = make.spend(Money(1_00), council_id=funded.council_id, line_ids=[fenced])
    part = allowed.parts[0]

    row = queries.line(session, line_id=fenced, person_id=funded.id, at=PAID_IN)

    assert row.may_buy.sentences[0] == "This money is only for: Someone to be with."
    assert row.may_buy.against(part.category, from_council=False) == ""
    assert row.may_buy.against("meals", from_council=False) == row.may_buy.only_words
