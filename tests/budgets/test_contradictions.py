"""Limits that do not fit together are named, and no others."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import (
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    clashing_with,
    contradictions,
    leave_nothing,
    most_touched,
    never_matters,
    window_of,
)
from marketplace.kernel.money import ZERO, Money
from tests.budgets.living import (
    CATEGORIES,
    OUTCOMES,
    PROVIDERS,
    Life,
    bans,
    limits,
    lives,
    plain,
    starts,
)


@st.composite
def close_pairs(draw: st.DrawFn) -> tuple[Limit, Limit]:
    """Return two limits of which the first may or may not matter, by a penny or an order."""
    idle, beside = draw(limits()), draw(limits())
    times = most_touched(idle.window, beside.window) or 1
    less = draw(st.integers(-1, 3))
    alike = replace(
        idle,
        kind=beside.kind,
        set_by_name=beside.set_by_name,
        measure=beside.measure,
        amount=max(beside.amount * times + Money(less), ZERO),
        count_max=max(beside.count_max * times + less, 0),
    )
    of_the_same = replace(
        alike,
        narrowed=beside.narrowed,
        narrowed_to=beside.narrowed_to,
        others=beside.others,
    )
    return draw(st.sampled_from([of_the_same, alike, idle])), beside


class TestContradictions:
    @given(
        pair=close_pairs(),
        life=lives,
        starts_on=starts,
    )
    def test_never_claim_of_a_limit_that_can_matter(
        self,
        pair: tuple[Limit, Limit],
        life: list[tuple[int, UUID, tuple[Part, ...]]],
        starts_on: date,
    ) -> None:
        idle, beside = pair
        if not never_matters(idle, beside):
            return
        without, both = Life([beside], starts_on), Life([idle, beside], starts_on)

        for day, provider, wanted in life:
            on = starts_on + timedelta(days=day)
            stopped = without.wants(on, provider, wanted)
            assert (both.wants(on, provider, wanted) is None) == (stopped is None)

    @given(one=bans, other=bans)
    def test_claim_that_nothing_is_left_if_and_only_if_nothing_is(
        self, one: Limit, other: Limit
    ) -> None:
        if Narrowing.NOTHING in {one.narrowed, other.narrowed}:
            return
        day = date(2026, 3, 4)
        Life([one, other], day)
        everything = product([*PROVIDERS, uuid4()], [*CATEGORIES, "music"], [*OUTCOMES, uuid4()])

        left = [
            (provider, category, outcome)
            for provider, category, outcome in everything
            if Life([one, other], day).wants(
                day, provider, _wish := (Part(category, outcome, Money(1)),)
            )
            is None
        ]

        assert leave_nothing(one, other) is (left == [])

    @given(window=st.sampled_from(LimitWindow), other=st.sampled_from(LimitWindow), day=starts)
    def test_know_in_how_many_windows_one_can_lie(
        self, window: LimitWindow, other: LimitWindow, day: date
    ) -> None:
        most = most_touched(window, other)
        span = window_of(window, day, line_starts_on=date(2023, 11, 1))
        if most is None or span.ends_before is None or not other.adds_up:
            return
        days = [
            span.starts_on + timedelta(days=number)
            for number in range((span.ends_before - span.starts_on).days)
        ]

        touched = {window_of(other, on, line_starts_on=date(2023, 11, 1)) for on in days}

        assert len(touched) <= most

    @pytest.mark.parametrize(
        ("idle", "beside"),
        [
            (plain(50, LimitWindow.DAY), plain(20, LimitWindow.WEEK)),
            (plain(80, LimitWindow.WEEK), plain(10, LimitWindow.DAY)),
            (plain(50, LimitWindow.WEEK, about="meals"), plain(40, LimitWindow.WEEK)),
            (plain(90, LimitWindow.ORDER), plain(60, LimitWindow.MONTH)),
            (plain(40, LimitWindow.WEEK), plain(20, LimitWindow.MONTH)),
            (plain(5, LimitWindow.DAY, about="meals"), plain(0, LimitWindow.ORDER, about="meals")),
            (
                plain(5, LimitWindow.DAY, about="company"),
                plain(0, LimitWindow.ORDER, about="meals", others=True),
            ),
            (
                plain(0, LimitWindow.ORDER, about="meals company", others=True),
                plain(0, LimitWindow.ORDER, about="meals", others=True),
            ),
        ],
    )
    def test_name_the_limit_that_never_matters(self, idle: Limit, beside: Limit) -> None:
        (found,) = contradictions([idle, beside])

        assert found.sentence == (
            f"“{idle.label}” (set by Priya) never matters, because “{beside.label}” "
            "(set by Priya) always comes first."
        )

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (plain(20, LimitWindow.DAY), plain(50, LimitWindow.WEEK)),
            (plain(30, LimitWindow.WEEK), plain(50, LimitWindow.FOUR_WEEKS)),
            (plain(20, LimitWindow.DAY), plain(15, LimitWindow.WEEK, about="meals")),
            (plain(20, LimitWindow.DAY), plain(10, LimitWindow.DAY, kind=LimitKind.ASK)),
            (
                plain(20, LimitWindow.DAY),
                replace(plain(0, LimitWindow.DAY), measure=Measure.COUNT, count_max=2),
            ),
            (
                plain(0, LimitWindow.DAY, about="meals", others=True),
                plain(0, LimitWindow.DAY, about="holidays"),
            ),
            (plain(0, LimitWindow.DAY, about="meals"), plain(0, LimitWindow.DAY, about="company")),
            (
                plain(0, LimitWindow.DAY, about="meals company", others=True),
                plain(0, LimitWindow.DAY, about="company holidays", others=True),
            ),
        ],
    )
    def test_say_nothing_of_limits_that_go_together(self, one: Limit, other: Limit) -> None:
        assert contradictions([one, other]) == []
        assert contradictions([other, one]) == []

    def test_tell_of_two_that_say_the_same(self) -> None:
        one, other = plain(5, LimitWindow.DAY), plain(5, LimitWindow.DAY, by="Sam")

        (found,) = contradictions([one, other])

        assert found.sentence == (
            "“£5.00 for one day” (set by Priya) and “£5.00 for one day” (set by Sam) say the same."
        )

    def test_tell_of_two_allow_lists_with_nothing_in_common(self) -> None:
        meals = plain(0, LimitWindow.ORDER, about="meals", others=True)
        company = plain(0, LimitWindow.ORDER, about="company", others=True, kind=LimitKind.ASK)

        (found,) = contradictions([meals, company])

        assert found.sentence == (
            "“only meals” (set by Priya) and “only company” (set by Priya) together leave nothing "
            "to buy without asking Priya first."
        )

    def test_tell_of_what_is_both_allowed_and_stopped(self) -> None:
        only = plain(0, LimitWindow.ORDER, about="meals company", others=True)
        never = plain(0, LimitWindow.ORDER, about="meals", by="Sam")

        (found,) = contradictions([only, never])

        assert found.sentence == (
            "“nothing on meals” (set by Sam) stops something that “only meals and company” "
            "(set by Priya) lets through."
        )

    def test_tell_of_an_allow_list_all_of_which_is_stopped(self) -> None:
        only = plain(0, LimitWindow.ORDER, about="meals", others=True)
        never = plain(0, LimitWindow.ORDER, about="meals company")

        assert leave_nothing(only, never)

    def test_tell_of_a_limit_of_no_orders_at_all(self) -> None:
        none = replace(plain(0, LimitWindow.WEEK), measure=Measure.COUNT)

        assert [found.sentence for found in contradictions([none])] == [
            "“nothing” (set by Priya) stops every order."
        ]

    def test_of_a_new_limit_leave_out_those_of_the_others(self) -> None:
        same = [plain(5, LimitWindow.DAY), plain(5, LimitWindow.DAY)]
        new = plain(5, LimitWindow.MONTH, about="holidays", kind=LimitKind.ASK)

        assert list(clashing_with(new, same)) == []
