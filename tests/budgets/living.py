"""Limits and lives at random, for the rules of limits."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from hypothesis import strategies as st

from marketplace.budgets.rules import (
    Bought,
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    Pot,
    Spend,
    decide,
    pots_after,
    window_of,
)
from marketplace.kernel.money import ZERO, Money

COUNCIL = UUID(int=1)
PROVIDERS = [UUID(int=number) for number in (11, 12, 13)]
OUTCOMES = [UUID(int=21), UUID(int=22), None]
CATEGORIES = ["meals", "company", "holidays"]
VALUES = {
    Narrowing.CATEGORY: CATEGORIES,
    Narrowing.PROVIDER: [str(provider) for provider in PROVIDERS],
    Narrowing.OUTCOME: [str(outcome) for outcome in OUTCOMES[:2]],
}
ANY_SPAN = window_of(LimitWindow.DAY, date(2026, 3, 4), line_starts_on=date(2026, 3, 4))

narrowings = st.one_of(
    st.just((Narrowing.NOTHING, frozenset[str](), False)),
    st.sampled_from(list(VALUES)).flatmap(
        lambda narrowed: st.tuples(
            st.just(narrowed),
            st.frozensets(st.sampled_from(VALUES[narrowed]), min_size=1),
            st.booleans(),
        )
    ),
)
parts = st.builds(
    Part,
    st.sampled_from(CATEGORIES),
    st.sampled_from(OUTCOMES),
    st.integers(1, 20).map(lambda pounds: Money(pounds * 100)),
)
lives = st.lists(
    st.tuples(
        st.integers(0, 70),
        st.sampled_from(PROVIDERS),
        st.lists(parts, min_size=1, max_size=2).map(tuple),
    ),
    max_size=25,
).map(lambda spends: sorted(spends, key=lambda spend: spend[0]))
starts = st.dates(date(2023, 11, 1), date(2024, 12, 31))
"""With a leap day and both changes of the clocks not far off."""


@st.composite
def limits(draw: st.DrawFn, kinds: tuple[LimitKind, ...] = tuple(LimitKind)) -> Limit:
    """Return any limit that can be set."""
    narrowed, narrowed_to, others = draw(narrowings)
    measure, window = draw(st.sampled_from(Measure)), draw(st.sampled_from(LimitWindow))
    least = 1 if narrowed is Narrowing.NOTHING else 0
    count = draw(st.integers(least, 8)) if measure is Measure.COUNT else 0
    if measure is Measure.COUNT and window is LimitWindow.ORDER:
        window = LimitWindow.DAY
    return Limit(
        id=uuid4(),
        window=window,
        span=ANY_SPAN,
        kind=draw(st.sampled_from(kinds)),
        reason="So.",
        set_by_name=draw(st.sampled_from(["Priya", "Sam"])),
        amount=Money(100) * draw(st.integers(least, 90)) if measure is Measure.AMOUNT else ZERO,
        measure=measure,
        count_max=count,
        narrowed=narrowed,
        narrowed_to=narrowed_to,
        others=others,
        about="these" if narrowed_to else "",
    )


bans = limits().map(lambda limit: replace(limit, amount=ZERO, count_max=0))


def plain(
    pounds: int,
    window: LimitWindow,
    *,
    about: str = "",
    others: bool = False,
    kind: LimitKind = LimitKind.REFUSE,
    by: str = "Priya",
) -> Limit:
    """Return a limit on amounts, narrowed to categories if some are named."""
    return Limit(
        id=uuid4(),
        window=window,
        span=ANY_SPAN,
        kind=kind,
        reason="So.",
        set_by_name=by,
        amount=Money(pounds * 100),
        narrowed=Narrowing.CATEGORY if about else Narrowing.NOTHING,
        narrowed_to=frozenset(about.split()),
        others=others,
        about=about.replace(" ", " and "),
    )


def bought(pounds: int, on: date, category: str = "meals", **more: object) -> Bought:
    """Return something that one line paid for one category."""
    part = Part(category, None, Money(pounds * 100))
    return Bought(order_id=uuid4(), on=on, provider_id=PROVIDERS[0], parts=(part,), **more)  # type: ignore[arg-type]


def a_pot(limits_of_it: tuple[Limit, ...], starts_on: date) -> Pot:
    """Return a line with all the money in the world."""
    return Pot(
        id=UUID(int=2),
        council_id=COUNCIL,
        label="Money",
        available_account_id=UUID(int=3),
        held_account_id=UUID(int=4),
        available=Money(10**9),
        starts_on=starts_on,
        ends_before=None,
        limits=limits_of_it,
        next_instalment=None,
    )


class Life:
    """Somebody who has limits and lives day by day, through the very rule that holds ask."""

    def __init__(self, limits_of_it: list[Limit], starts_on: date) -> None:
        self.limits, self.starts_on = limits_of_it, starts_on
        self.used: dict[tuple[UUID, date], Limit] = {}

    def wants(self, on: date, provider_id: UUID, wanted: tuple[Part, ...]) -> UUID | None:
        """Want something; return the limit that stops it, or None if it is bought."""
        now = tuple(self._today(limit, on) for limit in self.limits)
        pot = a_pot(now, self.starts_on)
        spend = Spend(order_id=uuid4(), council_id=COUNCIL, provider_id=provider_id, parts=wanted)
        answer = decide(spend, [pot], day=on)
        for limit in pots_after([pot], answer)[0].limits:
            self.used[limit.id, limit.span.starts_on] = limit
        return answer.limit_id

    def _today(self, limit: Limit, on: date) -> Limit:
        span = window_of(limit.window, on, line_starts_on=self.starts_on)
        earlier = self.used.get((limit.id, span.starts_on))
        return earlier or replace(limit, span=span)


MONDAY = date(2026, 3, 2)
