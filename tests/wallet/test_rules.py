"""What a movement is."""

from uuid import UUID

import pytest

from marketplace.kernel.money import Money
from marketplace.wallet.rules import AccountKind, Leg, Movement, merged

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


class TestMovement:
    def test_keeps_its_legs_in_the_order_of_the_accounts(self) -> None:
        there = Leg(B, Money(5)), Leg(A, Money(-5))

        assert Movement("k", "hold", there) == Movement("k", "hold", reversed(there))

    @pytest.mark.parametrize(
        "legs",
        [
            [Leg(A, Money(5)), Leg(B, Money(-4))],
            [Leg(A, Money(5)), Leg(B, Money(-5)), Leg(C, Money(0))],
            [Leg(A, Money(5)), Leg(A, Money(-5))],
            [],
        ],
    )
    def test_never_makes_or_loses_money(self, legs: list[Leg]) -> None:
        with pytest.raises(AssertionError):
            Movement("k", "hold", legs)

    @pytest.mark.parametrize(("key", "reason"), [("", "hold"), ("k", ""), ("k" * 201, "hold")])
    def test_says_which_deed_it_is(self, key: str, reason: str) -> None:
        with pytest.raises(AssertionError):
            Movement(key, reason, [Leg(A, Money(5)), Leg(B, Money(-5))])

    def test_may_have_a_key_and_a_reason_as_long_as_they_may_be(self) -> None:
        legs = [Leg(A, Money(5)), Leg(B, Money(-5))]

        assert Movement("k" * 200, "r" * 40, legs).legs == tuple(legs)
        assert Movement("k", "r", legs).key == "k"
        with pytest.raises(AssertionError):
            Movement("k", "r" * 41, legs)


def test_merged_legs_add_up_by_account_and_leave_nothing_out_but_nothing() -> None:
    sides = [(A, Money(5)), (B, Money(-3)), (A, Money(-2)), (C, Money(4)), (C, Money(-4))]

    assert merged(sides) == [Leg(A, Money(3)), Leg(B, Money(-3))]


class TestAccountKind:
    def test_is_counted_where_spends_look(self) -> None:
        assert {kind for kind in AccountKind if kind.is_counted} == {
            AccountKind.AVAILABLE,
            AccountKind.HELD,
            AccountKind.EARNED,
        }

    def test_never_lets_a_person_go_below_nothing(self) -> None:
        assert not AccountKind.AVAILABLE.may_go_negative
        assert not AccountKind.HELD.may_go_negative
