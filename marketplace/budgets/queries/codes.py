"""Under which code a council books the money of each line."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine


def codes_of(session: Session, *, council_id: UUID) -> dict[UUID, tuple[str, str]]:
    """Return the funder and the cost code of each line of a council, by the line's id."""
    rows = session.execute(
        select(FundingLine.id, FundingLine.funder, FundingLine.cost_code).where(
            FundingLine.council_id == council_id
        )
    )
    return {line_id: (funder.value, code) for line_id, funder, code in rows}
