"""A person's funding lines as a spend sees them: every spend passes through here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, LimitUse, SpendingLimit
from marketplace.budgets.rules import (
    Answer,
    Funder,
    Holder,
    Limit,
    Pot,
    Spend,
    decide_all,
    instalment,
    instalment_number,
    window_of,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True)
class LineColumns:
    """A funding line as it is stored."""

    id: UUID
    council_id: UUID
    funder: Funder
    holder: Holder
    holder_name: str
    cost_code: str
    yearly: Money
    starts_on: date
    ends_before: date | None
    sequence: int
    next_due_on: date | None
    available_account_id: UUID
    held_account_id: UUID

    @property
    def next_instalment(self) -> tuple[date, Money] | None:
        """When the next instalment comes, and how much it is."""
        if self.next_due_on is None:
            return None
        number = instalment_number(self.starts_on, self.next_due_on)
        return self.next_due_on, instalment(self.yearly, number)


_LINES = (
    select(
        FundingLine.id,
        FundingLine.council_id,
        FundingLine.funder,
        FundingLine.holder,
        FundingLine.holder_name,
        FundingLine.cost_code,
        FundingLine.yearly,
        FundingLine.starts_on,
        FundingLine.ends_before,
        FundingLine.sequence,
        FundingLine.next_due_on,
        FundingLine.available_account_id,
        FundingLine.held_account_id,
    )
    .where(FundingLine.person_id == bindparam("person_id"), FundingLine.closed_at.is_(None))
    .order_by(FundingLine.sequence, FundingLine.id)
)
_LIMITS = (
    select(
        SpendingLimit.id,
        SpendingLimit.line_id,
        SpendingLimit.window,
        SpendingLimit.amount,
        SpendingLimit.kind,
        SpendingLimit.reason,
        SpendingLimit.set_by_name,
        SpendingLimit.set_at,
    )
    .where(
        SpendingLimit.line_id.in_(bindparam("line_ids", expanding=True)),
        SpendingLimit.ended_at.is_(None),
    )
    .order_by(SpendingLimit.set_at, SpendingLimit.id)
)
_USES = select(LimitUse.limit_id, LimitUse.window_starts_on, LimitUse.used).where(
    LimitUse.limit_id.in_(bindparam("limit_ids", expanding=True)),
    LimitUse.window_starts_on.in_(bindparam("windows", expanding=True)),
)


def account_ids_of(session: Session, *, person_id: UUID) -> list[UUID]:
    """Return the accounts of a person's lines: what a spend of theirs may change."""
    lines = stored_lines(session, person_id)
    return [
        account_id
        for line in lines
        for account_id in (line.available_account_id, line.held_account_id)
    ]


def pots_of(
    session: Session, *, person_id: UUID, at: datetime, balances: Mapping[UUID, Money] | None = None
) -> list[Pot]:
    """Return a person's lines as a spend sees them, in the sequence in which they pay.

    ``balances`` are those of accounts that were locked; without them they are looked up.
    """
    lines = stored_lines(session, person_id)
    if balances is None:
        accounts = [line.available_account_id for line in lines]
        balances = ledger.balances_of(session, account_ids=accounts)
    limits = limits_of_lines(session, lines, local_day(at))
    return [
        Pot(
            id=line.id,
            council_id=line.council_id,
            label=line.funder.label,
            available_account_id=line.available_account_id,
            held_account_id=line.held_account_id,
            available=balances.get(line.available_account_id, ZERO),
            starts_on=line.starts_on,
            ends_before=line.ends_before,
            limits=tuple(limit for limit, _ in limits[line.id]),
            next_instalment=line.next_instalment,
        )
        for line in lines
    ]


def may_buy(
    session: Session, *, person_id: UUID, spends: Sequence[Spend], at: datetime
) -> list[Answer]:
    """Answer whether some things may be bought, one after the other, and from what.

    Things with the same order id are parts of one order, as a limit for one order sees them.
    """
    pots = pots_of(session, person_id=person_id, at=at)
    return decide_all(spends, pots, day=local_day(at))


def paying_council(session: Session, *, person_id: UUID, at: datetime) -> UUID | None:
    """Return the council of the first line with money, or of the first line, or none."""
    day = local_day(at)
    pots = [pot for pot in pots_of(session, person_id=person_id, at=at) if pot.is_open(day)]
    paying = next((pot for pot in pots if pot.available > ZERO), next(iter(pots), None))
    return paying.council_id if paying else None


def stored_lines(session: Session, person_id: UUID) -> list[LineColumns]:
    """Return a person's open lines in the sequence in which they pay."""
    return [
        LineColumns(**row._asdict()) for row in session.execute(_LINES, {"person_id": person_id})
    ]


def limits_of_lines(
    session: Session, lines: Iterable[LineColumns], day: date
) -> dict[UUID, list[tuple[Limit, datetime]]]:
    """Return each line's limits, as they stand on a day, and since when each is there."""
    starts = {line.id: line.starts_on for line in lines}
    rows = session.execute(_LIMITS, {"line_ids": list(starts)}).all() if starts else []
    spans = {row.id: window_of(row.window, day, line_starts_on=starts[row.line_id]) for row in rows}
    used: dict[tuple[UUID, date], Money] = {}
    if spans:
        windows = {span.starts_on for span in spans.values()}
        uses = session.execute(_USES, {"limit_ids": list(spans), "windows": list(windows)})
        used = {(limit_id, starts_on): amount for limit_id, starts_on, amount in uses}
    found: dict[UUID, list[tuple[Limit, datetime]]] = defaultdict(list)
    for row in rows:
        limit = Limit(
            id=row.id,
            window=row.window,
            span=spans[row.id],
            amount=row.amount,
            kind=row.kind,
            reason=row.reason,
            set_by_name=row.set_by_name,
            used=used.get((row.id, spans[row.id].starts_on), ZERO),
        )
        found[row.line_id].append((limit, row.set_at))
    return found
