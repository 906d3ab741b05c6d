"""May this be bought, and from what? Pure: a page shows and a hold obeys the same answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules import refusing
from marketplace.budgets.rules.limiting import Limit, covered
from marketplace.budgets.rules.pools import take_in_proportion
from marketplace.budgets.rules.pots import Pot
from marketplace.budgets.rules.shares import take_in_sequence
from marketplace.budgets.rules.spends import Answer, LimitAfter, Part, Share, Spend, Taking
from marketplace.budgets.rules.words import LimitKind
from marketplace.kernel.money import Money, total

Paying = list[tuple[Pot, list[tuple[int, Money]]]]
"""The lines that pay, each with what it pays of which part."""
NO_EXCEPTIONS: Mapping[UUID, frozenset[UUID]] = MappingProxyType({})


def decide(
    spend: Spend,
    pots: Sequence[Pot],
    *,
    day: date,
    excepted: frozenset[UUID] = frozenset(),
    counted: frozenset[UUID] = frozenset(),
) -> Answer:
    """Answer whether something may be bought on a day.

    Each part is paid from the lines in sequence, or by the shares of a pool in proportion to what
    they have; those whose funder's rules are against it are left out. A limit of a line that would
    pay refuses the whole spend; the next line is never used to get round it. ``excepted`` are
    limits that somebody agreed to let it pass once; ``counted`` are those that have counted this
    order already.
    """
    lines = usable(spend, pots, day=day)
    if not lines:
        return refusing.no_line(spend)
    paying, missing = _pay(spend, lines)
    if missing is not None:
        may_pay = [pot for pot in lines if not pot.refuses(missing, spend)]
        if not may_pay:
            return refusing.against_rule(spend, lines[0], missing)
        return refusing.too_little(spend, may_pay)
    passed = set()
    for pot, limit, share in _in_the_way(spend, paying, counted):
        if limit.id not in excepted:
            return refusing.past_limit(spend, pot, limit, share)
        passed.add(limit.id)
    return _yes(spend, lines, paying, frozenset(passed), counted)


def decide_all(
    spends: Sequence[Spend],
    pots: Sequence[Pot],
    *,
    day: date,
    excepted: Mapping[UUID, frozenset[UUID]] = NO_EXCEPTIONS,
) -> list[Answer]:
    """Answer for some things, one after the other; those of one order count as one order.

    ``excepted`` are, by order, the limits that somebody agreed to let it pass once: an order that
    comes later does not pass again.
    """
    answers: list[Answer] = []
    for spend in spends:
        used = {
            limit_id
            for each in answers
            if each.spend.order_id != spend.order_id
            for limit_id in each.excepted
        }
        same_order = [each for each in answers if each.spend.order_id == spend.order_id]
        known = [
            (share.line_id, replace(each.spend.parts[share.part], amount=share.amount))
            for each in same_order
            for share in each.shares
        ]
        seen = with_order(pots, known, spend.provider_id)
        counted = frozenset(t.limit_id for each in same_order for t in each.takings)
        passes = excepted.get(spend.order_id, frozenset()) - used
        answer = decide(spend, seen, day=day, excepted=passes, counted=counted)
        pots = pots_after(pots, answer)
        answers.append(replace(answer, limits_after=limits_after(pots, answer)))
    return answers


def usable(spend: Spend, pots: Sequence[Pot], *, day: date) -> list[Pot]:
    """Return the lines that may pay, in the sequence asked for; none if one asked for may not."""
    lines = {
        pot.id: pot
        for pot in pots
        if pot.council_id == spend.council_id and pot.pool_id == spend.pool_id and pot.is_open(day)
    }
    if not spend.line_ids:
        return list(lines.values())
    if not lines.keys() >= set(spend.line_ids):
        return []
    return [lines[line_id] for line_id in dict.fromkeys(spend.line_ids)]


def pots_after(pots: Sequence[Pot], answer: Answer) -> list[Pot]:
    """Return the pots as they stand after a spend; as they were, if it was refused."""
    return [
        pot.after(
            total(share.amount for share in answer.shares if share.line_id == pot.id),
            answer.takings,
        )
        for pot in pots
    ]


def limits_after(pots: Sequence[Pot], answer: Answer) -> tuple[LimitAfter, ...]:
    """Return what is left, after a spend, under each limit that it uses; in words, for a page."""
    used = {taking.limit_id for taking in answer.takings}
    return tuple(
        LimitAfter(f"{pot.label}, {limit.label}", limit.left)
        for pot in pots
        if pot.is_mine
        for limit in pot.limits
        if limit.id in used
    )


def with_order(
    pots: Sequence[Pot], known: Sequence[tuple[UUID, Part]], provider_id: UUID
) -> list[Pot]:
    """Return pots whose limits for one order know what the order takes from each line already."""
    if not known:
        return list(pots)
    seen = []
    for pot in pots:
        paid = [(part, part.amount) for line_id, part in known if line_id == pot.id]
        limits = tuple(
            limit
            if limit.window.adds_up
            else replace(limit, used=covered(limit, paid, provider_id))
            for limit in pot.limits
        )
        seen.append(replace(pot, limits=limits))
    return seen


def _pay(spend: Spend, lines: Sequence[Pot]) -> tuple[Paying, Part | None]:
    """Share the parts out among the lines; return the first part that cannot be paid, if any."""
    left = {pot.id: pot.available for pot in lines}
    paid: dict[UUID, list[tuple[int, Money]]] = {pot.id: [] for pot in lines}
    may_pay_for = [[pot for pot in lines if not pot.refuses(part, spend)] for part in spend.parts]
    # What few lines may buy comes first, or money that could buy anything is used up before it.
    for number in sorted(range(len(spend.parts)), key=lambda number: len(may_pay_for[number])):
        part, may_pay = spend.parts[number], may_pay_for[number]
        take = take_in_proportion if spend.pool_id else take_in_sequence
        taken, lacks = take(part.amount, [left[pot.id] for pot in may_pay])
        if lacks or not may_pay:
            return [], part
        for pot, money in zip(may_pay, taken, strict=True):
            if money:
                left[pot.id] -= money
                paid[pot.id].append((number, money))
    return [(pot, paid[pot.id]) for pot in lines if paid[pot.id]], None


def _in_the_way(
    spend: Spend, paying: Paying, counted: frozenset[UUID]
) -> Iterator[tuple[Pot, Limit, Money]]:
    """Yield the limits that a spend goes past, those of any line that refuse before all that ask.

    Nobody is asked for a yes to what is refused anyway.
    """
    for kind in (LimitKind.REFUSE, LimitKind.ASK):
        for pot, paid in paying:
            parts = _parts(spend, paid)
            for limit in pot.limits:
                if limit.kind is not kind or not _is_about(limit, parts, spend):
                    continue
                share = covered(limit, parts, spend.provider_id)
                if not limit.allows(share, counted=limit.id in counted):
                    yield pot, limit, share


def _parts(spend: Spend, paid: Sequence[tuple[int, Money]]) -> list[tuple[Part, Money]]:
    return [(spend.parts[number], money) for number, money in paid]


def _is_about(limit: Limit, parts: Sequence[tuple[Part, Money]], spend: Spend) -> bool:
    return any(limit.covers(part, spend.provider_id) for part, _ in parts)


def _yes(
    spend: Spend,
    lines: Sequence[Pot],
    paying: Paying,
    passed: frozenset[UUID],
    counted: frozenset[UUID],
) -> Answer:
    shares = [
        Share(pot.id, pot.label, money, number) for pot, paid in paying for number, money in paid
    ]
    takings = [taking for pot, _ in paying for taking in _takings(spend, pot, shares, counted)]
    return Answer(
        spend=spend,
        shares=tuple(shares),
        takings=tuple(takings),
        excepted=passed,
        left_after=total(pot.available for pot in lines) - spend.amount,
    )


def _takings(
    spend: Spend, pot: Pot, shares: Sequence[Share], counted: frozenset[UUID]
) -> list[Taking]:
    mine = [(number, share) for number, share in enumerate(shares) if share.line_id == pot.id]
    takings = []
    for limit in pot.limits:
        if not limit.window.adds_up:
            continue
        count = 0 if limit.id in counted else 1  # at the first share only: an order counts once
        for number, share in mine:
            if limit.covers(spend.parts[share.part], spend.provider_id):
                takings.append(
                    Taking(share=number, limit_id=limit.id, amount=share.amount, count=count)
                )
                count = 0
    return takings
