"""A person's funding lines and limits as they are stored, beside what pages show with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.budgets.models import FundingLine, LimitUse, SpendingLimit
from marketplace.budgets.rules import (
    Calendar,
    Funder,
    Holder,
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Schedule,
    Span,
    window_of,
)
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.ready import Ready, Row


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
    calendar: Calendar
    paid_in: Money
    pool_id: UUID | None
    part_of_line_id: UUID | None
    person_id: UUID
    only_for: list[str]
    only_words: str

    @property
    def next_instalment(self) -> tuple[date, Money] | None:
        """When the next instalment comes, and how much it is."""
        return _next_instalment(self)

    @property
    def limited_by_id(self) -> UUID:
        """The line whose limits count: a share in a pool has those of the line it came from."""
        return self.part_of_line_id if self.pool_id and self.part_of_line_id else self.id


class ShownLine(NamedTuple):
    """What pages show of a funding line, what is there of its money, and its council's name."""

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
    calendar: Calendar
    paid_in: Money
    only_for: list[str]
    only_words: str
    weeks_counted: int
    a_week: Money
    available: Money
    held: Money
    council_name: str

    @property
    def next_instalment(self) -> tuple[date, Money] | None:
        """When the next instalment comes, and how much it is."""
        return _next_instalment(self)


def _next_instalment(line: LineColumns | ShownLine) -> tuple[date, Money] | None:
    if line.next_due_on is None:
        return None
    schedule = Schedule(line.calendar, line.starts_on, line.ends_before)
    return line.next_due_on, schedule.amount(line.yearly, line.next_due_on)


class _LimitColumns(NamedTuple):
    """A limit as it is stored, beside its counter for one window."""

    id: UUID
    line_id: UUID
    window: LimitWindow
    amount: Money
    kind: LimitKind
    reason: str
    set_by_name: str
    set_at: datetime
    measure: Measure
    count_max: int
    narrowed: Narrowing
    narrowed_to: Sequence[str]
    others: bool
    about: str
    asks_name: str
    second_look: str
    window_starts_on: date | None
    used: Money | None
    used_count: int | None

    def limit(self, span: Span) -> Limit:
        """Return it in a window: the counter counts if it is that window's."""
        counts = self.window_starts_on == span.starts_on
        return Limit(
            id=self.id,
            window=self.window,
            span=span,
            amount=self.amount,
            measure=self.measure,
            count_max=self.count_max,
            narrowed=self.narrowed,
            narrowed_to=frozenset(self.narrowed_to),
            others=self.others,
            about=self.about,
            kind=self.kind,
            reason=self.reason,
            set_by_name=self.set_by_name,
            asks_name=self.asks_name,
            used=self.used if counts and self.used is not None else ZERO,
            used_count=self.used_count if counts and self.used_count is not None else 0,
        )


_COLUMNS = (
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
        FundingLine.calendar,
        FundingLine.paid_in,
        FundingLine.pool_id,
        FundingLine.part_of_line_id,
        FundingLine.person_id,
        FundingLine.only_for,
        FundingLine.only_words,
    )
    .where(FundingLine.closed_at.is_(None))
    .order_by(FundingLine.sequence, FundingLine.id)
)
_LINES = _COLUMNS.where(
    FundingLine.person_id == bindparam("person_id"), FundingLine.pool_id.is_(None)
)
_POOLED_LINES = _COLUMNS.where(FundingLine.pool_id == bindparam("pool_id"))
_LIMIT_COLUMNS = select(
    SpendingLimit.id,
    SpendingLimit.line_id,
    SpendingLimit.window,
    SpendingLimit.amount.label("amount"),
    SpendingLimit.kind,
    SpendingLimit.reason,
    SpendingLimit.set_by_name,
    SpendingLimit.set_at,
    SpendingLimit.measure,
    SpendingLimit.count_max,
    SpendingLimit.narrowed,
    SpendingLimit.narrowed_to,
    SpendingLimit.others,
    SpendingLimit.about,
    SpendingLimit.asks_name,
    SpendingLimit.second_look,
    LimitUse.window_starts_on,
    LimitUse.used.label("used"),
    LimitUse.count.label("used_count"),
).order_by(SpendingLimit.set_at, SpendingLimit.id)
_LIMITS = _LIMIT_COLUMNS.outerjoin(
    LimitUse,
    and_(
        LimitUse.limit_id == SpendingLimit.id,
        LimitUse.window_starts_on.in_(bindparam("windows", expanding=True)),
    ),
).where(
    SpendingLimit.line_id.in_(bindparam("line_ids", expanding=True)),
    SpendingLimit.ended_at.is_(None),
)
_each = aliased(LimitUse)
_NEWEST_USE = (
    select(func.max(_each.window_starts_on))
    .where(
        _each.limit_id == SpendingLimit.id,
        # A line that has not begun yet has the one window that is for ever before it.
        or_(
            _each.window_starts_on <= bindparam("today"),
            SpendingLimit.window == LimitWindow.EVER,
        ),
    )
    .scalar_subquery()
)
LIMITS_OF_PERSON = Ready(
    _LIMIT_COLUMNS.outerjoin(
        LimitUse,
        and_(
            LimitUse.limit_id == SpendingLimit.id,
            LimitUse.window_starts_on == _NEWEST_USE,
        ),
    )
    .join(FundingLine, FundingLine.id == SpendingLimit.line_id)
    .where(
        FundingLine.person_id == bindparam("person_id"),
        FundingLine.pool_id.is_(None),
        FundingLine.closed_at.is_(None),
        SpendingLimit.ended_at.is_(None),
    )
)


def stored_lines(
    session: Session, person_id: UUID, pool_id: UUID | None = None
) -> list[LineColumns]:
    """Return a person's open lines, or a pool's, in the sequence in which they pay."""
    if pool_id is not None:
        rows = session.execute(_POOLED_LINES, {"pool_id": pool_id})
    else:
        rows = session.execute(_LINES, {"person_id": person_id})
    return [LineColumns(**row._asdict()) for row in rows]


def shown_lines(*columns: ScalarSelect[Any]) -> Ready:
    """Return the statement for a person's ``ShownLine``s, whose last columns are given."""
    own = ShownLine._fields[: -len(columns)]
    return Ready(_LINES.with_only_columns(*(getattr(FundingLine, name) for name in own), *columns))


LimitsOfLines = dict[UUID, list[tuple[Limit, datetime, str]]]
"""By line, its limits on a day, each with since when it is there, and why it is right.

The last is what was said at a second look, where one was taken.
"""


def limits_of_lines(session: Session, lines: Iterable[LineColumns], day: date) -> LimitsOfLines:
    """Return each line's limits on a day; a share in a pool has those of its line."""
    lines = list(lines)
    if not lines:
        return defaultdict(list)
    starts = {line.limited_by_id: line.starts_on for line in lines}
    # Which windows there can be today is known before the limits are: so one statement does.
    windows = {
        window_of(window, day, line_starts_on=start).starts_on
        for start in set(starts.values())
        for window in LimitWindow
    }
    asked = {"line_ids": list(starts), "windows": list(windows)}
    limited = {line.limited_by_id: line.id for line in lines}
    found: LimitsOfLines = defaultdict(list)
    stored: Iterable[Any] = session.connection().execute(_LIMITS, asked)
    rows = [_LimitColumns(*row) for row in stored]
    for _, same in groupby(rows, key=lambda row: row.id):
        uses = list(same)
        span = window_of(uses[0].window, day, line_starts_on=starts[uses[0].line_id])
        row = next((use for use in uses if use.window_starts_on == span.starts_on), uses[0])
        found[limited[row.line_id]].append((row.limit(span), row.set_at, row.second_look))
    return found


def limits_in(rows: Iterable[Row], starts: Mapping[UUID, date], day: date) -> LimitsOfLines:
    """Return the limits on a day that were found for lines, by the day each line starts on."""
    found: LimitsOfLines = defaultdict(list)
    for values in rows:
        row = _LimitColumns(*values)
        starts_on = starts.get(row.line_id)
        if starts_on is not None:
            span = window_of(row.window, day, line_starts_on=starts_on)
            found[row.line_id].append((row.limit(span), row.set_at, row.second_look))
    return found
