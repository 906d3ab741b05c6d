"""Own money on its way back to cards, and what banks of cards want back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.queries import OwedLine, owed_lines
from marketplace.kernel.money import ZERO, Money
from marketplace.payments.models import CardDispute, CardRefund, TopUp
from marketplace.payments.rules import (
    CARD_WINDOW,
    CardRefundState,
    DisputeState,
    TopUpState,
    why_disputed,
)

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """A payment by card that the payer's bank wants back."""

    id: UUID
    dispute_id: str
    person_name: str
    amount: Money
    state: DisputeState
    reason: str
    is_taken: bool
    held: Money
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    settled_by_name: str

    @property
    def short(self) -> Money:
        """What the bank has and no wallet gave."""
        return self.amount - self.held if self.is_taken else ZERO

    @property
    def why(self) -> str:
        """Why the bank wants it, in words."""
        return why_disputed(self.reason)

    @property
    def waits(self) -> bool:
        """Tell whether a finance officer has something to do about it."""
        return not self.state.is_over or (self.short > ZERO and not self.settled_by_name)


def refunds_to_plan(session: Session, *, at: datetime) -> list[OwedLine]:
    """Return own money that is owed and was paid by cards that may take it back."""
    owed = owed_lines(session)
    if not owed:
        return []
    no = select(CardRefund.top_up_id).where(
        CardRefund.state.in_([CardRefundState.REFUSED, CardRefundState.FAILED])
    )
    counted = (
        select(func.coalesce(func.sum(CardRefund.amount, type_=TopUp.amount.type), 0))
        .where(CardRefund.top_up_id == TopUp.id, CardRefund.state != CardRefundState.REFUSED)
        .scalar_subquery()
    )
    over = [DisputeState.WON, DisputeState.ENDED]
    disputed = select(CardDispute.top_up_id).where(CardDispute.state.not_in(over))
    lines = set(
        session.scalars(
            select(TopUp.line_id).where(
                TopUp.line_id.in_({each.line_id for each in owed}),
                TopUp.state == TopUpState.PAID,
                TopUp.by_family.is_(False),
                TopUp.payment.is_not(None),
                TopUp.paid_at > at - CARD_WINDOW,
                TopUp.id.not_in(no),
                TopUp.id.not_in(disputed),
                TopUp.amount > counted,
                TopUp.amount > TopUp.refunded,
            )
        )
    )
    return [each for each in owed if each.line_id in lines]


def refunds_to_ask(session: Session, *, limit: int) -> list[UUID]:
    """Return the refunds that the card company has not answered, the longest waiting first."""
    rows = (
        select(CardRefund.id)
        .where(CardRefund.state == CardRefundState.ASKED)
        .order_by(CardRefund.asked_at, CardRefund.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def disputes(session: Session, *, council_id: UUID) -> list[DisputeRow]:
    """Return what banks want back from a council: what waits, the nearest deadline first."""
    over = CardDispute.state.in_([state for state in DisputeState if state.is_over])
    short = CardDispute.is_taken & (CardDispute.amount > CardDispute.held)
    waits = or_(~over, short & CardDispute.settled_at.is_(None))
    rows = session.execute(
        select(CardDispute, TopUp.person_id)
        .join(TopUp, TopUp.id == CardDispute.top_up_id)
        .where(CardDispute.council_id == council_id)
        .order_by(~waits, CardDispute.due_at, CardDispute.opened_at.desc(), CardDispute.id)
        .limit(SHOWN_MAX)
    ).all()
    names = access.names_of(session, user_ids=[person_id for _, person_id in rows])
    return [_row(each, names.get(person_id, "")) for each, person_id in rows]


def dispute_of(session: Session, *, top_up_id: UUID) -> DisputeRow | None:
    """Return what the bank of a card wants back of one payment, the newest if there are more."""
    found = session.scalar(
        select(CardDispute)
        .where(CardDispute.top_up_id == top_up_id)
        .order_by(CardDispute.opened_at.desc(), CardDispute.id)
        .limit(1)
    )
    return _row(found, "") if found else None


def _row(found: CardDispute, name: str) -> DisputeRow:
    plain = (each for each in DisputeRow.__slots__ if each != "person_name")
    return DisputeRow(person_name=name, **{each: getattr(found, each) for each in plain})
