"""Instalments, windows, shares: the arithmetic of budgets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules import (
    INSTALMENTS_A_YEAR,
    Funder,
    Holder,
    LimitWindow,
    Span,
    check_amount,
    check_days,
    check_holder,
    check_words,
    in_proportion,
    instalment,
    refund_shares,
    spread,
    take_in_sequence,
    window_of,
)
from marketplace.kernel.money import ZERO, Money, total

MONEY = st.integers(0, 10_000_00).map(Money)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


class TestInstalment:
    def test_gives_the_odd_pennies_to_the_first(self) -> None:
        amounts = [instalment(Money(1_800_00), number) for number in range(13)]

        assert amounts == [Money(138_47)] * 2 + [Money(138_46)] * 11

    @given(yearly=st.integers(1, 10_000_000_00), first=st.integers(0, 10))
    def test_thirteen_add_up_to_the_year(self, yearly: int, first: int) -> None:
        year = range(first * INSTALMENTS_A_YEAR, (first + 1) * INSTALMENTS_A_YEAR)

        amounts = [instalment(Money(yearly), number) for number in year]

        assert total(amounts) == Money(yearly)
        assert max(amounts).pence - min(amounts).pence <= 1


class TestWindowOf:
    @pytest.mark.parametrize(
        ("window", "starts_on", "ends_before"),
        [
            (LimitWindow.ORDER, date(2026, 3, 15), date(2026, 3, 16)),
            (LimitWindow.DAY, date(2026, 3, 15), date(2026, 3, 16)),
            (LimitWindow.WEEK, date(2026, 3, 9), date(2026, 3, 16)),
            (LimitWindow.FOUR_WEEKS, date(2026, 3, 4), date(2026, 4, 1)),
            (LimitWindow.MONTH, date(2026, 3, 1), date(2026, 4, 1)),
            (LimitWindow.YEAR, date(2026, 2, 4), date(2027, 2, 4)),
            (LimitWindow.EVER, date(2026, 2, 4), None),
        ],
    )
    def test_on_a_sunday(
        self, window: LimitWindow, starts_on: date, ends_before: date | None
    ) -> None:
        found = window_of(window, date(2026, 3, 15), line_starts_on=date(2026, 2, 4))

        assert found == Span(starts_on, ends_before)

    def test_of_december_ends_with_the_year(self) -> None:
        found = window_of(LimitWindow.MONTH, date(2026, 12, 31), line_starts_on=date(2026, 1, 1))

        assert found == Span(date(2026, 12, 1), date(2027, 1, 1))

    def test_of_a_year_that_began_on_a_leap_day(self) -> None:
        leap = date(2024, 2, 29)

        assert window_of(LimitWindow.YEAR, date(2025, 2, 28), line_starts_on=leap) == Span(
            leap, date(2025, 3, 1)
        )
        assert window_of(LimitWindow.YEAR, date(2028, 2, 29), line_starts_on=leap) == Span(
            date(2028, 2, 29), date(2029, 3, 1)
        )

    @given(
        window=st.sampled_from(
            [window for window in LimitWindow if window is not LimitWindow.EVER]
        ),
        day=DAYS,
        line_starts_on=DAYS,
    )
    def test_windows_follow_each_other_without_a_gap(
        self, window: LimitWindow, day: date, line_starts_on: date
    ) -> None:
        span = window_of(window, day, line_starts_on=line_starts_on)
        assert span.ends_before is not None

        assert span.starts_on <= day < span.ends_before
        last = span.ends_before - timedelta(days=1)
        following = window_of(window, span.ends_before, line_starts_on=line_starts_on)
        if window.adds_up and window is not LimitWindow.DAY:
            assert window_of(window, last, line_starts_on=line_starts_on) == span
        assert following.starts_on == span.ends_before


class TestShares:
    @given(amount=MONEY, available=st.lists(MONEY, max_size=5))
    def test_taken_in_sequence_add_up(self, amount: Money, available: list[Money]) -> None:
        taken, missing = take_in_sequence(amount, available)

        assert total(taken) + missing == amount
        assert all(ZERO <= share <= has for share, has in zip(taken, available, strict=True))
        assert missing == ZERO or taken == available

    def test_never_take_from_less_than_nothing(self) -> None:
        assert take_in_sequence(Money(5), [Money(-3), Money(4)]) == ([ZERO, Money(4)], Money(1))

    @given(held=st.lists(MONEY, min_size=1, max_size=5), share=st.integers(0, 100))
    def test_given_back_leave_what_a_smaller_order_would_have_taken(
        self, held: list[Money], share: int
    ) -> None:
        back = Money(total(held).pence * share // 100)

        nothing_said = [ZERO] * len(held)
        given_back = spread(back, held[::-1], nothing_said)[::-1]

        left = [has - gone for has, gone in zip(held, given_back, strict=True)]
        assert left == take_in_sequence(total(held) - back, held)[0]

    def test_in_proportion_give_the_odd_penny_to_the_first(self) -> None:
        assert in_proportion(Money(100), [Money(300), Money(300), Money(300)]) == [
            Money(34),
            Money(33),
            Money(33),
        ]

    @given(parts=st.lists(MONEY, min_size=1, max_size=5), percent=st.integers(0, 100))
    def test_in_proportion_add_up_and_never_exceed(self, parts: list[Money], percent: int) -> None:
        amount = Money(total(parts).pence * percent // 100)

        shares = in_proportion(amount, parts)

        assert total(shares) == amount
        assert all(ZERO <= share <= part for share, part in zip(shares, parts, strict=True))

    @given(
        captured=st.lists(MONEY, min_size=1, max_size=4),
        cuts=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    )
    def test_refunds_are_the_same_in_one_step_or_in_many(
        self, captured: list[Money], cuts: list[int]
    ) -> None:
        refunded = [ZERO] * len(captured)
        for percent in cuts:
            left = total(captured) - total(refunded)
            part = Money(left.pence * percent // 100)
            shares = refund_shares(part, captured=captured, refunded=refunded)
            refunded = [had + more for had, more in zip(refunded, shares, strict=True)]

        assert refunded == in_proportion(total(refunded), captured)

    @given(
        deeds=st.lists(
            st.tuples(st.integers(0, 2), st.integers(1, 50_00), st.integers(0, 100)), max_size=8
        )
    )
    def test_refunds_between_payments_never_exceed_what_was_paid(
        self, deeds: list[tuple[int, int, int]]
    ) -> None:
        captured, refunded = [ZERO] * 3, [ZERO] * 3
        for line, pence, percent in deeds:
            captured[line] += Money(pence)
            part = Money((total(captured) - total(refunded)).pence * percent // 100)
            shares = refund_shares(part, captured=captured, refunded=refunded)

            assert total(shares) == part
            refunded = [had + more for had, more in zip(refunded, shares, strict=True)]
            assert all(back <= paid for back, paid in zip(refunded, captured, strict=True))

    def test_refund_what_is_left_where_payments_came_in_between(self) -> None:
        shares = refund_shares(
            Money(1_00), captured=[Money(30_00), Money(10_00)], refunded=[Money(10_00), ZERO]
        )

        assert shares == [Money(67), Money(33)]


class TestChecks:
    def test_let_good_ones_pass(self) -> None:
        check_amount("yearly", Money(1))
        check_days(date(2026, 3, 4), date(2026, 3, 5), today=date(2026, 3, 1))
        check_holder(Holder.DIRECT_PAYMENT, "", funder=Funder.ADULT_SOCIAL_CARE)
        check_holder(Holder.TRUST, "The Singh trust", funder=Funder.ADULT_SOCIAL_CARE)

        assert check_words("reason", "  To make\n it last ", sentence="") == "To make it last"

    def test_refuse_an_amount_of_nothing(self) -> None:
        with pytest.raises(BadLineError) as refused:
            check_amount("yearly", ZERO)

        assert refused.value.field == "yearly"

    @pytest.mark.parametrize(
        ("starts_on", "ends_before", "field"),
        [
            (date(2023, 3, 4), None, "starts_on"),
            (date(2029, 3, 4), None, "starts_on"),
            (date(2026, 3, 4), date(2026, 3, 4), "ends_before"),
        ],
    )
    def test_refuse_days_that_are_slips(
        self, starts_on: date, ends_before: date | None, field: str
    ) -> None:
        with pytest.raises(BadLineError) as refused:
            check_days(starts_on, ends_before, today=date(2026, 3, 1))

        assert refused.value.field == field

    def test_refuse_a_holder_without_a_name(self) -> None:
        with pytest.raises(BadLineError):
            check_holder(Holder.THIRD_PARTY, " ", funder=Funder.ADULT_SOCIAL_CARE)

    @pytest.mark.parametrize("words", ["", " \n", "x" * 301])
    def test_refuse_no_words_and_too_many(self, words: str) -> None:
        with pytest.raises(BadLineError):
            check_words("reason", words, sentence="Say why.")
