"""May this be bought, and from what? Pure: a page shows and a hold obeys the same answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from marketplace.budgets.rules.shares import take_in_sequence
from marketplace.budgets.rules.windows import Span
from marketplace.budgets.rules.words import LimitKind, LimitWindow, RefusalReason
from marketplace.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A wish to spend with one provider. No lines named means the person's own sequence."""

    order_id: UUID
    council_id: UUID
    amount: Money
    category: str
    provider_id: UUID
    line_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A spending limit, in the window that today lies in, and what of it is used."""

    id: UUID
    window: LimitWindow
    span: Span
    amount: Money
    kind: LimitKind
    reason: str
    set_by_name: str
    used: Money

    @property
    def remaining(self) -> Money:
        """What may still be spent in this window."""
        return max(self.amount - self.used, ZERO)

    @property
    def label(self) -> str:
        """The limit in words: "£30.00 for one order"."""
        return f"{self.amount} {self.window.label}"

    def after(self, share: Money) -> "Limit":
        """Return the limit as it stands when a share has been spent."""
        return replace(self, used=self.used + share) if self.window.adds_up else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """A funding line as a spend sees it."""

    id: UUID
    council_id: UUID
    label: str
    available_account_id: UUID
    held_account_id: UUID
    available: Money
    starts_on: date
    ends_before: date | None
    limits: tuple[Limit, ...]
    next_instalment: tuple[date, Money] | None

    def is_open(self, day: date) -> bool:
        """Tell whether the line may pay on a day."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def after(self, share: Money) -> "Pot":
        """Return the pot as it stands when a share has been spent."""
        limits = tuple(limit.after(share) for limit in self.limits)
        return replace(self, available=self.available - share, limits=limits)


@dataclass(frozen=True, slots=True)
class Share:
    """What one line pays of a spend."""

    line_id: UUID
    line_label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LimitAfter:
    """What may still be spent under a limit after a spend."""

    label: str
    remaining: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether something may be bought, from which money, and what is left afterwards."""

    spend: Spend
    refusal: str = ""
    """The sentence for the person: which rule, whose, why, what is left, how to ask."""
    why: RefusalReason | None = None
    line_id: UUID | None = None
    limit_id: UUID | None = None
    remaining: Money = ZERO
    """What was left, of the money or under the limit that refused."""
    shares: tuple[Share, ...] = ()
    limits_after: tuple[LimitAfter, ...] = ()
    left_after: Money = ZERO

    @property
    def yes(self) -> bool:
        """Tell whether it may be bought."""
        return self.why is None

    @property
    def asks(self) -> bool:
        """Tell whether somebody must be asked first."""
        return self.why is RefusalReason.ASK


def decide(spend: Spend, pots: Sequence[Pot], *, day: date) -> Answer:
    """Answer whether something may be bought on a day.

    Money is taken from the lines in sequence. A limit of a line that would pay refuses the whole
    spend; the next line is never used to get round it.
    """
    lines = usable(spend, pots, day=day)
    if not lines:
        return _no_line(spend)
    taken, missing = take_in_sequence(spend.amount, [pot.available for pot in lines])
    paying = [(pot, share) for pot, share in zip(lines, taken, strict=True) if share]
    for pot, share in paying:
        for limit in sorted(pot.limits, key=lambda limit: limit.kind is LimitKind.ASK):
            if share > limit.remaining:
                return _past_limit(spend, pot, limit, share)
    if missing:
        return _too_little(spend, lines)
    return Answer(
        spend=spend,
        shares=tuple(Share(pot.id, pot.label, share) for pot, share in paying),
        limits_after=tuple(_limits_after(paying)),
        left_after=total(pot.available for pot in lines) - spend.amount,
    )


def decide_all(spends: Sequence[Spend], pots: Sequence[Pot], *, day: date) -> list[Answer]:
    """Answer for some things, one after the other; those of one order count as one order."""
    answers: list[Answer] = []
    for spend in spends:
        same_order = [each for each in answers if each.spend.order_id == spend.order_id]
        answer = decide(spend, [_of_order(pot, same_order) for pot in pots], day=day)
        pots = pots_after(pots, answer)
        answers.append(answer)
    return answers


def usable(spend: Spend, pots: Sequence[Pot], *, day: date) -> list[Pot]:
    """Return the lines that may pay, in the sequence asked for; none if one asked for may not."""
    lines = {pot.id: pot for pot in pots if pot.council_id == spend.council_id and pot.is_open(day)}
    if not spend.line_ids:
        return list(lines.values())
    if not lines.keys() >= set(spend.line_ids):
        return []
    return [lines[line_id] for line_id in dict.fromkeys(spend.line_ids)]


def pots_after(pots: Sequence[Pot], answer: Answer) -> list[Pot]:
    """Return the pots as they stand after a spend; as they were, if it was refused."""
    shares = {share.line_id: share.amount for share in answer.shares}
    return [pot.after(shares[pot.id]) if pot.id in shares else pot for pot in pots]


def day_words(day: date) -> str:
    """Write a day as people say it: Tuesday 4 March."""
    return f"{day:%A} {day.day} {day:%B}"


def _of_order(pot: Pot, earlier: Sequence[Answer]) -> Pot:
    taken = total(
        share.amount for each in earlier for share in each.shares if share.line_id == pot.id
    )
    limits = tuple(
        limit if limit.window.adds_up else replace(limit, used=taken) for limit in pot.limits
    )
    return replace(pot, limits=limits)


def _no_line(spend: Spend) -> Answer:
    return Answer(
        spend=spend,
        why=RefusalReason.NO_LINE,
        refusal=(
            f"This costs {spend.amount}, and none of your money can be used for it today. "
            "Ask your council which money is there for it."
        ),
    )


def _too_little(spend: Spend, lines: Sequence[Pot]) -> Answer:
    left = total(pot.available for pot in lines)
    coming = min((pot.next_instalment for pot in lines if pot.next_instalment), default=None)
    then = f" Your next {coming[1]} comes on {day_words(coming[0])}." if coming else ""
    return Answer(
        spend=spend,
        why=RefusalReason.MONEY,
        remaining=left,
        refusal=f"There is {left} left to spend, and this needs {spend.amount}.{then}",
    )


def _past_limit(spend: Spend, pot: Pot, limit: Limit, share: Money) -> Answer:
    asks = limit.kind is LimitKind.ASK
    return Answer(
        spend=spend,
        why=RefusalReason.ASK if asks else RefusalReason.LIMIT,
        line_id=pot.id,
        limit_id=limit.id,
        remaining=limit.remaining,
        refusal=_ask_first(spend, pot, limit, share) if asks else _stop(spend, pot, limit, share),
    )


def _stop(spend: Spend, pot: Pot, limit: Limit, share: Money) -> str:
    return (
        f"{_costs(spend, pot, share)} Your limit of {limit.label} was set by {limit.set_by_name} "
        f"because: {_sentence(limit.reason)}{_left(limit)} You can ask them to change it."
    )


def _ask_first(spend: Spend, pot: Pot, limit: Limit, share: Money) -> str:
    return (
        f"{_costs(spend, pot, share)} Ask {limit.set_by_name} first: above {limit.label} they "
        f"want to talk with you, because: {_sentence(limit.reason)}{_left(limit)}"
    )


def _costs(spend: Spend, pot: Pot, share: Money) -> str:
    if share == spend.amount:
        return f"This costs {spend.amount}."
    return f"This costs {spend.amount}, and {share} of it would come from {pot.label}."


def _left(limit: Limit) -> str:
    if not limit.window.adds_up:
        return f" The rest of this order takes {limit.used} of it." if limit.used else ""
    until = limit.span.ends_before
    if until is None:
        return f" There is {limit.remaining} left under it."
    return f" There is {limit.remaining} left under it until {day_words(until)}."


def _sentence(reason: str) -> str:
    text = reason.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _limits_after(paying: Sequence[tuple[Pot, Money]]) -> list[LimitAfter]:
    return [
        LimitAfter(f"{pot.label}, {limit.label}", limit.after(share).remaining)
        for pot, share in paying
        for limit in pot.limits
        if limit.window.adds_up
    ]
