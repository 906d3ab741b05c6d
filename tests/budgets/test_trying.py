"""A limit tried on the past does what it would have done."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given

from marketplace.budgets.rules import Bought, Limit, LimitWindow, Part, try_on
from marketplace.kernel.money import Money, total
from tests.budgets.living import MONDAY, Life, bought, limits, lives, plain, starts


class TestTrying:
    @given(limit=limits(), life=lives, starts_on=starts)
    def test_a_limit_on_the_past_equals_having_had_it(
        self, limit: Limit, life: list[tuple[int, UUID, tuple[Part, ...]]], starts_on: date
    ) -> None:
        with_it = Life([limit], starts_on)
        days = [starts_on + timedelta(days=day) for day, _, _ in life]
        stopped = [
            on for on, (_, provider, wanted) in zip(days, life, strict=True)
            if with_it.wants(on, provider, wanted) is not None
        ]  # fmt: skip
        past = [
            Bought(order_id=uuid4(), on=on, provider_id=provider, parts=wanted)
            for on, (_, provider, wanted) in zip(days, life, strict=True)
        ]

        trial = try_on(limit, past, line_starts_on=starts_on)

        assert [one.on for one in trial.stopped] == stopped
        assert (trial.orders, trial.spent) == (len(past), total(one.amount for one in past))

    def test_says_how_many_and_how_much(self) -> None:
        past = [bought(30, MONDAY + timedelta(days=day)) for day in range(5)]

        trial = try_on(plain(70, LimitWindow.WEEK), past, line_starts_on=MONDAY)

        assert [one.on.day for one in trial.stopped] == [4, 5, 6]
        assert (trial.amount, trial.spent) == (Money(90_00), Money(150_00))

    def test_lets_what_was_stopped_use_nothing(self) -> None:
        past = [bought(50, MONDAY), bought(60, MONDAY), bought(20, MONDAY)]

        trial = try_on(plain(70, LimitWindow.WEEK), past, line_starts_on=MONDAY)

        assert [one.amount for one in trial.stopped] == [Money(60_00)]

    def test_counts_what_came_before_without_showing_it(self) -> None:
        past = [bought(60, MONDAY), bought(20, MONDAY + timedelta(days=2))]

        trial = try_on(
            plain(70, LimitWindow.WEEK),
            past,
            line_starts_on=MONDAY,
            since=MONDAY + timedelta(days=1),
        )

        assert (trial.orders, len(trial.stopped)) == (1, 1)

    def test_counts_what_was_bought_elsewhere_and_never_stops_it(self) -> None:
        past = [bought(90, MONDAY, is_order=False), bought(1, MONDAY)]

        trial = try_on(plain(70, LimitWindow.WEEK), past, line_starts_on=MONDAY)

        assert (trial.orders, [one.amount for one in trial.stopped]) == (1, [Money(1_00)])

    @pytest.mark.parametrize(
        ("window", "starts_on", "days", "stopped"),
        [
            # Months end where they end: 31 January, 28 and 29 February.
            (LimitWindow.MONTH, (2024, 1, 1), ["2024-01-31", "2024-02-01", "2024-02-29"], [2]),
            (LimitWindow.MONTH, (2024, 1, 1), ["2024-02-29", "2024-03-01"], []),
            (LimitWindow.MONTH, (2025, 1, 1), ["2025-02-28", "2025-03-01"], []),
            # A plan year that began on a leap day ends before 1 March in other years.
            (LimitWindow.YEAR, (2024, 2, 29), ["2025-02-28", "2025-03-01"], []),
            (LimitWindow.YEAR, (2024, 2, 29), ["2024-02-29", "2025-02-28"], [1]),
            (LimitWindow.YEAR, (2023, 3, 1), ["2024-02-29", "2024-03-01"], []),
            # Weeks begin on Monday, whatever the clocks do on Sunday.
            (LimitWindow.WEEK, (2026, 1, 1), ["2026-03-29", "2026-03-30"], []),
            (LimitWindow.WEEK, (2026, 1, 1), ["2026-10-24", "2026-10-25"], [1]),
            (LimitWindow.DAY, (2026, 1, 1), ["2026-03-28", "2026-03-29", "2026-03-29"], [2]),
            (LimitWindow.FOUR_WEEKS, (2026, 3, 4), ["2026-03-31", "2026-04-01"], []),
            (LimitWindow.EVER, (2024, 1, 1), ["2024-01-01", "2026-12-31"], [1]),
        ],
    )
    def test_keeps_to_the_calendar(
        self,
        window: LimitWindow,
        starts_on: tuple[int, int, int],
        days: list[str],
        stopped: list[int],
    ) -> None:
        past = [bought(6, date.fromisoformat(day)) for day in days]

        trial = try_on(plain(10, window), past, line_starts_on=date(*starts_on))

        assert [past.index(one) for one in trial.stopped] == stopped
