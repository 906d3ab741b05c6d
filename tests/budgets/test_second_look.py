"""A limit between somebody and food or safety is looked at twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.budgets.rules import (
    Limit,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    Standing,
    second_look,
)
from marketplace.kernel.money import ZERO, Money
from tests.budgets.living import MONDAY, PROVIDERS, bought, plain


class TestSecondLook:
    def test_is_asked_for_when_food_is_stopped(self) -> None:
        limit = plain(0, LimitWindow.ORDER, about="meals holidays")

        assert second_look(limit, [], line_starts_on=MONDAY) == [
            "It stops what is bought for meals."
        ]

    def test_is_asked_for_when_food_is_not_on_the_list(self) -> None:
        limit = plain(0, LimitWindow.ORDER, about="company holidays", others=True)

        reasons = second_look(limit, [], line_starts_on=MONDAY)

        assert "It stops what is bought for meals." in reasons
        assert "It stops what is bought for support at night." in reasons

    def test_is_asked_for_when_who_brings_the_food_is_stopped(self) -> None:
        limit = replace(
            plain(0, LimitWindow.ORDER, about="x"),
            narrowed=Narrowing.PROVIDER,
            narrowed_to=frozenset({str(PROVIDERS[0])}),
        )

        assert second_look(limit, [bought(5, MONDAY)], line_starts_on=MONDAY) == [
            "It stops what is bought for meals."
        ]
        assert second_look(limit, [], line_starts_on=MONDAY) == []

    def test_is_asked_for_below_what_was_spent_in_a_week(self) -> None:
        past = [bought(20, MONDAY), bought(15, MONDAY + timedelta(days=6)), bought(90, MONDAY, "x")]

        assert second_look(plain(34, LimitWindow.WEEK), past, line_starts_on=MONDAY) == [
            (
                "In the last 8 weeks there was up to £35.00 for one week for meals. "
                "This lets £34.00 through."
            )
        ]
        assert second_look(plain(35, LimitWindow.WEEK), past, line_starts_on=MONDAY) == []

    def test_is_asked_for_below_the_number_of_orders(self) -> None:
        past = [bought(5, MONDAY), bought(5, MONDAY)]
        limit = replace(plain(0, LimitWindow.DAY), measure=Measure.COUNT, count_max=1, amount=ZERO)

        assert second_look(limit, past, line_starts_on=MONDAY) == [
            (
                "In the last 8 weeks there was up to 2 orders for one day for meals. "
                "This lets 1 order through."
            )
        ]
        assert second_look(replace(limit, count_max=2), past, line_starts_on=MONDAY) == []

    def test_thinks_of_a_whole_year(self) -> None:
        past = [bought(80, MONDAY)]

        assert second_look(plain(529, LimitWindow.YEAR), past, line_starts_on=MONDAY) == [
            (
                "As things were in the last 8 weeks, a year needs £530.00 for meals. "
                "This lets £529.00 through."
            )
        ]

    def test_thinks_of_standing_orders(self) -> None:
        part = Part("nights", None, Money(40_00))
        standing = Standing(provider_id=PROVIDERS[0], parts=(part,), agreed=Money(120_00))

        assert second_look(
            plain(119, LimitWindow.ORDER), [], [standing], line_starts_on=MONDAY
        ) == [
            (
                "A standing order for support at night needs £120.00 every four weeks, "
                "and this is less."
            )
        ]
        assert (
            second_look(plain(120, LimitWindow.ORDER), [], [standing], line_starts_on=MONDAY) == []
        )

    @pytest.mark.parametrize(
        "limit",
        [
            plain(0, LimitWindow.ORDER, about="holidays"),
            plain(1, LimitWindow.WEEK, about="holidays"),
        ],
    )
    def test_is_not_asked_for_what_is_no_food_and_no_safety(self, limit: Limit) -> None:
        past = [bought(50, MONDAY), bought(50, MONDAY, "holidays")]

        assert second_look(limit, past, line_starts_on=MONDAY) == []
