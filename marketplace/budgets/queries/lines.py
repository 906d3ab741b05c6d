"""A person's funding lines as the wallet page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine
from marketplace.budgets.queries.rows import (
    LIMITS_OF_PERSON,
    LineColumns,
    ShownLine,
    limits_in,
    limits_of_lines,
    shown_lines,
)
from marketplace.budgets.rules import (
    Calendar,
    Contradiction,
    Funder,
    Holder,
    Limit,
    LimitKind,
    LimitWindow,
    MayBuy,
    Measure,
    Schedule,
    contradictions,
    last_day,
    may_buy_with,
)
from marketplace.budgets.rules.forecast import Pace
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.paging import Page
from marketplace.kernel.ready import Asked, Row, rows_of_all
from marketplace.wallet import queries as ledger
from marketplace.wallet.queries import StatementRow


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A spending limit as the person sees it: what is used and left in the window of today."""

    limit: Limit
    set_at: datetime
    second_look: str = ""
    """Why it is there although it may come between the person and food or safety."""

    @property
    def id(self) -> UUID:
        """The limit's id."""
        return self.limit.id

    @property
    def window(self) -> LimitWindow:
        """Over what time it counts."""
        return self.limit.window

    @property
    def amount(self) -> Money:
        """The most in a window."""
        return self.limit.amount

    @property
    def kind(self) -> LimitKind:
        """Whether it refuses or asks."""
        return self.limit.kind

    @property
    def reason(self) -> str:
        """Why it is there."""
        return self.limit.reason

    @property
    def set_by_name(self) -> str:
        """Who set it."""
        return self.limit.set_by_name

    @property
    def used(self) -> Money:
        """What is spent in this window."""
        return self.limit.used

    @property
    def remaining(self) -> Money:
        """What may still be spent in this window."""
        return self.limit.remaining

    @property
    def is_ban(self) -> bool:
        """Tell whether it allows nothing of what it is about."""
        return self.limit.is_ban

    @property
    def used_of(self) -> int:
        """What is used of it, in pence or in orders."""
        counts = self.limit.measure is Measure.COUNT
        return self.limit.used_count if counts else self.limit.used.pence

    @property
    def most(self) -> int:
        """The most of it, in pence or in orders."""
        counts = self.limit.measure is Measure.COUNT
        return self.limit.count_max if counts else self.limit.amount.pence

    @property
    def left(self) -> str:
        """What is left in this window, in words: an amount, or a number of orders."""
        return self.limit.left

    @property
    def window_starts_on(self) -> date:
        """The window's first day."""
        return self.limit.span.starts_on

    @property
    def window_ends_before(self) -> date | None:
        """The first day after the window."""
        return self.limit.span.ends_before

    @property
    def label(self) -> str:
        """The limit in words: "£30.00 for one order"."""
        return self.limit.label


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One funding line on a page."""

    id: UUID
    person_id: UUID
    council_id: UUID
    council_name: str
    funder: Funder
    holder: Holder
    holder_name: str
    cost_code: str
    yearly: Money
    instalment: Money
    """The next one; nothing if no more is to come."""
    next_instalment_on: date | None
    available: Money
    held: Money
    spent: Money
    starts_on: date
    ends_before: date | None
    sequence: int
    limits: tuple[LimitRow, ...]
    calendar: Calendar
    may_buy: MayBuy
    pace: Pace
    """How fast it was spent in the last weeks, as counted when the last one was over."""
    closed: bool = False

    @property
    def clashes(self) -> list[Contradiction]:
        """What does not fit together among its limits."""
        return contradictions([row.limit for row in self.limits])

    @property
    def label(self) -> str:
        """The line in words."""
        return self.funder.label

    @property
    def last_day(self) -> date | None:
        """The last day on which it pays for new orders."""
        return last_day(self.ends_before)

    def is_over(self, day: date) -> bool:
        """Tell whether it pays for no new orders any more, because its last day has passed."""
        return self.ends_before is not None and self.ends_before <= day


@dataclass(frozen=True, slots=True)
class NextInstalment:
    """Money that is to come."""

    line_id: UUID
    label: str
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class WalletView:
    """All of a person's money together."""

    lines: tuple[LineRow, ...]
    available: Money
    held: Money
    spent: Money
    next_instalments: tuple[NextInstalment, ...]


def lines_of(session: Session, *, person_id: UUID, at: datetime) -> list[LineRow]:
    """Return a person's funding lines in the sequence in which they pay."""
    lines, limits = rows_of_all(session, *asked_for_lines(person_id, local_day(at)))
    return lines_in(lines, limits, person_id=person_id, day=local_day(at))


def asked_for_lines(person_id: UUID, day: date) -> tuple[Asked, Asked]:
    """Return the statements for a person's lines and for their limits, with what they need."""
    return (
        (_LINES, {"person_id": person_id}),
        (LIMITS_OF_PERSON, {"person_id": person_id, "today": day}),
    )


def lines_in(
    lines: Sequence[Row], limits: Sequence[Row], *, person_id: UUID, day: date
) -> list[LineRow]:
    """Return a person's lines from what the database answered."""
    shown = [ShownLine(*values) for values in lines]
    found = limits_in(limits, {line.id: line.starts_on for line in shown}, day)
    return [
        _line_row(line, person_id, [LimitRow(*limit) for limit in found.get(line.id, ())])
        for line in shown
    ]


_BESIDE = (
    ledger.balance_in(FundingLine.available_account_id),
    ledger.balance_in(FundingLine.held_account_id),
    councils.name_in(FundingLine.council_id),
)
"""What there is to spend, what is set aside, and the council's name."""
_LINES = shown_lines(*_BESIDE)


def line(
    session: Session,
    *,
    line_id: UUID,
    person_id: UUID,
    at: datetime,
    council_id: UUID | None = None,
) -> LineRow:
    """Return one funding line of a person, a closed one too.

    With a council, only if it is that council's.

    Raises:
        NotFoundError: they have no such line.
    """
    found = session.get(FundingLine, line_id)
    if found is None or found.person_id != person_id or found.pool_id is not None:
        raise NotFoundError
    if council_id not in {None, found.council_id}:
        raise NotFoundError
    stored = LineColumns(**{name: getattr(found, name) for name in LineColumns.__slots__})
    beside = session.execute(select(*_BESIDE).where(FundingLine.id == line_id)).one()
    limits = limits_of_lines(session, [stored], local_day(at))
    own = ShownLine._fields[: -len(_BESIDE)]
    shown = ShownLine._make([*(getattr(found, name) for name in own), *beside])
    row = _line_row(shown, person_id, [LimitRow(*limit) for limit in limits.get(line_id, ())])
    return replace(row, closed=found.closed_at is not None)


def statement_of_person(session: Session, *, person_id: UUID, page: int = 1) -> Page[StatementRow]:
    """Return one page of what happened to a person's money, newest first; closed lines too."""
    mine = (FundingLine.person_id == person_id) & FundingLine.pool_id.is_(None)
    return _statement(session, mine, page)


def statement_of_line(
    session: Session, *, line_id: UUID, person_id: UUID, page: int = 1
) -> Page[StatementRow]:
    """Return one page of what happened to the money of one line, newest first."""
    mine = (FundingLine.person_id == person_id) & (FundingLine.id == line_id)
    return _statement(session, mine, page)


def instalments_are_due(session: Session, *, on: date) -> bool:
    """Tell whether any line is to be paid into by a day."""
    due = select(FundingLine.id).where(
        FundingLine.next_due_on <= on, FundingLine.closed_at.is_(None)
    )
    return session.scalar(due.limit(1)) is not None


def count_due_lines(session: Session, *, on: date) -> int:
    """Return into how many lines something is to be paid by a day."""
    due = select(func.count()).where(FundingLine.next_due_on <= on, FundingLine.closed_at.is_(None))
    return session.scalar(due) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInstalment:
    """Money that should have come, and has not."""

    line_id: UUID
    person_id: UUID
    council_id: UUID
    funder: Funder
    due_on: date
    amount: Money
    days: int
    """For how many days it is late."""


def late_instalments(
    session: Session,
    *,
    on: date,
    council_id: UUID | None = None,
    person_id: UUID | None = None,
    limit: int = 1_000,
) -> list[LateInstalment]:
    """Return instalments that were due before a day and are not paid in, the latest ones first."""
    rows = select(FundingLine).where(FundingLine.next_due_on < on, FundingLine.closed_at.is_(None))
    if council_id is not None:
        rows = rows.where(FundingLine.council_id == council_id)
    if person_id is not None:
        rows = rows.where(FundingLine.person_id == person_id)
    rows = rows.order_by(FundingLine.next_due_on, FundingLine.id).limit(limit)
    return [_late(line, on) for line in session.scalars(rows)]


def _late(line: FundingLine, on: date) -> LateInstalment:
    assert line.next_due_on is not None, "the query looks for it"
    schedule = Schedule(line.calendar, line.starts_on, line.ends_before)
    return LateInstalment(
        line_id=line.id,
        person_id=line.person_id,
        council_id=line.council_id,
        funder=line.funder,
        due_on=line.next_due_on,
        amount=schedule.amount(line.yearly, line.next_due_on),
        days=(on - line.next_due_on).days,
    )


def _statement(session: Session, mine: ColumnElement[bool], page: int) -> Page[StatementRow]:
    columns = (FundingLine.available_account_id, FundingLine.held_account_id)
    rows = session.execute(select(*columns).where(mine)).all()
    return ledger.statement_of(
        session,
        available_ids=[row.available_account_id for row in rows],
        held_ids=[row.held_account_id for row in rows],
        page=page,
    )


def wallet(session: Session, *, person_id: UUID, at: datetime) -> WalletView:
    """Return all of a person's money together."""
    return wallet_of(lines_of(session, person_id=person_id, at=at))


def wallet_of(lines: Sequence[LineRow]) -> WalletView:
    """Return all of the money of a person's lines together."""
    coming = [
        NextInstalment(row.id, row.label, row.next_instalment_on, row.instalment)
        for row in lines
        if row.next_instalment_on is not None
    ]
    return WalletView(
        lines=tuple(lines),
        available=total(row.available for row in lines),
        held=total(row.held for row in lines),
        spent=total(row.spent for row in lines),
        next_instalments=tuple(sorted(coming, key=lambda row: (row.due_on, row.label))),
    )


def _line_row(line: ShownLine, person_id: UUID, limits: Sequence[LimitRow]) -> LineRow:
    coming = line.next_instalment
    return LineRow(
        id=line.id,
        person_id=person_id,
        council_id=line.council_id,
        council_name=line.council_name,
        funder=line.funder,
        holder=line.holder,
        holder_name=line.holder_name,
        cost_code=line.cost_code,
        yearly=line.yearly,
        instalment=coming[1] if coming else ZERO,
        next_instalment_on=coming[0] if coming else None,
        available=line.available,
        held=line.held,
        # All that was ever put in, less all that was taken out, is here, set aside or spent.
        spent=line.paid_in - line.available - line.held,
        starts_on=line.starts_on,
        ends_before=line.ends_before,
        sequence=line.sequence,
        limits=tuple(limits),
        calendar=line.calendar,
        may_buy=may_buy_with(
            line.funder, line.holder, only_for=line.only_for, only_words=line.only_words
        ),
        pace=Pace(line.weeks_counted, line.a_week),
    )
