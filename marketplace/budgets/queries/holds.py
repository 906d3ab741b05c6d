"""What is set aside for orders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Hold, HoldShare, HoldTaking, Refusal
from marketplace.budgets.rules import Funder, HoldKind, Part, RefusalReason
from marketplace.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True)
class HoldShareRow:
    """What one line set aside for a part of an order, and what became of it."""

    id: UUID
    line_id: UUID
    position: int
    category: str
    outcome_id: UUID | None
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

    @property
    def kept(self) -> Money:
        """What is set aside or paid, and was not given back."""
        return self.held - self.released - self.refunded

    @property
    def part(self) -> Part:
        """What of the order this pays for, and how much of it is set aside or paid."""
        return Part(self.category, self.outcome_id, self.kept)


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Money set aside for one order."""

    order_id: UUID
    person_id: UUID
    council_id: UUID
    provider_id: UUID | None
    made_at: datetime
    tolerance: Money
    agreed: Money
    covers_until: date | None
    expires_at: datetime | None
    pool_id: UUID | None
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


_HOLDS = select(
    Hold.id,
    Hold.person_id,
    Hold.council_id,
    Hold.provider_id,
    Hold.made_at,
    Hold.tolerance,
    Hold.agreed,
    Hold.covers_until,
    Hold.expires_at,
).where(Hold.id.in_(bindparam("order_ids", expanding=True)))
_LOCKED_HOLDS = _HOLDS.order_by(Hold.id).with_for_update(key_share=True)
_SHARES = (
    select(
        HoldShare.hold_id,
        HoldShare.id,
        HoldShare.line_id,
        HoldShare.position,
        HoldShare.category,
        HoldShare.outcome_id,
        FundingLine.funder,
        FundingLine.available_account_id,
        FundingLine.held_account_id,
        HoldShare.held,
        HoldShare.captured,
        HoldShare.released,
        HoldShare.refunded,
        FundingLine.pool_id,
    )
    .join(FundingLine, FundingLine.id == HoldShare.line_id)
    .where(HoldShare.hold_id.in_(bindparam("order_ids", expanding=True)))
    .order_by(HoldShare.hold_id, HoldShare.position)
)

_COUNTING = select(HoldTaking.limit_id).where(
    HoldTaking.hold_id == bindparam("order_id"), HoldTaking.count == 1
)


def find_hold(session: Session, *, order_id: UUID, lock: bool = False) -> HoldRow | None:
    """Return what is set aside for an order, if anything ever was.

    ``lock`` is for those who are about to change it.
    """
    return find_holds(session, order_ids=[order_id], lock=lock).get(order_id)


def find_holds(
    session: Session, *, order_ids: Collection[UUID], lock: bool = False
) -> dict[UUID, HoldRow]:
    """Return what is set aside for some orders, as far as anything ever was.

    Those who are about to change it ``lock`` it, in the order of the ids.
    """
    session.flush()  # the statements that follow are not the session's own
    connection = session.connection()
    wanted = {"order_ids": list(order_ids)}
    found = connection.execute(_LOCKED_HOLDS if lock else _HOLDS, wanted).all()
    if not found:
        return {}
    shares: dict[UUID, list[HoldShareRow]] = {row.id: [] for row in found}
    pools: dict[UUID, UUID | None] = {}
    for hold_id, *share, pool_id in connection.execute(_SHARES, wanted):
        shares[hold_id].append(HoldShareRow(*share))
        pools[hold_id] = pool_id
    return {
        row.id: HoldRow(*row, pool_id=pools.get(row.id), shares=tuple(shares[row.id]))
        for row in found
    }


def limits_that_count(session: Session, *, order_id: UUID) -> frozenset[UUID]:
    """Return the limits that count an order as one of theirs already."""
    return frozenset(session.scalars(_COUNTING, {"order_id": order_id}))


def expired_holds(session: Session, *, at: datetime, limit: int = 100) -> list[UUID]:
    """Return orders whose hold has run out with money still in it, the longest ago first."""
    rows = (
        select(Hold.id).where(Hold.expires_at <= at).order_by(Hold.expires_at, Hold.id).limit(limit)
    )
    return list(session.scalars(rows))


def open_holds(session: Session) -> dict[UUID, Money]:
    """Return for every order of the market that ever had a hold what is still set aside for it."""
    left = func.sum(
        HoldShare.held - HoldShare.captured - HoldShare.released, type_=HoldShare.held.type
    )
    rows = session.execute(
        select(Hold.id, left)
        .outerjoin(HoldShare, HoldShare.hold_id == Hold.id)
        .where(Hold.kind == HoldKind.ORDER)
        .group_by(Hold.id)
    )
    return {order_id: amount or ZERO for order_id, amount in rows}


def kept_for(session: Session, *, order_ids: Collection[UUID]) -> dict[UUID, Money]:
    """Return for some orders what is set aside or paid for them and has not come back."""
    kept = func.sum(
        HoldShare.held - HoldShare.released - HoldShare.refunded, type_=HoldShare.held.type
    )
    rows = (
        select(HoldShare.hold_id, kept)
        .where(HoldShare.hold_id.in_(order_ids))
        .group_by(HoldShare.hold_id)
    )
    return dict(session.execute(rows).all()) if order_ids else {}


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
