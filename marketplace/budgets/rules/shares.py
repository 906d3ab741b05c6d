"""Who gives and who gets the pennies when several lines share one order. Pure."""

from collections.abc import Sequence

from marketplace.kernel.money import ZERO, Money, total


def take_in_sequence(amount: Money, available: Sequence[Money]) -> tuple[list[Money], Money]:
    """Take an amount from several pots, the first one first; say what is missing in the end."""
    taken, missing = [], amount
    for has in available:
        share = min(max(has, ZERO), missing)
        taken.append(share)
        missing -= share
    return taken, missing


def spread(amount: Money, has: Sequence[Money], meant: Sequence[Money]) -> list[Money]:
    """Take an amount from several shares: first what is meant for each, then the rest in sequence.

    Taking goes from the front, and giving back (the same with everything turned round) from the
    back, so what stays taken is what a smaller order would have taken in the first place.
    """
    planned, rest = take_in_sequence(amount, [min(*pair) for pair in zip(has, meant, strict=True)])
    left = [there - taken for there, taken in zip(has, planned, strict=True)]
    more, _ = take_in_sequence(rest, left)
    return [first + second for first, second in zip(planned, more, strict=True)]


def in_proportion(amount: Money, parts: Sequence[Money]) -> list[Money]:
    """Share out an amount in the proportion of some parts; odd pennies go to the first.

    Each share only grows when the amount grows, and never exceeds its part as long as the amount
    does not exceed their total: so sharing out in steps ends exactly where one step does.
    """
    shares, rest, rest_of_parts = [], amount.pence, total(parts).pence
    for part in parts:
        share = -(-rest * part.pence // rest_of_parts) if rest else 0
        shares.append(Money(share))
        rest -= share
        rest_of_parts -= part.pence
    return shares


def refund_shares(
    amount: Money, *, captured: Sequence[Money], refunded: Sequence[Money]
) -> list[Money]:
    """Return what each line gets back of a refund: the shares in which it was paid.

    The order and size of earlier refunds make no difference, unless more was paid in between; even
    then no line gets back more than it paid, and in the end each has exactly that.
    """
    goal = in_proportion(total(refunded) + amount, captured)
    back = [wanted - already for wanted, already in zip(goal, refunded, strict=True)]
    if any(share < ZERO for share in back):
        left = [paid - already for paid, already in zip(captured, refunded, strict=True)]
        return in_proportion(amount, left)
    return back
