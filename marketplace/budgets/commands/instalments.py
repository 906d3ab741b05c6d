"""Paying money into funding lines as their calendars say, many lines at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Insert, Table, bindparam, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.audit.commands import Deed, record_all
from marketplace.budgets.models import BudgetLineChange, FundingLine, Instalment
from marketplace.budgets.rules import Calendar, LineChange, Schedule
from marketplace.kernel.clock import local_day
from marketplace.kernel.ids import ids_in_a_row
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.commands import lock_accounts, move_all, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement

BATCH = 500

_lines, _instalments = FundingLine.__table__, Instalment.__table__
assert isinstance(_lines, Table)
assert isinstance(_instalments, Table)

_DUE = (
    select(
        _lines.c.id,
        _lines.c.person_id,
        _lines.c.council_id,
        _lines.c.calendar,
        _lines.c.starts_on,
        _lines.c.ends_before,
        _lines.c.yearly_pence.label("yearly"),
        _lines.c.next_due_on,
        _lines.c.available_account_id,
    )
    .where(_lines.c.next_due_on <= bindparam("on"), _lines.c.closed_at.is_(None))
    # By nothing else: the index says which are first, and no batch sorts all that is due.
    .order_by(_lines.c.next_due_on)
    .limit(bindparam("most"))
    # Not the rows' keys: a hold, which has the accounts already, refers to its lines.
    .with_for_update(skip_locked=True, key_share=True)
)
_NEW_INSTALMENTS: Mapping[str, Insert] = MappingProxyType(
    {
        name: dialect.insert(_instalments)
        .on_conflict_do_nothing(index_elements=["line_id", "due_on"])
        .returning(_instalments.c.line_id, _instalments.c.due_on)
        for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
    }
)
_PAID = (
    update(_lines)
    .where(_lines.c.id == bindparam("line"))
    .values(
        paid_in_pence=_lines.c.paid_in_pence + bindparam("paid", type_=_lines.c.paid_in_pence.type),
        next_due_on=bindparam("next_due"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _DueLine:
    """A line into which something is to be paid."""

    id: UUID
    person_id: UUID
    council_id: UUID
    calendar: Calendar
    starts_on: date
    ends_before: date | None
    yearly: Money
    next_due_on: date | None
    available_account_id: UUID

    @property
    def schedule(self) -> Schedule:
        """When its money comes."""
        return Schedule(self.calendar, self.starts_on, self.ends_before)


_Paying = list[tuple[_DueLine, date, Money]]
"""Into which line, due when, how much."""


def pay_due_instalments(session: Session, *, on: date, at: datetime, limit: int = BATCH) -> int:
    """Pay what is due on a day into some lines; return how many lines, nothing when all are paid.

    Meant to be repeated, each batch in its own transaction, until it returns nothing. Stopping in
    between, running it twice, or running it in several places at once pays nothing twice.
    """
    rows = session.execute(_DUE, {"on": on, "most": limit})
    lines = [_DueLine(**row._asdict()) for row in rows]
    _pay(session, lines, on=on, at=at)
    return len(lines)


def pay_instalments_of(session: Session, line: FundingLine, *, on: date, at: datetime) -> None:
    """Pay into one line what is due by a day and was not paid yet."""
    session.flush()  # the statements that follow are not the session's own
    due = _DueLine(**{name: getattr(line, name) for name in _DueLine.__slots__})
    _pay(session, [due], on=on, at=at)
    session.refresh(line, ["next_due_on", "paid_in"])


def next_due(session: Session, line: FundingLine) -> date | None:
    """Return when the next instalment of a line is due, after the last one that was paid."""
    stopped = exists().where(
        BudgetLineChange.line_id == line.id, BudgetLineChange.what == LineChange.STOPPED
    )
    if line.calendar is Calendar.AS_IT_COMES or session.scalar(select(stopped)):
        return None
    schedule = Schedule(line.calendar, line.starts_on, line.ends_before)
    last = session.scalar(select(func.max(Instalment.due_on)).where(Instalment.line_id == line.id))
    if last is not None:
        return schedule.after(last)
    # It carries on another line: what was due before it was opened was paid there.
    paid_there = _last_paid_before(session, line)
    if paid_there is not None:
        return schedule.after(paid_there)
    due = line.next_due_on or schedule.first_from(local_day(line.opened_at))
    return due if due and (line.ends_before is None or due < line.ends_before) else None


def _last_paid_before(session: Session, line: FundingLine) -> date | None:
    """Return the last instalment that the lines paid in which a line carries on, if any did."""
    before_id, opened_at = line.follows_line_id or line.part_of_line_id, line.opened_at
    while before_id is not None:
        last = session.scalar(
            select(func.max(Instalment.due_on)).where(
                Instalment.line_id == before_id, Instalment.paid_at <= opened_at
            )
        )
        if last is not None:
            return last
        before = session.get_one(FundingLine, before_id)
        before_id, opened_at = before.follows_line_id or before.part_of_line_id, before.opened_at
    return None


def _pay(session: Session, lines: Sequence[_DueLine], *, on: date, at: datetime) -> None:
    """Pay into some lines, with a few statements for all of them together."""
    due = [(line, day) for line in lines for day in _due_days(line, on)]
    if not due:
        return
    lock_accounts(session, [line.available_account_id for line in lines])
    paying = _note(session, due, at=at)
    _move(session, paying, at=at)
    _advance(session, lines, paying, on=on)
    # Two jobs at once come to the audit trails of the same people in the same order: by their ids.
    record_all(session, [_deed(*each, at=at) for each in paying if each[2]])


def _due_days(line: _DueLine, on: date) -> list[date]:
    return list(line.schedule.due_by(on, first_due_on=line.next_due_on))


def _note(session: Session, due: Sequence[tuple[_DueLine, date]], *, at: datetime) -> _Paying:
    """Write the instalments down and return those that were not there before."""
    paying = [(line, day, line.schedule.amount(line.yearly, day)) for line, day in due]
    rows = [
        {
            "id": new_id,
            "line_id": line.id,
            "due_on": day,
            "amount_pence": amount,
            "paid_at": at,
        }
        for new_id, (line, day, amount) in zip(ids_in_a_row(), paying, strict=False)
    ]
    noted = session.execute(_NEW_INSTALMENTS[session.get_bind().dialect.name], rows)
    new = {(line_id, due_on) for line_id, due_on in noted}
    return [(line, day, amount) for line, day, amount in paying if (line.id, day) in new]


def _move(session: Session, paying: _Paying, *, at: datetime) -> None:
    councils = {line.council_id for line, _, _ in paying}
    funders = {
        council_id: open_account(
            session, owner_id=council_id, kind=AccountKind.FUNDER, council_id=council_id
        )
        for council_id in sorted(councils)
    }
    movements = [
        Movement(
            f"instalment/{line.id}/{day}",
            "instalment",
            (Leg(funders[line.council_id], -amount), Leg(line.available_account_id, amount)),
        )
        for line, day, amount in paying
        if amount  # a budget of a few pence a year has instalments of nothing
    ]
    move_all(session, movements, at=at)


def _advance(session: Session, lines: Sequence[_DueLine], paying: _Paying, *, on: date) -> None:
    """Keep each line's sum of what was paid in, and the day of its next instalment."""
    paid: dict[UUID, Money] = defaultdict(lambda: ZERO)
    for line, _, amount in paying:
        paid[line.id] += amount
    session.connection().execute(
        _PAID,
        [
            {
                "line": line.id,
                "paid": paid[line.id],
                "next_due": line.schedule.after(_due_days(line, on)[-1]),
            }
            for line in sorted(lines, key=lambda line: line.id)
        ],
    )


def _deed(line: _DueLine, due_on: date, amount: Money, *, at: datetime) -> Deed:
    return Deed(
        what="instalment-paid",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=None,
        for_person_id=line.person_id,
        at=at,
        details={"due_on": due_on.isoformat(), "pence": amount.pence},
    )
