"""Pools: who is in, what they agreed to, and what each share pays. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from marketplace.budgets.rules.shares import in_proportion
from marketplace.kernel.money import ZERO, Money, total

POOL_NAME_LENGTH_MAX = 60


class MemberState(StrEnum):
    """Where somebody stands with a pool."""

    INVITED = "invited"
    IN = "in"
    LEFT = "left"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state in words, after a name."""
        return {
            MemberState.INVITED: "asked, no answer yet",
            MemberState.IN: "in the pool",
            MemberState.LEFT: "has left",
            MemberState.REFUSED: "said no",
        }[self]


def consent_words(pool_name: str, purpose: str, asks_from: Money) -> str:
    """Return what somebody says yes to when they join a pool, in plain words. Kept as it is."""
    ask = (
        f"An order of {asks_from} or more needs a yes from another member first. "
        if asks_from
        else ""
    )
    return (
        f"I join the pool called {pool_name}, which is for: {purpose} "
        "Only money that I put in is in the pool. "
        "Each member may order support with the money in it, and every share pays its part. "
        "What is ordered for every week goes on until it is ended, and gets dearer only if every "
        "member says yes. "
        f"{ask}"
        "All members see how much of my money is in it, who funds it, and what it paid for. "
        "They do not see the rest of my money. "
        "I can leave at any time. What is not set aside for an order then comes back to me at "
        "once, and the rest when those orders are done."
    )


def first_name(name: str) -> str:
    """Return what other members call somebody."""
    return name.split(maxsplit=1)[0] if name.strip() else "Somebody"


def share_label(name: str, funder_label: str) -> str:
    """Return a member's share in words: "Maya's share (Adult social care)"."""
    return f"{first_name(name)}\N{RIGHT SINGLE QUOTATION MARK}s share ({funder_label})"


def take_in_proportion(amount: Money, available: Sequence[Money]) -> tuple[list[Money], Money]:
    """Take an amount from several shares in proportion to what each has; say what is missing.

    Odd pennies come from the first. If there is too little, nothing is taken.
    """
    has = [max(each, ZERO) for each in available]
    there = total(has)
    if amount > there:
        return [ZERO] * len(has), amount - there
    return in_proportion(amount, has), ZERO


def spread_in_proportion(
    amount: Money, has: Sequence[Money], groups: Sequence[tuple[Sequence[int], Money]]
) -> list[Money]:
    """Take an amount from several shares: from each group what is meant for it, then from all.

    A group names its shares by position, and what is meant for all of them together. Within a
    group, and in what is left over, each share gives in proportion to what it has.
    """
    taken, rest = [ZERO] * len(has), amount
    for members, meant in groups:
        left = [has[n] - taken[n] for n in members]
        some = min(meant, rest, total(left))
        for n, part in zip(members, in_proportion(some, left), strict=True):
            taken[n] += part
        rest -= some
    left = [there - gone for there, gone in zip(has, taken, strict=True)]
    more = in_proportion(min(rest, total(left)), left)
    return [first + second for first, second in zip(taken, more, strict=True)]


def asks_another(amount: Money, asks_from: Money) -> bool:
    """Tell whether an order of this price needs the yes of another member."""
    return bool(asks_from) and amount >= asks_from


def ask_sentence(amount: Money, pool_name: str, asks_from: Money, others: Sequence[str]) -> str:
    """Return why an order has to wait for another member, and whom to ask."""
    who = " or ".join(first_name(name) for name in others)
    start = (
        f"This costs {amount}. In the pool {pool_name}, an order of {asks_from} or more needs a "
        "yes from another member."
    )
    return (
        f"{start} Ask {who}." if who else f"{start} Nobody else is in it, so ask somebody to join."
    )
