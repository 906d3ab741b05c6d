"""The sentences of a no: which rule, whose, why, what is left, and how to ask. Pure."""

from collections.abc import Sequence
from datetime import date

from marketplace.budgets.rules.limiting import Limit
from marketplace.budgets.rules.pots import Pot
from marketplace.budgets.rules.spends import Answer, Part, Spend
from marketplace.budgets.rules.words import LimitKind, Measure, RefusalReason
from marketplace.kernel.money import Money, total


def no_line(spend: Spend) -> Answer:
    """Refuse because no line may pay today."""
    if spend.pool_id:
        return Answer(
            spend=spend,
            why=RefusalReason.NO_LINE,
            refusal=(
                f"This costs {spend.amount}, and nothing in the pool can be used for it today. "
                "Put money into the pool first, or pay with your own money."
            ),
        )
    return Answer(
        spend=spend,
        why=RefusalReason.NO_LINE,
        refusal=(
            f"This costs {spend.amount}, and none of your money can be used for it today. "
            "Ask your council which money is there for it."
        ),
    )


def against_rule(spend: Spend, pot: Pot, part: Part) -> Answer:
    """Refuse because the rules of all the money are against it."""
    return Answer(
        spend=spend,
        why=RefusalReason.RULE,
        line_id=pot.id,
        remaining=pot.available,
        refusal=(
            f"{pot.refuses(part, spend)} This is a rule of the money called {pot.label}. "
            "Ask your council which other money could pay for it."
        ),
    )


def too_little(spend: Spend, lines: Sequence[Pot]) -> Answer:
    """Refuse because the lines that may pay have too little."""
    left = total(pot.available for pot in lines)
    if spend.pool_id:
        return Answer(
            spend=spend,
            why=RefusalReason.MONEY,
            remaining=left,
            refusal=(
                f"There is {left} in the pool that can be used for this, and it needs "
                f"{spend.amount}. Put money into the pool first, or pay with your own money."
            ),
        )
    coming = min((pot.next_instalment for pot in lines if pot.next_instalment), default=None)
    then = f" Your next {coming[1]} comes on {day_words(coming[0])}." if coming else ""
    return Answer(
        spend=spend,
        why=RefusalReason.MONEY,
        remaining=left,
        refusal=f"There is {left} left to spend, and this needs {spend.amount}.{then}",
    )


def past_limit(spend: Spend, pot: Pot, limit: Limit, share: Money) -> Answer:
    """Refuse because of a limit of a line that would pay."""
    if not pot.is_mine:  # what stands in whose way is between them and whoever set it
        return Answer(
            spend=spend,
            why=RefusalReason.LIMIT,
            refusal=(
                f"{_costs(spend, pot, share)} A spending limit on that money stands in the way. "
                "Talk with them: they can see the limit in their own wallet. Or pay with your own "
                "money."
            ),
        )
    asks = limit.kind is LimitKind.ASK
    return Answer(
        spend=spend,
        why=RefusalReason.ASK if asks else RefusalReason.LIMIT,
        line_id=pot.id,
        limit_id=limit.id,
        remaining=limit.remaining,
        may_ask=True,
        answerer=limit.answerer,
        refusal=_ask_first(spend, pot, limit, share) if asks else _stop(spend, pot, limit, share),
    )


def day_words(day: date) -> str:
    """Write a day as people say it: Tuesday 4 March."""
    return f"{day:%A} {day.day} {day:%B}"


def _stop(spend: Spend, pot: Pot, limit: Limit, share: Money) -> str:
    return (
        f"{_costs(spend, pot, share)} Your limit of {limit.label} was set by {limit.set_by_name} "
        f"because: {_sentence(limit.reason)}{_left(limit)} "
        f"You can ask {limit.asks_name or 'them'} to let it through once, or to change it."
    )


def _ask_first(spend: Spend, pot: Pot, limit: Limit, share: Money) -> str:
    above = "for this" if limit.is_ban else f"above {limit.label}"
    return (
        f"{_costs(spend, pot, share)} Ask {limit.answerer} first: {above} they "
        f"want to talk with you, because: {_sentence(limit.reason)}{_left(limit)}"
    )


def _costs(spend: Spend, pot: Pot, share: Money) -> str:
    if share == spend.amount:
        return f"This costs {spend.amount}."
    return f"This costs {spend.amount}, and {share} of it would come from {pot.label}."


def _left(limit: Limit) -> str:
    if limit.is_ban:
        return ""
    if not limit.window.adds_up:
        return f" The rest of this order takes {limit.used} of it." if limit.used else ""
    until = limit.span.ends_before
    are = "are" if limit.measure is Measure.COUNT and limit.remaining_count != 1 else "is"
    left = f" There {are} {limit.left} left under it"
    return f"{left}." if until is None else f"{left} until {day_words(until)}."


def _sentence(reason: str) -> str:
    text = reason.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
