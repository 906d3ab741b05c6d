"""What is set aside for orders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Hold, HoldShare, Refusal
from marketplace.budgets.rules import Funder, RefusalReason
from marketplace.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShareRow:
    """What one line set aside for an order, and what became of it."""

    line_id: UUID
    funder: Funder
    available_account_id: UUID
    held_account_id: UUID
    held: Money
    captured: Money
    released: Money
    refunded: Money

    @property
    def open(self) -> Money:
        """What is still set aside."""
        return self.held - self.captured - self.released


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """Money set aside for one order."""

    order_id: UUID
    person_id: UUID
    council_id: UUID
    made_at: datetime
    shares: tuple[HoldShareRow, ...]

    @property
    def held(self) -> Money:
        """What was set aside in the beginning."""
        return total(share.held for share in self.shares)

    @property
    def captured(self) -> Money:
        """What was paid to the provider."""
        return total(share.captured for share in self.shares)

    @property
    def released(self) -> Money:
        """What went back without being paid."""
        return total(share.released for share in self.shares)

    @property
    def refunded(self) -> Money:
        """What went back after it was paid."""
        return total(share.refunded for share in self.shares)

    @property
    def open(self) -> Money:
        """What is still set aside."""
        return total(share.open for share in self.shares)


_HOLD = select(Hold.id, Hold.person_id, Hold.council_id, Hold.made_at)
_SHARES = (
    select(
        HoldShare.line_id,
        FundingLine.funder,
        FundingLine.available_account_id,
        FundingLine.held_account_id,
        HoldShare.held,
        HoldShare.captured,
        HoldShare.released,
        HoldShare.refunded,
    )
    .join(FundingLine, FundingLine.id == HoldShare.line_id)
    .order_by(HoldShare.position)
)


def find_hold(session: Session, *, order_id: UUID, lock: bool = False) -> HoldRow | None:
    """Return what is set aside for an order, if anything ever was.

    ``lock`` is for those who are about to change it.
    """
    hold = _HOLD.where(Hold.id == order_id)
    found = session.execute(hold.with_for_update() if lock else hold).one_or_none()
    if found is None:
        return None
    shares = session.execute(_SHARES.where(HoldShare.hold_id == order_id))
    return HoldRow(
        order_id=found.id,
        person_id=found.person_id,
        council_id=found.council_id,
        made_at=found.made_at,
        shares=tuple(HoldShareRow(**row._asdict()) for row in shares),
    )


def open_holds(session: Session) -> dict[UUID, Money]:
    """Return for every order that ever had a hold what is still set aside for it."""
    left = func.sum(
        HoldShare.held - HoldShare.captured - HoldShare.released, type_=HoldShare.held.type
    )
    rows = session.execute(
        select(Hold.id, left).outerjoin(HoldShare, HoldShare.hold_id == Hold.id).group_by(Hold.id)
    )
    return {order_id: amount or ZERO for order_id, amount in rows}


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A spend that was refused."""

    why: RefusalReason
    wanted: Money
    remaining: Money
    category: str
    at: datetime


def refusals_of(session: Session, *, person_id: UUID) -> list[RefusalRow]:
    """Return what a person wanted to spend and was refused, newest first."""
    rows = (
        select(Refusal.why, Refusal.wanted, Refusal.remaining, Refusal.category, Refusal.at)
        .where(Refusal.person_id == person_id)
        .order_by(Refusal.at.desc(), Refusal.id)
    )
    return [RefusalRow(*row) for row in session.execute(rows)]
