"""What an account is for, and what a movement is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from marketplace.kernel.money import ZERO, Money, total

REASON_LENGTH_MAX = 40
KEY_LENGTH_MAX = 200


class AccountKind(StrEnum):
    """What the money in an account is there for."""

    FUNDER = "funder"
    """Where a council's money comes from; what it has paid in stands here as less than nothing."""
    AVAILABLE = "available"
    """What a funding line has to spend."""
    HELD = "held"
    """What a funding line has set aside for orders."""
    EARNED = "earned"
    """What a provider has earned and is yet to be paid."""
    PAID = "paid"
    """What a provider was paid."""
    OUTSIDE = "outside"
    """Cards and bank accounts: people's own money comes from here, and goes back to it."""
    ELSEWHERE = "elsewhere"
    """What a funding line has paid outside the market."""
    OWED = "owed"
    """People's own money that has left their lines and is yet to be paid back to them."""

    @property
    def is_counted(self) -> bool:
        """Tell whether a counter stands beside the entries, because every spend looks at it."""
        return self in {AccountKind.AVAILABLE, AccountKind.HELD, AccountKind.EARNED}

    @property
    def may_go_negative(self) -> bool:
        """Tell whether less than nothing is possible.

        A provider's earnings may: a refund after the payment is taken off the next one.
        """
        return self in {AccountKind.FUNDER, AccountKind.EARNED, AccountKind.OUTSIDE}


@dataclass(frozen=True, slots=True)
class Leg:
    """One account's side of a movement: in is positive, out is negative."""

    account_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True, init=False)
class Movement:
    """Money to be moved once. ``key`` says which deed moves it, ``reason`` which kind of deed."""

    key: str
    reason: str
    legs: tuple[Leg, ...]

    def __init__(self, key: str, reason: str, legs: Iterable[Leg]) -> None:
        ordered = tuple(sorted(legs, key=lambda leg: leg.account_id))
        assert 0 < len(key) <= KEY_LENGTH_MAX
        assert 0 < len(reason) <= REASON_LENGTH_MAX
        assert total(leg.amount for leg in ordered) == ZERO, "money neither appears nor vanishes"
        assert all(leg.amount for leg in ordered), "each leg moves something"
        assert len({leg.account_id for leg in ordered}) == len(ordered) > 1, "one leg an account"
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "reason", reason)
        object.__setattr__(self, "legs", ordered)


def merged(sides: Iterable[tuple[UUID, Money]]) -> list[Leg]:
    """Return one leg for each account, of all that a deed takes from it and gives to it."""
    by_account: dict[UUID, Money] = {}
    for account_id, amount in sides:
        by_account[account_id] = by_account.get(account_id, ZERO) + amount
    return [Leg(account_id, amount) for account_id, amount in by_account.items() if amount]
