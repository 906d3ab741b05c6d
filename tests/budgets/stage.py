"""What games with a wallet are played with: who takes part, what may be bought, what time it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from sqlalchemy import bindparam, select

from marketplace.access.rules import Actor
from marketplace.budgets.models import LimitUse, SpendRequest
from marketplace.budgets.rules import Funder, Holder, RequestState
from marketplace.kernel.money import Money
from marketplace.wallet.models import Balance
from tests.budgets.model import LONDON, Leave, day_in_london

CATEGORIES = ("company", "getting-around", "health-care")
STARTS = (date(2026, 3, 4), date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 29))
"""A Wednesday; days before the clocks change; a leap day."""
LINES: tuple[tuple[Funder, Holder, frozenset[str]], ...] = (
    (Funder.ADULT_SOCIAL_CARE, Holder.DIRECT_PAYMENT, frozenset({"health-care"})),
    (Funder.PERSONAL_HEALTH_BUDGET, Holder.DIRECT_PAYMENT, frozenset()),
    (Funder.ADULT_SOCIAL_CARE, Holder.COUNCIL_MANAGED, frozenset({"health-care"})),
)

pennies = st.integers(1, 40_00)
numbers = st.integers(0, 99)
wishes = st.lists(
    st.tuples(st.sampled_from(CATEGORIES), st.integers(0, 1), st.integers(1, 30_00)),
    min_size=1,
    max_size=3,
    unique_by=lambda wish: wish[:2],
)
jumps = st.sampled_from(
    ["minutes", "to midnight", "day", "to Monday", "to the first", "four weeks", "to the clocks"]
)


BALANCES = select(Balance.id, Balance.amount).where(
    # Those of all people would do, but PostgreSQL goes through what earlier games left behind.
    Balance.id.in_(bindparam("accounts", expanding=True))
)
USES = select(LimitUse.limit_id, LimitUse.window_starts_on, LimitUse.used, LimitUse.count).where(
    LimitUse.limit_id.in_(bindparam("limits", expanding=True))
)


@dataclass
class Stage:
    """What all games share, and how many steps were played."""

    person: Actor
    practitioner: Actor
    outcome_id: UUID
    providers: tuple[UUID, UUID]
    steps: int = 0
    games: int = 0
    allowed: int = 0
    refused: int = 0


def agreed(stage: Stage, leave: Leave, at: datetime) -> SpendRequest:
    """Return a request that was agreed to."""
    return SpendRequest(
        id=uuid4(),
        person_id=stage.person.buys_for,
        council_id=stage.practitioner.works_for,
        line_id=leave.limit.line.id,
        limit_id=leave.limit.id,
        provider_id=leave.provider,
        provider_name="Somebody",
        amount=Money(leave.most),
        what="Something",
        words="Please.",
        state=RequestState.AGREED,
        asked_by_id=stage.person.user_id,
        asked_by_name="Person",
        asked_at=at,
        answerer_name="Priya Nair",
        answered_by_id=stage.practitioner.user_id,
        answered_by_name="Priya Nair",
        answered_at=at,
        reason="Once.",
        for_council=True,
        expires_at=leave.until,
    )


def later(at: datetime, jump: str) -> datetime:
    """Return an instant that matters, after another."""
    day = day_in_london(at)
    if jump == "minutes":
        return at + timedelta(minutes=17)
    if jump == "to the clocks":
        return max(at, _changes_after(at) - timedelta(minutes=30))
    if jump in {"day", "four weeks"}:
        return at + timedelta(days=1 if jump == "day" else 28)
    if jump == "to midnight":
        day += timedelta(days=1)
    elif jump == "to Monday":
        day += timedelta(days=7 - day.weekday())
    else:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def _changes_after(at: datetime) -> datetime:
    """Return when London's clocks change next: at 1am UTC on the last Sunday of March, October."""
    for year in (at.year, at.year + 1):
        for month in (3, 10):
            last = date(year, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            change = datetime(year, month, sunday.day, 1, tzinfo=UTC)
            if change > at:
                return change
    raise AssertionError("the clocks change every year")
