"""What each share of a pool pays, and what joining one means. No database."""

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import (
    Limit,
    LimitKind,
    LimitWindow,
    Part,
    Pot,
    RefusalReason,
    Span,
    Spend,
    ask_sentence,
    asks_another,
    consent_words,
    decide,
    decide_all,
    first_name,
    share_label,
    spread_in_proportion,
    take_in_proportion,
)
from marketplace.kernel.money import ZERO, Money, total

TODAY = date(2026, 3, 4)
POOL = UUID(int=9)
COUNCIL = UUID(int=1)

pence = st.integers(min_value=0, max_value=10_000_00).map(Money)
pots_of_money = st.lists(pence, min_size=1, max_size=6)


def share(
    available: int, *, number: int, limits: tuple[Limit, ...] = (), is_mine: bool = True
) -> Pot:
    """Return a member's share with so many pounds in it."""
    return Pot(
        id=UUID(int=number),
        council_id=COUNCIL,
        label=f"Share {number}",
        available_account_id=uuid4(),
        held_account_id=uuid4(),
        available=Money(available * 100),
        starts_on=TODAY,
        ends_before=None,
        limits=limits,
        next_instalment=None,
        pool_id=POOL,
        is_mine=is_mine,
    )


def spend(pounds: int, *categories: str) -> Spend:
    """Return a wish to spend so much on each of some categories, from the pool."""
    parts = tuple(Part(name, None, Money(pounds * 100)) for name in categories or ("company",))
    return Spend(
        order_id=uuid4(), council_id=COUNCIL, provider_id=uuid4(), parts=parts, pool_id=POOL
    )


class TestTakeInProportion:
    def test_shares_ninety_pounds_two_to_one(self) -> None:
        taken, lacks = take_in_proportion(Money(30_00), [Money(60_00), Money(30_00)])

        assert (taken, lacks) == ([Money(20_00), Money(10_00)], ZERO)

    def test_takes_the_odd_penny_from_the_first(self) -> None:
        taken, _ = take_in_proportion(Money(1_01), [Money(5_00), Money(5_00)])

        assert taken == [Money(51), Money(50)]

    def test_takes_nothing_if_there_is_too_little(self) -> None:
        taken, lacks = take_in_proportion(Money(10_00), [Money(4_00), Money(3_00)])

        assert (taken, lacks) == ([ZERO, ZERO], Money(3_00))

    @given(has=pots_of_money, amount=pence)
    def test_adds_up_and_takes_no_more_than_a_share_has(
        self, has: list[Money], amount: Money
    ) -> None:
        taken, lacks = take_in_proportion(amount, has)

        assert total(taken) in {amount, ZERO}
        assert lacks == max(amount - total(has), ZERO)
        assert all(ZERO <= part <= there for part, there in zip(taken, has, strict=True))

    @given(has=pots_of_money, amount=pence)
    def test_is_fair_to_the_penny(self, has: list[Money], amount: Money) -> None:
        taken, lacks = take_in_proportion(amount, has)
        if lacks or not total(has):
            return

        for part, there in zip(taken, has, strict=True):
            fair = amount.pence * there.pence / total(has).pence
            assert abs(part.pence - fair) < len(has)


class TestSpreadInProportion:
    def test_takes_from_a_group_first_and_then_from_all(self) -> None:
        has = [Money(20_00), Money(10_00), Money(30_00)]

        taken = spread_in_proportion(Money(36_00), has, [([0, 1], Money(30_00))])

        assert taken == [Money(20_00), Money(10_00), Money(6_00)]

    @given(has=pots_of_money, amount=pence, meant=pence)
    def test_adds_up_and_takes_no_more_than_there_is(
        self, has: list[Money], amount: Money, meant: Money
    ) -> None:
        first_half = list(range((len(has) + 1) // 2))

        taken = spread_in_proportion(amount, has, [(first_half, meant)])

        assert total(taken) == min(amount, total(has))
        assert all(ZERO <= part <= there for part, there in zip(taken, has, strict=True))


class TestDecide:
    def test_pays_in_proportion_to_what_each_share_has(self) -> None:
        answer = decide(spend(30), [share(60, number=1), share(30, number=2)], day=TODAY)

        assert [each.amount for each in answer.shares] == [Money(20_00), Money(10_00)]

    def test_shares_every_part_of_an_order(self) -> None:
        wish = spend(30, "company", "getting-around")

        answer = decide(wish, [share(60, number=1), share(30, number=2)], day=TODAY)

        assert dict(answer.by_line) == {"Share 1": Money(40_00), "Share 2": Money(20_00)}

    def test_says_how_much_is_in_the_pool_when_it_is_too_little(self) -> None:
        answer = decide(spend(50), [share(30, number=1), share(10, number=2)], day=TODAY)

        assert answer.why is RefusalReason.MONEY
        assert "There is £40.00 in the pool that can be used for this" in answer.refusal

    def test_says_that_an_empty_pool_pays_nothing(self) -> None:
        answer = decide(spend(50), [], day=TODAY)

        assert answer.why is RefusalReason.NO_LINE
        assert "nothing in the pool can be used" in answer.refusal

    def test_never_uses_a_share_for_a_spend_of_ones_own(self) -> None:
        own = Spend.of(
            Money(1_00),
            order_id=uuid4(),
            council_id=COUNCIL,
            provider_id=uuid4(),
            category="company",
        )

        assert decide(own, [share(60, number=1)], day=TODAY).why is RefusalReason.NO_LINE

    def test_keeps_the_limit_of_another_member_to_themselves(self) -> None:
        theirs = share(30, number=2, limits=(_limit(5_00),), is_mine=False)

        answer = decide(spend(30), [share(60, number=1), theirs], day=TODAY)

        assert answer.why is RefusalReason.LIMIT
        assert "£10.00 of it would come from Share 2" in answer.refusal
        assert "Priya" not in answer.refusal
        assert "too much" not in answer.refusal
        assert "£5.00" not in answer.refusal
        assert not answer.may_ask

    def test_names_a_limit_of_ones_own(self) -> None:
        mine = share(60, number=1, limits=(_limit(5_00),))

        answer = decide(spend(30), [mine, share(30, number=2)], day=TODAY)

        assert "set by Priya" in answer.refusal

    def test_shows_what_is_left_under_ones_own_limits_only(self) -> None:
        mine = share(60, number=1, limits=(_limit(50_00, LimitWindow.WEEK),))
        theirs = share(30, number=2, limits=(_limit(40_00, LimitWindow.WEEK),), is_mine=False)

        [answer] = decide_all([spend(30)], [mine, theirs], day=TODAY)

        assert [after.remaining for after in answer.limits_after] == ["£30.00"]


class TestWords:
    def test_say_what_joining_means(self) -> None:
        words = consent_words("The garden", "A gardener we share.", Money(50_00))

        assert "The garden, which is for: A gardener we share." in words
        assert "An order of £50.00 or more needs a yes from another member first." in words
        assert "I can leave at any time." in words

    def test_say_nothing_of_asking_where_nobody_is_asked(self) -> None:
        assert "needs a yes" not in consent_words("The garden", "It is ours.", ZERO)

    def test_name_a_share_by_its_member_and_funder(self) -> None:
        assert share_label("Maya Singh", "Short breaks") == "Maya’s share (Short breaks)"
        assert first_name("  ") == "Somebody"

    def test_say_whom_to_ask(self) -> None:
        sentence = ask_sentence(Money(60_00), "The garden", Money(50_00), ["Sam Hill", "Jo"])

        assert sentence.endswith("Ask Sam or Jo.")
        alone = ask_sentence(Money(60_00), "The garden", Money(50_00), [])
        assert "Nobody else is in it" in alone

    def test_ask_from_the_amount_on_that_was_chosen(self) -> None:
        assert asks_another(Money(50_00), Money(50_00))
        assert not asks_another(Money(49_99), Money(50_00))
        assert not asks_another(Money(49_99), ZERO)


def _limit(most: int, window: LimitWindow = LimitWindow.ORDER) -> Limit:
    return Limit(
        id=uuid4(),
        window=window,
        span=Span(TODAY, None),
        kind=LimitKind.REFUSE,
        reason="It was too much last time.",
        set_by_name="Priya",
        amount=Money(most),
    )
