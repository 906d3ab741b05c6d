"""The rules answer as plain sums do: games without a database, so that many can be played."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.budgets.rules import (
    Calendar,
    LimitKind,
    LimitWindow,
    MayBuy,
    Measure,
    Narrowing,
    Part,
    Pot,
    Schedule,
    Spend,
    decide,
    refund_shares,
    spread,
    window_of,
    with_order,
)
from marketplace.budgets.rules import Limit as RuleLimit
from marketplace.kernel.money import Money
from tests.budgets.model import Leave, Limit, Line, Order, Share, Wallet, Wish, day_in_london

COUNCIL = UUID(int=5)
PROVIDERS = (UUID(int=71), UUID(int=72))
CATEGORIES = ("company", "getting-around", "health-care")
OUTCOMES = (None, UUID(int=81))
START = date(2026, 3, 4)

wishes = st.lists(
    st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(OUTCOMES), st.integers(1, 40_00)),
    min_size=1,
    max_size=3,
    unique_by=lambda wish: wish[:2],
)
limits: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    window=st.sampled_from(LimitWindow),
    most=st.integers(0, 90_00),
    counts=st.booleans(),
    narrowed=st.sampled_from(Narrowing),
    which=st.integers(0, 5),
    others=st.booleans(),
    asks=st.booleans(),
)
lines = st.tuples(
    st.integers(0, 120_00),
    st.sets(st.sampled_from(CATEGORIES), max_size=1),
    st.none() | st.integers(1, 20),
    st.lists(limits, max_size=3),
)
moves = st.tuples(
    st.integers(0, 40), st.sampled_from(PROVIDERS), wishes, st.booleans(), st.integers(0, 9)
)


@dataclass
class Game:
    """The model, and the same as the rules see it."""

    wallet: Wallet = field(default_factory=Wallet)
    kinds: dict[UUID, tuple[LimitWindow, Narrowing, LimitKind]] = field(default_factory=dict)

    def line(
        self, paid_in: int, not_for: set[str], weeks: int | None, wanted: list[dict[str, object]]
    ) -> None:
        """Add a line and its limits."""
        ends = None if weeks is None else START + timedelta(weeks=weeks)
        line = Line(uuid4(), START, 0, frozenset(not_for), ends, paid_in)
        self.wallet.lines.append(line)
        for wish in wanted:
            self._limit(line, **wish)  # type: ignore[arg-type]

    def pots(self, at: datetime) -> list[Pot]:
        """Return the lines as the rules see them."""
        day = day_in_london(at)
        return [
            Pot(
                id=line.id,
                council_id=COUNCIL,
                label="Money",
                available_account_id=line.id,
                held_account_id=line.id,
                available=Money(self.wallet.available(line)),
                starts_on=line.starts_on,
                ends_before=line.ends_before,
                limits=tuple(
                    self._seen(limit, day) for limit in self.wallet.limits if limit.line is line
                ),
                next_instalment=None,
                may_buy=MayBuy(not_for=dict.fromkeys(line.not_for, "It may not.")),
            )
            for line in self.wallet.lines
        ]

    def _limit(
        self,
        line: Line,
        *,
        window: LimitWindow,
        most: int,
        counts: bool,
        narrowed: Narrowing,
        which: int,
        others: bool,
        asks: bool,
    ) -> None:
        counts = counts and window is not LimitWindow.ORDER
        to = {
            Narrowing.CATEGORY: CATEGORIES[which % 3],
            Narrowing.PROVIDER: str(PROVIDERS[which % 2]),
            Narrowing.OUTCOME: str(OUTCOMES[which % 2]),
        }.get(narrowed)
        limit = Limit(
            id=uuid4(),
            line=line,
            window=window.value,
            most=most % 4 if counts else most,
            counts=counts,
            narrowed=narrowed.value if to else "",
            to=frozenset({to} if to else ()),
            others=others and to is not None,
        )
        self.kinds[limit.id] = window, narrowed, LimitKind.ASK if asks else LimitKind.REFUSE
        self.wallet.limits.append(limit)

    def _seen(self, limit: Limit, day: date) -> RuleLimit:
        window, narrowed, kind = self.kinds[limit.id]
        span = window_of(window, day, line_starts_on=START)
        assert span.starts_on == limit.begins(day)
        assert span.ends_before is None or span.starts_on <= day < span.ends_before
        adds_up = window is not LimitWindow.ORDER
        return RuleLimit(
            id=limit.id,
            window=window,
            span=span,
            kind=kind,
            reason="So.",
            set_by_name="Priya Nair",
            amount=Money(0 if limit.counts else limit.most),
            measure=Measure.COUNT if limit.counts else Measure.AMOUNT,
            count_max=limit.most if limit.counts else 0,
            narrowed=narrowed,
            narrowed_to=limit.to,
            others=limit.others,
            about="something" if limit.to else "",
            used=Money(self.wallet.used(limit, span.starts_on) if adds_up else 0),
            used_count=self.wallet.orders_under(limit, span.starts_on) if adds_up else 0,
        )


@settings(max_examples=150)
@given(given_lines=st.lists(lines, min_size=1, max_size=3), played=st.lists(moves, max_size=12))
def test_the_same_is_allowed_and_paid_from_the_same_lines(
    given_lines: list[tuple[int, set[str], int | None, list[dict[str, object]]]],
    played: list[tuple[int, UUID, list[Wish], bool, int]],
) -> None:
    game, at = Game(), datetime(2026, 3, 4, 9, tzinfo=UTC)
    for line in given_lines:
        game.line(*line)
    for days, provider, wanted, more, number in played:
        at += timedelta(days=days % 9)
        orders = game.wallet.orders
        goes_on = more and bool(orders)
        order = (
            orders[number % len(orders)]
            if goes_on
            else Order(uuid4(), provider, day_in_london(at), 0)
        )
        named = [game.wallet.lines[number % len(game.wallet.lines)]] if number > 7 else []
        _same(game, order, wanted, at, [] if goes_on else named, number)
        if not goes_on and order.shares:
            orders.append(order)


def _same(
    game: Game, order: Order, wanted: list[Wish], at: datetime, named: list[Line], number: int
) -> None:
    spend = Spend(
        order_id=order.id,
        council_id=COUNCIL,
        provider_id=order.provider,
        parts=tuple(Part(category, outcome, Money(pence)) for category, outcome, pence in wanted),
        line_ids=tuple(line.id for line in named),
    )
    known = [
        (share.line.id, Part(share.category, share.outcome, Money(share.kept)))
        for share in order.shares
    ]
    pots = with_order(game.pots(at), known, order.provider)
    excepted = {limit.id for limit in game.wallet.limits if number == 3 and limit.most % 2}
    game.wallet.exceptions = [
        Leave(limit, order.provider, 10**9, at + timedelta(days=1))
        for limit in game.wallet.limits
        if limit.id in excepted
    ]
    before = len(order.shares)

    answer = decide(
        spend,
        pots,
        day=day_in_london(at),
        excepted=frozenset(excepted),
        counted=frozenset(order.counted),
    )
    counted = dict(order.counted)
    allowed = game.wallet.hold(order, wanted, at, named)

    assert answer.yes is allowed, answer.refusal
    new = order.shares[before:]
    assert [(s.line_id, s.amount.pence) for s in answer.shares] == [
        (share.line.id, share.held) for share in new
    ]
    assert {(t.share, t.limit_id, t.amount.pence) for t in answer.takings} == {
        (n, limit_id, share.held) for n, share in enumerate(new) for limit_id in share.uses
    }
    assert sorted(t.limit_id for t in answer.takings if t.count) == sorted(
        limit_id for limit_id in order.counted if limit_id not in counted
    )
    if allowed:
        used = {one.limit.id for one in game.wallet.exceptions if one.used}
        assert answer.excepted == used


pence = st.integers(1, 90_00)


@given(
    has=st.lists(st.integers(1, 50_00), min_size=1, max_size=4),
    steps=st.lists(pence, max_size=8),
)
def test_refunds_go_back_in_the_shares_that_were_paid(has: list[int], steps: list[int]) -> None:
    line = Line(uuid4(), START, 0)
    order = Order(uuid4(), PROVIDERS[0], START, 0, [Share(line, "", None, one, one) for one in has])
    wallet = Wallet([line], [], [order])
    for amount in steps:
        refunded = [Money(share.refunded) for share in order.shares]
        if not wallet.refund(order, amount):
            continue
        back = refund_shares(Money(amount), captured=[Money(one) for one in has], refunded=refunded)
        assert [one.pence for one in back] == [
            share.refunded - earlier.pence
            for share, earlier in zip(order.shares, refunded, strict=True)
        ]


@given(
    has=st.lists(st.tuples(st.integers(0, 50_00), st.integers(0, 50_00)), min_size=1, max_size=4),
    amount=pence,
)
def test_what_is_meant_is_taken_first_and_the_rest_in_sequence(
    has: list[tuple[int, int]], amount: int
) -> None:
    amount = min(amount, sum(there for there, _ in has))
    wanted, rest = [], amount
    for there, meant in has:
        wanted.append(min(there, meant, rest))
        rest -= wanted[-1]
    for number, (there, _) in enumerate(has):
        more = min(there - wanted[number], rest)
        wanted[number] += more
        rest -= more

    taken = spread(
        Money(amount), [Money(there) for there, _ in has], [Money(meant) for _, meant in has]
    )

    assert [one.pence for one in taken] == wanted


@pytest.mark.parametrize("starts_on", [START, date(2026, 1, 31), date(2028, 2, 29)])
@pytest.mark.parametrize(
    ("calendar", "parts"), [(Calendar.FOUR_WEEKLY, 13), (Calendar.MONTHLY, 12)]
)
def test_two_years_of_instalments_are_two_yearly_amounts(
    calendar: Calendar, parts: int, starts_on: date
) -> None:
    schedule, yearly = Schedule(calendar, starts_on), Money(1000_07)

    paid: list[tuple[date, int]] = []
    due_on = schedule.first_due_on
    while due_on is not None and len(paid) < 2 * parts:
        paid.append((due_on, schedule.amount(yearly, due_on).pence))
        due_on = schedule.after(due_on)

    assert sum(pence for _, pence in paid[:parts]) == sum(p for _, p in paid[parts:]) == 1000_07
    assert max(p for _, p in paid) - min(p for _, p in paid) == 1
    assert [p for _, p in paid[:parts]] == sorted((p for _, p in paid[:parts]), reverse=True)
    days = [day for day, _ in paid]
    if calendar is Calendar.FOUR_WEEKLY:
        assert days == [starts_on + timedelta(days=28 * n) for n in range(26)]
    else:
        assert [(day.year * 12 + day.month) for day in days] == [
            starts_on.year * 12 + starts_on.month + n for n in range(24)
        ]
        assert all(day.day == starts_on.day or (day + timedelta(days=1)).day == 1 for day in days)
    assert list(schedule.due_by(days[3], first_due_on=days[1])) == days[1:4]


def test_one_off_money_comes_once_and_money_as_it_comes_never_by_itself() -> None:
    once = Schedule(Calendar.ONE_OFF, START)

    assert (once.first_due_on, once.after(START)) == (START, None)
    assert once.amount(Money(500_00), START) == Money(500_00)
    assert Schedule(Calendar.AS_IT_COMES, START).first_due_on is None


@pytest.mark.parametrize(("weeks", "number"), [(8, 2), (9, 3)])
def test_nothing_is_due_on_the_day_a_line_ends(weeks: int, number: int) -> None:
    schedule = Schedule(Calendar.FOUR_WEEKLY, START, START + timedelta(weeks=weeks))

    due = list(schedule.due_by(date(2030, 1, 1), first_due_on=START))

    assert len(due) == number
