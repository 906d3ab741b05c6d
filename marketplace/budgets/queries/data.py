"""What this room keeps about somebody: their money, its limits, and what was set aside."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    Instalment,
    LimitUse,
    LineOutcome,
    Outcome,
    Refusal,
    SpendingLimit,
    SpendRequest,
)
from marketplace.budgets.models.council_views import CouncilView
from marketplace.budgets.queries.data_beside import beside
from marketplace.kernel.exporting import Kept, columns_of, rows_of


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's outcomes, funding lines, limits, holds, refusals and requests."""
    outcomes = select(*columns_of(Outcome)).where(Outcome.person_id == user_id)
    lines = select(
        *columns_of(FundingLine, without=["available_account_id", "held_account_id"])
    ).where(FundingLine.person_id == user_id)
    refusals = select(*columns_of(Refusal)).where(Refusal.person_id == user_id)
    requests = select(*columns_of(SpendRequest)).where(SpendRequest.person_id == user_id)
    views = select(*columns_of(CouncilView)).where(CouncilView.person_id == user_id)
    return {
        "outcomes": rows_of(session, outcomes.order_by(Outcome.sort, Outcome.id)),
        "funding-lines": rows_of(session, lines.order_by(FundingLine.sequence, FundingLine.id)),
        **_of_lines(session, user_id),
        **_of_holds(session, user_id),
        **beside(session, user_id),
        "refused-spends": rows_of(session, refusals.order_by(Refusal.at, Refusal.id)),
        "requests-to-go-past-a-limit": rows_of(session, requests.order_by(SpendRequest.asked_at)),
        "what-councils-see": rows_of(session, views.order_by(CouncilView.council_id)),
    }


def line_ids_of(session: Session, *, person_id: UUID) -> list[UUID]:
    """Return every funding line somebody ever had: the owners of their accounts in the ledger."""
    return list(session.scalars(_line_ids(person_id)))


def _of_lines(session: Session, user_id: UUID) -> dict[str, Kept]:
    mine = _line_ids(user_id)
    purposes = select(*columns_of(LineOutcome)).where(LineOutcome.line_id.in_(mine))
    instalments = select(*columns_of(Instalment)).where(Instalment.line_id.in_(mine))
    limits = select(*columns_of(SpendingLimit)).where(SpendingLimit.line_id.in_(mine))
    uses = (
        select(*columns_of(LimitUse))
        .join(SpendingLimit, SpendingLimit.id == LimitUse.limit_id)
        .where(SpendingLimit.line_id.in_(mine))
    )
    return {
        "what-funding-lines-are-for": rows_of(session, purposes.order_by(LineOutcome.line_id)),
        "instalments": rows_of(session, instalments.order_by(Instalment.due_on, Instalment.id)),
        "limits": rows_of(session, limits.order_by(SpendingLimit.set_at, SpendingLimit.id)),
        "limits-used": rows_of(session, uses.order_by(LimitUse.window_starts_on, LimitUse.id)),
    }


def _of_holds(session: Session, user_id: UUID) -> dict[str, Kept]:
    holds = select(*columns_of(Hold)).where(Hold.person_id == user_id)
    # Of an order that a pool paid, each member has the shares of their own money.
    of_mine = HoldShare.line_id.in_(_line_ids(user_id))
    shares = select(*columns_of(HoldShare)).where(of_mine)
    takings = (
        select(*columns_of(HoldTaking))
        .join(HoldShare, HoldShare.id == HoldTaking.share_id)
        .where(of_mine)
    )
    return {
        "money-set-aside": rows_of(session, holds.order_by(Hold.made_at, Hold.id)),
        "money-set-aside-by-line": rows_of(
            session, shares.order_by(HoldShare.hold_id, HoldShare.position)
        ),
        "money-set-aside-by-limit": rows_of(
            session, takings.order_by(HoldTaking.hold_id, HoldTaking.id)
        ),
    }


def _line_ids(person_id: UUID) -> Select[UUID]:
    return select(FundingLine.id).where(FundingLine.person_id == person_id)
