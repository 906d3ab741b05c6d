"""The lines that a council funds, as its officers list them; and those that a provider keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Funder, Holder
from marketplace.councils import queries as councils
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
    council_name: str
    funder: Funder
    holder: Holder
    holder_name: str
    cost_code: str
    yearly: Money
    available: Money
    held: Money
    closed: bool

    @property
    def label(self) -> str:
        """The line in words."""
        return self.funder.label


def lines_of_council(
    session: Session, *, council_id: UUID, page: int = 1, closed_too: bool = False
) -> Page[CouncilLine]:
    """Return one page of the open lines that a council funds, those opened last first.

    With ``closed_too``, of all the lines it ever funded.
    """
    mine = _funded_by(council_id, closed_too=closed_too)
    rows = session.scalars(
        select(FundingLine)
        .where(*mine)
        .order_by(FundingLine.opened_at.desc(), FundingLine.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    count = session.scalar(select(func.count()).select_from(FundingLine).where(*mine)) or 0
    return Page(_council_lines(session, rows), page, count)


def line_of_council(
    session: Session, *, line_id: UUID, council_id: UUID, closed_too: bool = False
) -> CouncilLine:
    """Return an open line that a council funds; with ``closed_too``, a closed one as well.

    Raises:
        NotFoundError: it has none with this id.
    """
    rows = session.scalars(
        select(FundingLine).where(
            *_funded_by(council_id, closed_too=closed_too), FundingLine.id == line_id
        )
    ).all()
    if not rows:
        raise NotFoundError
    return _council_lines(session, rows)[0]


def kept_by(session: Session, *, provider_id: UUID) -> list[CouncilLine]:
    """Return the individual service funds that a provider keeps for people, by their names."""
    rows = session.scalars(
        select(FundingLine).where(
            FundingLine.holder_provider_id == provider_id,
            FundingLine.holder == Holder.ISF,
            FundingLine.closed_at.is_(None),
        )
    ).all()
    found = _council_lines(session, rows)
    return sorted(found, key=lambda line: (line.person_name.casefold(), line.id))


def _funded_by(council_id: UUID, *, closed_too: bool) -> tuple[ColumnElement[bool], ...]:
    private = [funder for funder in Funder if funder.is_private]
    return (
        FundingLine.council_id == council_id,
        *(() if closed_too else (FundingLine.closed_at.is_(None),)),
        FundingLine.pool_id.is_(None),
        FundingLine.funder.not_in(private),
    )


def _council_lines(session: Session, rows: Sequence[FundingLine]) -> list[CouncilLine]:
    names = access.names_of(session, user_ids=[row.person_id for row in rows])
    paid_by = {council.id: council.name for council in councils.councils(session)} if rows else {}
    accounts = [each for row in rows for each in (row.available_account_id, row.held_account_id)]
    has = ledger.balances_of(session, account_ids=accounts)
    return [
        CouncilLine(
            id=row.id,
            person_id=row.person_id,
            person_name=names.get(row.person_id, ""),
            council_name=paid_by[row.council_id],
            funder=row.funder,
            holder=row.holder,
            holder_name=row.holder_name,
            cost_code=row.cost_code,
            yearly=row.yearly,
            available=has[row.available_account_id],
            held=has[row.held_account_id],
            closed=row.closed_at is not None,
        )
        for row in rows
    ]
