"""A person's funding lines as the wallet page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, HoldShare
from marketplace.budgets.queries.pots import (
    LineColumns,
    account_ids_of,
    limits_of_lines,
    stored_lines,
)
from marketplace.budgets.rules import (
    Funder,
    Holder,
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
)
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.paging import Page
from marketplace.wallet import queries as ledger
from marketplace.wallet.queries import StatementRow


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A spending limit as the person sees it: what is used and left in the window of today."""

    limit: Limit
    set_at: datetime

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

    @property
    def label(self) -> str:
        """The line in words."""
        return self.funder.label


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
    lines = stored_lines(session, person_id)
    accounts = account_ids_of(session, person_id=person_id) if lines else []
    balances = ledger.balances_of(session, account_ids=accounts)
    limits = limits_of_lines(session, lines, local_day(at))
    spent = _spent(session, [line.id for line in lines])
    names = _council_names(session, {line.council_id for line in lines})
    return [
        _line_row(
            line,
            person_id=person_id,
            council_name=names[line.council_id],
            balances=balances,
            spent=spent.get(line.id, ZERO),
            limits=[LimitRow(limit, set_at) for limit, set_at in limits[line.id]],
        )
        for line in lines
    ]


def line(
    session: Session,
    *,
    line_id: UUID,
    person_id: UUID,
    at: datetime,
    council_id: UUID | None = None,
) -> LineRow:
    """Return one funding line of a person; with a council, only if it is that council's.

    Raises:
        NotFoundError: they have no such line.
    """
    lines = lines_of(session, person_id=person_id, at=at)
    found = next((row for row in lines if row.id == line_id), None)
    if found is None or council_id not in {None, found.council_id}:
        raise NotFoundError
    return found


def statement_of_person(session: Session, *, person_id: UUID, page: int = 1) -> Page[StatementRow]:
    """Return one page of what happened to a person's money, newest first."""
    return _statement(session, stored_lines(session, person_id), page)


def statement_of_line(
    session: Session, *, line_id: UUID, person_id: UUID, page: int = 1
) -> Page[StatementRow]:
    """Return one page of what happened to the money of one line, newest first."""
    lines = [row for row in stored_lines(session, person_id) if row.id == line_id]
    return _statement(session, lines, page)


def instalments_are_due(session: Session, *, on: date) -> bool:
    """Tell whether any line is to be paid into by a day."""
    due = select(FundingLine.id).where(
        FundingLine.next_due_on <= on, FundingLine.closed_at.is_(None)
    )
    return session.scalar(due.limit(1)) is not None


def _statement(session: Session, lines: Sequence[LineColumns], page: int) -> Page[StatementRow]:
    return ledger.statement_of(
        session,
        available_ids=[row.available_account_id for row in lines],
        held_ids=[row.held_account_id for row in lines],
        page=page,
    )


def wallet(session: Session, *, person_id: UUID, at: datetime) -> WalletView:
    """Return all of a person's money together."""
    lines = lines_of(session, person_id=person_id, at=at)
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


def _spent(session: Session, line_ids: Sequence[UUID]) -> dict[UUID, Money]:
    spent = func.sum(HoldShare.captured - HoldShare.refunded, type_=HoldShare.held.type)
    rows = session.execute(
        select(HoldShare.line_id, spent)
        .where(HoldShare.line_id.in_(line_ids))
        .group_by(HoldShare.line_id)
    )
    return dict(rows.all())


def _council_names(session: Session, council_ids: Iterable[UUID]) -> dict[UUID, str]:
    return {
        council_id: councils.council(session, council_id=council_id).name
        for council_id in council_ids
    }


def _line_row(
    line: LineColumns,
    *,
    person_id: UUID,
    council_name: str,
    balances: Mapping[UUID, Money],
    spent: Money,
    limits: Sequence[LimitRow],
) -> LineRow:
    coming = line.next_instalment
    return LineRow(
        id=line.id,
        person_id=person_id,
        council_id=line.council_id,
        council_name=council_name,
        funder=line.funder,
        holder=line.holder,
        holder_name=line.holder_name,
        cost_code=line.cost_code,
        yearly=line.yearly,
        instalment=coming[1] if coming else ZERO,
        next_instalment_on=coming[0] if coming else None,
        available=balances[line.available_account_id],
        held=balances[line.held_account_id],
        spent=spent,
        starts_on=line.starts_on,
        ends_before=line.ends_before,
        sequence=line.sequence,
        limits=tuple(limits),
    )
