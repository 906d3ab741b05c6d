"""What several things in a basket may cost together, and what the words say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from marketplace.budgets.rules import (
    Calendar,
    Funder,
    Holder,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    Pot,
    Schedule,
    Spend,
    decide,
    decide_all,
    last_day,
    may_buy_with,
    refund_shares,
    spread,
    window_of,
)
from marketplace.budgets.rules import Limit as RuleLimit
from marketplace.budgets.rules.pools import (
    ask_sentence,
    consent_words,
    first_name,
    spread_in_proportion,
)
from marketplace.kernel.money import ZERO, Money

START = date(2026, 3, 4)
COUNCIL, GARDENER, COOK = UUID(int=5), UUID(int=71), UUID(int=72)


def limit(amount: Money, window: LimitWindow = LimitWindow.ORDER, **more: object) -> RuleLimit:
    """Return a limit that refuses."""
    return RuleLimit(
        id=uuid4(),
        window=window,
        span=window_of(window, START, line_starts_on=START),
        kind=LimitKind.REFUSE,
        reason="So.",
        set_by_name="Priya Nair",
        amount=amount,
        **more,  # type: ignore[arg-type]
    )


def pot(has: Money, *limits: RuleLimit) -> Pot:
    """Return a line of direct payments."""
    line_id = uuid4()
    return Pot(
        id=line_id,
        council_id=COUNCIL,
        label="Adult social care",
        available_account_id=line_id,
        held_account_id=line_id,
        available=has,
        starts_on=START,
        ends_before=None,
        limits=limits,
        next_instalment=None,
    )


def answers(
    pots: Sequence[Pot], *amounts: int, orders: Sequence[int] = (), provider: UUID = GARDENER
) -> list[bool]:
    """Say which of some things, in pounds, may be bought after each other."""
    spends = [
        Spend.of(
            Money(pounds * 100),
            order_id=UUID(int=orders[n] if orders else n + 1),
            council_id=COUNCIL,
            provider_id=provider,
            category="company",
        )
        for n, pounds in enumerate(amounts)
    ]
    return [answer.yes for answer in decide_all(spends, pots, day=START)]


def of_two(first: int, second: int, *, category: str = "company") -> Spend:
    """Return an order of two parts, in pounds; the second may be of another category."""
    return Spend(
        order_id=UUID(int=9),
        council_id=COUNCIL,
        provider_id=GARDENER,
        parts=(
            Part("company", None, Money(first * 100)),
            Part(category, None, Money(second * 100)),
        ),
    )


class TestDecide:
    def test_pays_each_part_from_what_the_other_left(self) -> None:
        lines = [pot(Money(50_00)), pot(Money(100_00))]

        answer = decide(of_two(30, 40), lines, day=START)

        assert [(share.line_id, share.part, share.amount) for share in answer.shares] == [
            (lines[0].id, 0, Money(30_00)),
            (lines[0].id, 1, Money(20_00)),
            (lines[1].id, 1, Money(20_00)),
        ]
        assert answer.left_after == Money(80_00)
        assert not decide(of_two(80, 80), lines, day=START).yes

    def test_takes_the_lines_in_their_sequence_and_no_parts_of_each(self) -> None:
        lines = [pot(Money(50_00)), pot(Money(50_00))]
        spend = replace(of_two(30, 20), parts=of_two(30, 20).parts[:1])

        assert [share.line_id for share in decide(spend, lines, day=START).shares] == [lines[0].id]

    def test_looks_past_a_limit_about_something_else(self) -> None:
        about_food = limit(Money(1), narrowed=Narrowing.CATEGORY, narrowed_to=frozenset({"food"}))
        low = limit(Money(10_00))
        of_year = limit(Money(90_00), LimitWindow.YEAR)
        line = pot(Money(100_00), about_food, low, of_year)

        assert decide(of_two(10, 10), [line], day=START).limit_id == low.id
        fine = pot(Money(100_00), about_food, limit(Money(20_00)), of_year)
        answer = decide(of_two(10, 10), [fine], day=START)
        assert [(each.limit_id, each.share, each.count) for each in answer.takings] == [
            (of_year.id, 0, 1),
            (of_year.id, 1, 0),
        ]

    def test_says_a_refusal_before_it_says_whom_to_ask(self) -> None:
        asks = limit(Money(10_00))
        refuses = limit(Money(15_00))
        line = pot(Money(100_00), replace(asks, kind=LimitKind.ASK), refuses)

        answer = decide(of_two(10, 10), [line], day=START)

        assert answer.limit_id == refuses.id

    def test_names_every_limit_that_it_passes(self) -> None:
        one, other = limit(Money(10_00)), limit(Money(15_00))
        excepted = frozenset({one.id, other.id, uuid4()})

        answer = decide(
            of_two(10, 10), [pot(Money(50_00), one, other)], day=START, excepted=excepted
        )

        assert answer.yes
        assert answer.excepted == {one.id, other.id}

    def test_counts_an_order_once_that_a_limit_counts_already(self) -> None:
        once = limit(ZERO, LimitWindow.YEAR, measure=Measure.COUNT, count_max=1, used_count=1)
        line = pot(Money(50_00), once)

        assert not decide(of_two(1, 1), [line], day=START).yes
        answer = decide(of_two(1, 1), [line], day=START, counted=frozenset({once.id}))
        assert [taking.count for taking in answer.takings] == [0, 0]


class TestDecideAll:
    def test_lets_what_comes_first_use_up_the_money(self) -> None:
        assert answers([pot(Money(100_00))], 60, 50, 40, 1) == [True, False, True, False]

    def test_lets_what_comes_first_use_up_a_limit(self) -> None:
        of_the_day = limit(Money(50_00), LimitWindow.DAY)

        assert answers([pot(Money(100_00), of_the_day)], 30, 30, 20, 1) == [
            True,
            False,
            True,
            False,
        ]

    def test_counts_what_is_of_one_order_together(self) -> None:
        pots = [pot(Money(100_00), limit(Money(50_00)))]

        assert answers(pots, 30, 30, orders=[1, 1]) == [True, False]
        assert answers(pots, 30, 30, orders=[1, 2]) == [True, True]
        assert answers(pots, 30, 20, orders=[1, 1]) == [True, True]

    def test_counts_of_one_order_what_a_limit_is_about(self) -> None:
        for_gardens = limit(
            Money(50_00),
            narrowed=Narrowing.PROVIDER,
            narrowed_to=frozenset({str(GARDENER)}),
            about="Green Fingers",
        )
        pots = [pot(Money(100_00), for_gardens)]

        assert answers(pots, 30, 30, orders=[1, 1]) == [True, False]
        assert answers(pots, 30, 30, orders=[1, 1], provider=COOK) == [True, True]

    def test_counts_an_order_of_two_things_once(self) -> None:
        two = limit(ZERO, LimitWindow.WEEK, measure=Measure.COUNT, count_max=2)
        pots = [pot(Money(100_00), two)]

        assert answers(pots, 5, 5, 5, 5, orders=[1, 1, 2, 3]) == [True, True, True, False]


def test_a_spend_of_one_part_keeps_all_that_was_said() -> None:
    order_id, outcome_id, line_id = uuid4(), uuid4(), uuid4()

    spend = Spend.of(
        Money(5),
        order_id=order_id,
        council_id=COUNCIL,
        provider_id=COOK,
        category="meals",
        outcome_id=outcome_id,
        line_ids=(line_id,),
    )

    assert spend == Spend(
        order_id=order_id,
        council_id=COUNCIL,
        provider_id=COOK,
        parts=(Part("meals", outcome_id, Money(5)),),
        line_ids=(line_id,),
    )


def test_lists_that_do_not_belong_together_are_a_mistake() -> None:
    two, one = [Money(1), Money(2)], [Money(1)]

    with pytest.raises(ValueError, match="zip"):
        spread(Money(1), two, one)
    with pytest.raises(ValueError, match="zip"):
        refund_shares(Money(1), captured=two, refunded=one)


class TestFunders:
    def test_direct_payments_buy_no_health_care_and_nothing_of_the_council(self) -> None:
        rules = may_buy_with(Funder.ADULT_SOCIAL_CARE, Holder.DIRECT_PAYMENT)

        assert "health care" in rules.against("health-care", from_council=False)
        assert "permanent residential" in rules.against("permanent-residential", from_council=False)
        assert "council's own services" in rules.against("company", from_council=True)
        assert rules.against("company", from_council=False) == ""

    def test_money_that_the_council_manages_buys_of_the_council(self) -> None:
        rules = may_buy_with(Funder.ADULT_SOCIAL_CARE, Holder.COUNCIL_MANAGED)

        assert rules.against("company", from_council=True) == ""
        assert rules.against("health-care", from_council=False) != ""

    def test_a_personal_health_budget_buys_health_care(self) -> None:
        rules = may_buy_with(Funder.PERSONAL_HEALTH_BUDGET, Holder.DIRECT_PAYMENT)

        assert rules.against("health-care", from_council=False) == ""

    def test_own_money_buys_anything(self) -> None:
        rules = may_buy_with(Funder.OWN_MONEY, Holder.DIRECT_PAYMENT)

        assert rules.against("health-care", from_council=True) == ""

    def test_a_ring_fence_leaves_out_everything_else(self) -> None:
        rules = may_buy_with(
            Funder.ADULT_SOCIAL_CARE,
            Holder.DIRECT_PAYMENT,
            only_for=["company"],
            only_words="Only for company.",
        )

        assert rules.against("company", from_council=False) == ""
        assert rules.against("meals", from_council=False) == "Only for company."


class TestSpreadInProportion:
    def test_takes_what_is_meant_first_and_the_rest_of_all(self) -> None:
        has = [Money(30), Money(10), Money(20)]

        assert _pence(Money(8), has, [([0, 1], Money(4))]) == [5, 2, 1]
        assert _pence(Money(4), has, [([0, 1], Money(8))]) == [3, 1, 0]
        assert _pence(Money(60), has, [([2], Money(50)), ([2, 0], Money(9))]) == [30, 10, 20]


def _pence(
    amount: Money, has: list[Money], groups: Sequence[tuple[Sequence[int], Money]]
) -> list[int]:
    return [one.pence for one in spread_in_proportion(amount, has, groups)]


class TestWordsOfPools:
    def test_name_whom_to_ask(self) -> None:
        start = (
            "This costs £50.00. In the pool The garden, an order of £40.00 or more needs a yes "
            "from another member."
        )

        said = [
            ask_sentence(Money(50_00), "The garden", Money(40_00), others)
            for others in ([], ["Maya Singh"], ["Maya Singh", "Sam Hill"])
        ]

        assert said == [
            f"{start} Nobody else is in it, so ask somebody to join.",
            f"{start} Ask Maya.",
            f"{start} Ask Maya or Sam.",
        ]

    def test_say_what_joining_means(self) -> None:
        words = consent_words("The garden", "A gardener.", ZERO)

        assert words == (
            "I join the pool called The garden, which is for: A gardener. Only money that I put in "
            "is in the pool. Each member may order support with the money in it, and every share "
            "pays its part. What is ordered for every week goes on until it is ended, and gets "
            "dearer only if every member says yes. All members see how much of my money is in "
            "it, who funds it, and what it paid for. They do not see the rest of my money. I can "
            "leave at any time. What is not set aside for an order then comes back to me at once, "
            "and the rest when those orders are done."
        )
        assert consent_words("The garden", "A gardener.", Money(40_00)) == words.replace(
            "All members",
            "An order of £40.00 or more needs a yes from another member first. All members",
        )

    @pytest.mark.parametrize(
        ("name", "called"), [("Maya Rose Singh", "Maya"), (" ", "Somebody"), ("Jo", "Jo")]
    )
    def test_call_people_by_their_first_name(self, name: str, called: str) -> None:
        assert first_name(name) == called


class TestDays:
    @pytest.mark.parametrize(("days", "first"), [(-1, 0), (0, 0), (1, 28), (28, 28), (29, 56)])
    def test_the_first_instalment_from_a_day_on(self, days: int, first: int) -> None:
        schedule = Schedule(Calendar.FOUR_WEEKLY, START)

        assert schedule.first_from(START + timedelta(days)) == START + timedelta(first)

    def test_there_is_none_after_the_end(self) -> None:
        schedule = Schedule(Calendar.FOUR_WEEKLY, START, START + timedelta(weeks=6))

        assert schedule.first_from(START + timedelta(weeks=5)) is None

    def test_the_last_day_is_the_one_before_the_end(self) -> None:
        assert last_day(START) == date(2026, 3, 3)
        assert last_day(None) is None


def test_no_line_asks_for_a_yes_to_what_another_refuses() -> None:
    """The first line would ask, and the second would say no whatever is answered."""
    asks = replace(limit(Money(5_00)), kind=LimitKind.ASK)
    refuses = limit(Money(5_00))

    answer = decide(
        of_two(10, 10), [pot(Money(10_00), asks), pot(Money(10_00), refuses)], day=START
    )

    assert answer.limit_id == refuses.id


def test_an_exception_lets_one_order_pass_and_no_other() -> None:
    """Somebody agreed to one order with them: not to two, and not to another."""
    week = limit(Money(10_00), LimitWindow.WEEK)
    first, second, third = (replace(of_two(10, 10), order_id=uuid4()) for _ in range(3))
    agreed = {first.order_id: frozenset({week.id}), second.order_id: frozenset({week.id})}

    answers = decide_all(
        [first, second, third], [pot(Money(90_00), week)], day=START, excepted=agreed
    )

    assert [answer.yes for answer in answers] == [True, False, False]
