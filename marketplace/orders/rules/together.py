"""Why an order is too much for a supporter, or waits for a yes, in words. Pure."""

from marketplace.access.rules import TOGETHER_DAYS
from marketplace.kernel.money import Money

COUNT_TOGETHER = f"rders from one store within {TOGETHER_DAYS} days count together"
_LATELY = f"you ordered from this store in the last {TOGETHER_DAYS} days"


def dear_words(total: Money, *, asks_from: Money, before: Money) -> str:
    """Say why an order waits for a yes although its supporter may place orders."""
    start = f"from {asks_from} on" if asks_from else "of any price"
    said = f"In this circle an order {start} waits for a yes, whoever places it."
    if total >= asks_from:
        return said
    return f"{said} With the {before} {_LATELY}, this comes to {before + total}. O{COUNT_TOGETHER}."


def above_words(person: str, total: Money, *, ceiling: Money, before: Money, instead: str) -> str:
    """Say that a supporter may not set so much going, and what they can do."""
    if total > ceiling:
        return (
            f"This costs {total}. {person} lets you spend up to {ceiling} with one order. {instead}"
        )
    return (
        f"This costs {total}. With the {before} {_LATELY} it is {before + total}. {person} lets "
        f"you spend up to {ceiling}, and o{COUNT_TOGETHER}. {instead}"
    )
