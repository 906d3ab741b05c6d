"""Setting money aside, and refusing to."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.errors import OrderIdReusedError, SpendRefusedError
from marketplace.budgets.rules import LimitKind, LimitWindow, RefusalReason, Spend
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


def hold(session: Session, funded: Funded, spend: Spend, *, at: datetime = PAID_IN) -> None:
    """Set money aside, as the person themselves."""
    commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)


def refusal(session: Session, funded: Funded, spend: Spend, *, at: datetime = PAID_IN) -> str:
    """Return the sentence with which a spend is refused."""
    with pytest.raises(SpendRefusedError) as refused:
        hold(session, funded, spend, at=at)
    return str(refused.value)


def assert_books_balance(session: Session) -> None:
    """Hold the ledger and the counters to what they were made from."""
    session.flush()
    assert ledger.problems(session) == []
    assert queries.problems(session) == []


class TestHold:
    def test_moves_money_from_available_to_held(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))

        make.hold(funded, Money(30_00))

        line = make.lines(funded)[0]
        assert (line.available, line.held) == (Money(70_00), Money(30_00))
        assert_books_balance(session)

    def test_holds_once_for_one_order(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        spend = make.spend(Money(30_00), council_id=funded.council_id)

        hold(session, funded, spend)
        hold(session, funded, spend)

        assert make.lines(funded)[0].available == Money(70_00)
        assert_books_balance(session)

    def test_refuses_another_amount_under_the_same_order(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        order_id = make.hold(funded, Money(30_00))
        other = make.spend(Money(31_00), council_id=funded.council_id, order_id=order_id)

        with pytest.raises(OrderIdReusedError):
            hold(session, funded, other)

    def test_refuses_another_persons_order(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(30_00))
        stranger = make.funded_person()
        spend = make.spend(Money(30_00), council_id=stranger.council_id, order_id=order_id)

        with pytest.raises(OrderIdReusedError):
            hold(session, stranger, spend)

    def test_says_what_is_left_and_what_comes_when(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(138_46))
        make.hold(funded, Money(126_46))

        sentence = refusal(session, funded, make.spend(Money(40_00), council_id=funded.council_id))

        assert sentence == (
            "There is £12.00 left to spend, and this needs £40.00. "
            "Your next £138.46 comes on Wednesday 1 April."
        )

    def test_says_nothing_of_what_comes_when_nothing_does(
        self, session: Session, make: Make
    ) -> None:
        practitioner = make.practitioner()
        person = make.person()
        make.line(person=person, practitioner=practitioner, ends_before=date(2026, 4, 1))
        funded = Funded(person, practitioner.works_for, uuid4(), practitioner)

        sentence = refusal(session, funded, make.spend(Money(101_00), council_id=funded.council_id))

        assert sentence == "There is £100.00 left to spend, and this needs £101.00."

    def test_names_the_limit_who_set_it_why_and_how_to_ask(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])

        sentence = refusal(session, funded, make.spend(Money(40_00), council_id=funded.council_id))

        assert sentence == (
            "This costs £40.00. Your limit of £30.00 for one order was set by "
            "Priya Nair (Ashdale Council) because: We agreed to start small. "
            "You can ask them to let it through once, or to change it."
        )
        assert make.lines(funded)[0].available == Money(100_00)

    def test_says_what_is_left_under_a_limit_and_until_when(
        self, session: Session, make: Make
    ) -> None:
        limit = make.limit(Money(60_00), window=LimitWindow.FOUR_WEEKS, reason="To make it last")
        funded = make.funded_person(limits=[limit])
        make.hold(funded, Money(45_00))

        sentence = refusal(session, funded, make.spend(Money(20_00), council_id=funded.council_id))

        assert sentence == (
            "This costs £20.00. Your limit of £60.00 for four weeks was set by "
            "Priya Nair (Ashdale Council) because: To make it last. "
            "There is £15.00 left under it until Wednesday 1 April. "
            "You can ask them to let it through once, or to change it."
        )

    def test_says_whom_to_ask_first(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(50_00), window=LimitWindow.EVER, kind=LimitKind.ASK)
        funded = make.funded_person(limits=[limit])
        spend = make.spend(Money(60_00), council_id=funded.council_id)

        sentence = refusal(session, funded, spend)

        assert sentence == (
            "This costs £60.00. Ask Priya Nair (Ashdale Council) first: above £50.00 in all they "
            "want to talk with you, because: We agreed to start small. "
            "There is £50.00 left under it."
        )
        answer = queries.may_buy(session, person_id=funded.id, spends=[spend], at=PAID_IN)[0]
        assert (answer.yes, answer.asks) == (False, True)

    def test_never_gets_round_a_limit_by_the_next_line(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])
        make.line(person=funded.person, practitioner=funded.practitioner)

        sentence = refusal(session, funded, make.spend(Money(40_00), council_id=funded.council_id))

        assert "Your limit of £30.00 for one order" in sentence

    def test_says_which_part_of_the_price_a_limit_stops(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(35_00), limits=[make.limit(Money(30_00))])
        make.line(person=funded.person, practitioner=funded.practitioner)

        sentence = refusal(session, funded, make.spend(Money(40_00), council_id=funded.council_id))

        assert sentence.startswith(
            "This costs £40.00, and £35.00 of it would come from Adult social care. "
            "Your limit of £30.00 for one order"
        )

    def test_takes_what_one_line_lacks_from_the_next(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(50_00))
        make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(20_00))

        make.hold(funded, Money(65_00))

        assert [line.held for line in make.lines(funded)] == [Money(50_00), Money(15_00)]
        assert_books_balance(session)

    def test_takes_from_the_lines_asked_for_in_their_sequence(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        second = make.line(
            person=funded.person, practitioner=funded.practitioner, instalment=Money(20_00)
        )
        spend = make.spend(
            Money(30_00), council_id=funded.council_id, line_ids=[second, funded.line_id]
        )

        hold(session, funded, spend)

        assert [line.held for line in make.lines(funded)] == [Money(10_00), Money(20_00)]

    def test_never_takes_from_another_council_or_person(self, session: Session, make: Make) -> None:
        funded, other = make.funded_person(), make.funded_person()

        elsewhere = make.spend(Money(10_00), council_id=other.council_id)
        of_other = make.spend(Money(10_00), council_id=funded.council_id, line_ids=[other.line_id])

        assert "none of your money can be used for it" in refusal(session, funded, elsewhere)
        assert "none of your money can be used for it" in refusal(session, funded, of_other)

    def test_never_takes_from_a_line_that_has_not_begun_or_has_ended(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        spend = make.spend(Money(10_00), council_id=funded.council_id)

        assert "none of your money" in refusal(
            session, funded, spend, at=PAID_IN - timedelta(days=1)
        )

    def test_costs_nothing_when_it_is_free(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])

        make.hold(funded, ZERO)

        assert make.lines(funded)[0].held == ZERO
        assert_books_balance(session)


class TestOpenHolds:
    def test_say_what_is_still_set_aside_for_each_order(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        first, free = make.hold(funded, Money(30_00)), make.hold(funded, ZERO)
        commands.release(session, order_id=first, key="r", amount=Money(5_00), at=PAID_IN)

        assert queries.open_holds(session) == {first: Money(25_00), free: ZERO}


class TestWindows:
    def test_count_from_the_day_the_order_is_placed(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(30_00), window=LimitWindow.DAY)
        funded = make.funded_person(limits=[limit])
        tomorrow = PAID_IN + timedelta(days=1)

        make.hold(funded, Money(30_00))
        make.hold(funded, Money(30_00), at=tomorrow)

        assert make.lines(funded)[0].limits[0].used == Money(30_00)
        assert make.lines(funded, at=tomorrow)[0].limits[0].remaining == ZERO
        assert_books_balance(session)

    def test_begin_at_midnight_in_london(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(30_00), window=LimitWindow.DAY)
        funded = make.funded_person(limits=[limit])
        # On 29 March the clocks go forward: 23:30 UTC is half past midnight of the 30th.
        make.hold(funded, Money(30_00), at=datetime(2026, 3, 29, 22, 30, tzinfo=UTC))

        after_midnight = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
        make.hold(funded, Money(30_00), at=after_midnight)

        assert make.lines(funded)[0].available == Money(40_00)

    def test_of_every_limit_of_the_line_are_used(self, session: Session, make: Make) -> None:
        windows = [window for window in LimitWindow if window.adds_up]
        limits = [make.limit(Money(50_00), window=window) for window in windows]
        funded = make.funded_person(limits=limits)

        make.hold(funded, Money(20_00))
        make.hold(funded, Money(10_00))

        assert [limit.remaining for limit in make.lines(funded)[0].limits] == [Money(20_00)] * 6
        assert_books_balance(session)


class TestMayBuy:
    def test_answers_one_thing_after_the_other(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(70_00), window=LimitWindow.WEEK)
        funded = make.funded_person(to_spend=Money(100_00), limits=[limit])
        spends = [
            make.spend(Money(pence), council_id=funded.council_id)
            for pence in (40_00, 31_00, 30_00)
        ]

        first, second, third = queries.may_buy(
            session, person_id=funded.id, spends=spends, at=PAID_IN
        )

        assert (first.yes, first.left_after) == (True, Money(60_00))
        assert [(after.label, after.remaining) for after in first.limits_after] == [
            ("Adult social care, £70.00 for one week", "£30.00")
        ]
        assert (second.yes, second.why, second.remaining) == (
            False,
            RefusalReason.LIMIT,
            Money(30_00),
        )
        assert (third.yes, third.left_after) == (True, Money(30_00))
        assert make.lines(funded)[0].held == ZERO

    def test_counts_the_parts_of_one_order_together(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])
        order_id = uuid4()
        parts = [
            make.spend(Money(pence), council_id=funded.council_id, order_id=order_id)
            for pence in (20_00, 15_00)
        ]
        other = make.spend(Money(15_00), council_id=funded.council_id)

        answers = queries.may_buy(session, person_id=funded.id, spends=[*parts, other], at=PAID_IN)

        assert [answer.yes for answer in answers] == [True, False, True]
        assert "The rest of this order takes £20.00 of it." in answers[1].refusal

    def test_says_which_council_pays(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        second = make.practitioner()
        make.line(person=funded.person, practitioner=second)

        before = queries.paying_council(session, person_id=funded.id, at=PAID_IN)
        make.hold(funded, Money(100_00))
        after = queries.paying_council(session, person_id=funded.id, at=PAID_IN)

        assert (before, after) == (funded.council_id, second.works_for)

    def test_says_that_no_council_pays_for_somebody_without_lines(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()

        assert queries.paying_council(session, person_id=person.buys_for, at=PAID_IN) is None


class TestRecordRefusal:
    def test_keeps_what_was_wanted(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])
        spend = make.spend(Money(40_00), council_id=funded.council_id)
        answer = queries.may_buy(session, person_id=funded.id, spends=[spend], at=PAID_IN)[0]

        commands.record_refusal(
            session, person_id=funded.id, spend=spend, answer=answer, at=PAID_IN
        )

        session.flush()
        kept = queries.refusals_of(session, person_id=funded.id)
        assert [(row.why, row.wanted, row.remaining) for row in kept] == [
            (RefusalReason.LIMIT, Money(40_00), Money(30_00))
        ]
