"""The lines that a council funds, as its officers list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Funder
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilLine:
    """A line as the council's finance office lists it."""

    id: UUID
    person_id: UUID
    person_name: str
    funder: Funder
    cost_code: str
    available: Money

    @property
    def label(self) -> str:
        """The line in words."""
        return self.funder.label


def lines_of_council(session: Session, *, council_id: UUID, page: int = 1) -> Page[CouncilLine]:
    """Return one page of the open lines that a council funds, those opened last first."""
    mine = _funded_by(council_id)
    rows = session.scalars(
        select(FundingLine)
        .where(*mine)
        .order_by(FundingLine.opened_at.desc(), FundingLine.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    count = session.scalar(select(func.count()).select_from(FundingLine).where(*mine)) or 0
    return Page(_council_lines(session, rows), page, count)


def line_of_council(session: Session, *, line_id: UUID, council_id: UUID) -> CouncilLine:
    """Return an open line that a council funds.

    Raises:
        NotFoundError: it has none with this id.
    """
    rows = session.scalars(
        select(FundingLine).where(*_funded_by(council_id), FundingLine.id == line_id)
    ).all()
    if not rows:
        raise NotFoundError
    return _council_lines(session, rows)[0]


def _funded_by(council_id: UUID) -> tuple[ColumnElement[bool], ...]:
    private = [funder for funder in Funder if funder.is_private]
    return (
        FundingLine.council_id == council_id,
        FundingLine.closed_at.is_(None),
        FundingLine.pool_id.is_(None),
        FundingLine.funder.not_in(private),
    )


def _council_lines(session: Session, rows: Sequence[FundingLine]) -> list[CouncilLine]:
    names = access.names_of(session, user_ids=[row.person_id for row in rows])
    has = ledger.balances_of(session, account_ids=[row.available_account_id for row in rows])
    return [
        CouncilLine(
            id=row.id,
            person_id=row.person_id,
            person_name=names.get(row.person_id, ""),
            funder=row.funder,
            cost_code=row.cost_code,
            available=has[row.available_account_id],
        )
        for row in rows
    ]
