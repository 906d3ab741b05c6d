"""What became of a line: its changes, what it carried on, what is left of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import BudgetLineChange, FundingLine, Handover
from marketplace.budgets.queries.lines import LineRow, line
from marketplace.budgets.rules import (
    Funder,
    Holder,
    LimitWindow,
    LineChange,
    funder_rules,
    last_day,
    window_of,
)
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change of a line, in words."""

    id: UUID
    what: LineChange
    before: str
    after: str
    moved: Money
    reason: str
    by_name: str
    at: datetime
    effective_on: date

    @property
    def counts_later(self) -> bool:
        """Tell whether to say from when it counts; a last day says so by itself."""
        return self.what is not LineChange.END and self.effective_on != local_day(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStory:
    """A line and all that is known about it, for the page about it."""

    line: LineRow
    changes: tuple[ChangeRow, ...]
    brought_forward: Money
    """What was there when this year of the plan began."""
    year_starts_on: date
    left_over: str
    """What becomes of what is not spent."""
    is_over: bool
    before: LineRow | None
    """The line that this one carries on, or is a part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """A line that one council asks another to go on with."""

    id: UUID
    line: LineRow
    person_name: str
    from_council: str
    to_council: str
    reason: str
    offered_by_name: str
    offered_at: datetime
    taken: bool | None
    answer: str


def line_story(session: Session, *, line_id: UUID, person_id: UUID, at: datetime) -> LineStory:
    """Return a line of a person with its history.

    Raises:
        NotFoundError: they have no such line.
    """
    row = line(session, line_id=line_id, person_id=person_id, at=at)
    stored = session.get_one(FundingLine, line_id)
    day = local_day(at)
    year = window_of(LimitWindow.YEAR, max(day, row.starts_on), line_starts_on=row.starts_on)
    earlier = stored.follows_line_id or stored.part_of_line_id
    accounts = (stored.available_account_id, stored.held_account_id)
    return LineStory(
        line=row,
        changes=tuple(changes_of_line(session, line_id=line_id)),
        brought_forward=ledger.balance_before(
            session, account_ids=accounts, at=local_instant(year.starts_on, 0, 0)
        ),
        year_starts_on=year.starts_on,
        left_over=funder_rules(row.funder).left_over,
        is_over=row.is_over(day),
        before=line(session, line_id=earlier, person_id=person_id, at=at) if earlier else None,
    )


def changes_of_line(session: Session, *, line_id: UUID) -> list[ChangeRow]:
    """Return what was changed about a line, newest first."""
    rows = (
        select(BudgetLineChange)
        .where(BudgetLineChange.line_id == line_id)
        .order_by(BudgetLineChange.at.desc(), BudgetLineChange.id)
    )
    return [
        ChangeRow(
            id=row.id,
            what=row.what,
            before=_words(row.what, row.before, row.before_name),
            after=_words(row.what, row.after, row.after_name),
            moved=row.moved,
            reason=row.reason,
            by_name=row.by_name,
            at=row.at,
            effective_on=row.effective_on,
        )
        for row in session.scalars(rows)
    ]


def handovers_of(session: Session, *, council_id: UUID, at: datetime) -> list[HandoverRow]:
    """Return what was offered to a council and what it offered, newest first."""
    mine = or_(Handover.to_council_id == council_id, FundingLine.council_id == council_id)
    rows = session.scalars(
        select(Handover)
        .join(FundingLine, FundingLine.id == Handover.line_id)
        .where(mine)
        .order_by(Handover.taken.is_not(None), Handover.offered_at.desc(), Handover.id)
        .limit(100)
    )
    return [_handover(session, row, at) for row in rows]


def handover_to(
    session: Session, *, handover_id: UUID, council_id: UUID, at: datetime
) -> HandoverRow:
    """Return what was offered to a council.

    Raises:
        NotFoundError: nothing like that was.
    """
    row = session.get(Handover, handover_id)
    if row is None or row.to_council_id != council_id:
        raise NotFoundError
    return _handover(session, row, at)


def open_offer(session: Session, *, line_id: UUID) -> UUID | None:
    """Return the offer of a line to another council that waits for an answer, if there is one."""
    row = select(Handover.id).where(Handover.line_id == line_id, Handover.taken.is_(None))
    return session.scalar(row)


def _handover(session: Session, row: Handover, at: datetime) -> HandoverRow:
    stored = session.get_one(FundingLine, row.line_id)
    names = access.names_of(session, user_ids=[stored.person_id])
    from_council, to_council = (
        councils.council(session, council_id=council_id).name
        for council_id in (stored.council_id, row.to_council_id)
    )
    return HandoverRow(
        id=row.id,
        line=line(session, line_id=row.line_id, person_id=stored.person_id, at=at),
        person_name=names.get(stored.person_id, ""),
        from_council=from_council,
        to_council=to_council,
        reason=row.reason,
        offered_by_name=row.offered_by_name,
        offered_at=row.offered_at,
        taken=row.taken,
        answer=row.answer,
    )


def _words(what: LineChange, said: Mapping[str, Any], name: str) -> str:
    """Write one side of a change as people read it; what says nothing to them is left out."""
    match what:
        case LineChange.AMOUNT | LineChange.HANDED_OVER:
            return f"{Money(said['yearly_pence'])} for a year"
        case LineChange.FUNDER:
            return Funder(said["funder"]).label
        case LineChange.HOLDER:
            return f"{name} ({Holder(said['holder']).label.lower()})"
        case LineChange.COST_CODE:
            return said["cost_code"] or "none"
        case LineChange.END:
            ends = said["ends_before"]
            last = last_day(date.fromisoformat(ends) if ends else None)
            return f"{last:%-d %B %Y}" if last else "none"
        case LineChange.PLACE:
            return f"Number {said['place']}"
        case LineChange.SPLIT if "percents" in said:
            return " and ".join(f"{percent}%" for percent in said["percents"])
        case _:
            return ""
