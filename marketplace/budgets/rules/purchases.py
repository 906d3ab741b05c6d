"""What becomes of something bought outside the market: who pays, what it counts for. Pure.

It has happened. Nothing here refuses it because of a limit, a rule or too little money: each of
these is said beside it instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from marketplace.budgets.errors import BadPurchaseError
from marketplace.budgets.rules.limiting import Limit
from marketplace.budgets.rules.pots import Pot
from marketplace.budgets.rules.shares import take_in_sequence
from marketplace.budgets.rules.spends import Part, Spend, Taking
from marketplace.kernel.money import ZERO, Money

NOBODY = UUID(int=0)
"""Stands for who sold something outside the market: no provider of the market."""
CHANGES_FOR = timedelta(days=90)
"""How long what was written down can be put right or taken out."""
WHAT_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What becomes of a purchase: what each line pays, what each limit counts, what is outside."""

    paid: tuple[tuple[Pot, Money], ...]
    takings: tuple[Taking, ...]
    not_covered: Money
    outside: tuple[str, ...]


def share_out(spend: Spend, pots: Sequence[Pot], *, known: frozenset[UUID]) -> Elsewhere:
    """Say which lines pay for something bought elsewhere, and which limits and rules it is past.

    Lines that may buy it pay first, then those that may not. ``known`` are the limits that were
    there on the day; those that came later count it and say nothing.
    """
    assert len(spend.parts) == 1
    part = spend.parts[0]
    by_rule = sorted(pots, key=lambda pot: bool(pot.refuses(part, spend)))
    taken, missing = take_in_sequence(part.amount, [pot.available for pot in by_rule])
    paid = [(pot, money) for pot, money in zip(by_rule, taken, strict=True) if money]
    outside = [
        f"{pot.refuses(part, spend)} This is a rule of the money called {pot.label}."
        for pot, _ in paid
        if pot.refuses(part, spend)
    ]
    for pot, money in paid:
        outside += [
            _past(pot, limit)
            for limit in pot.limits
            if limit.id in known and limit.covers(part, NOBODY) and not limit.allows(money)
        ]
    if missing:
        outside.append(f"There was {part.amount - missing} for it, so {missing} is not covered.")
    return Elsewhere(
        paid=tuple(paid),
        takings=tuple(_takings(paid, part)),
        not_covered=missing,
        outside=tuple(outside),
    )


def check_paid_on(paid_on: date, *, today: date, begins_on: date | None) -> None:
    """Refuse a day that has not come yet, or on which there was no money here yet.

    Raises:
        BadPurchaseError: with what to do about it.
    """
    if paid_on > today:
        raise BadPurchaseError("paid_on", "That day has not come yet. Enter the day you paid.")
    if begins_on is None:
        raise BadPurchaseError("amount", "There is no money here yet that could pay for it.")
    if paid_on < begins_on:
        day = f"{begins_on.day} {begins_on:%B %Y}"
        raise BadPurchaseError(
            "paid_on", f"Your money here began on {day}. Enter that day or a later one."
        )


def check_amount_spent(amount: Money) -> None:
    """Refuse an amount of nothing or less.

    Raises:
        BadPurchaseError: with what to do about it.
    """
    if amount <= ZERO:
        raise BadPurchaseError("amount", "Enter an amount of more than nothing, like 12.50.")


def _past(pot: Pot, limit: Limit) -> str:
    if limit.is_ban:
        return f"A limit says: {limit.label}. {limit.set_by_name} set it for {pot.label}."
    return f"This is past the limit of {limit.label}. {limit.set_by_name} set it for {pot.label}."


def _takings(paid: Sequence[tuple[Pot, Money]], part: Part) -> list[Taking]:
    return [
        Taking(share=number, limit_id=limit.id, amount=money, count=1)
        for number, (pot, money) in enumerate(paid)
        for limit in pot.limits
        if limit.window.adds_up and limit.covers(part, NOBODY)
    ]
