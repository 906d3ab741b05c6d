"""Own money that is paid in regularly by card."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments.models import Regular, TopUp
from marketplace.payments.rules import Every, RegularState, TopUpState


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularRow:
    """A regular payment of own money."""

    id: UUID
    person_id: UUID
    amount: Money
    every: Every
    next_on: date | None
    state: RegularState
    customer: str | None
    page_url: str | None
    consent: str
    asked_at: datetime
    agreed_at: datetime | None
    stopped_at: datetime | None
    stopped_why: str


def regulars_of(session: Session, *, person_id: UUID) -> list[RegularRow]:
    """Return a person's regular payments, newest first."""
    rows = session.scalars(
        select(Regular)
        .where(Regular.person_id == person_id)
        .order_by(Regular.asked_at.desc(), Regular.id)
    )
    return [_row(found) for found in rows]


def regular(session: Session, *, regular_id: UUID, seen_by: Actor) -> RegularRow:
    """Return a regular payment of the person whose affairs these are.

    Raises:
        NotFoundError: they have none with this id.
    """
    found = session.get(Regular, regular_id)
    if found is None or found.person_id != seen_by.buys_for:
        raise NotFoundError
    return _row(found)


def regulars_due(session: Session, *, on: date, limit: int) -> list[UUID]:
    """Return the regular payments that are due on a day."""
    rows = (
        select(Regular.id)
        .where(Regular.state == RegularState.ON, Regular.next_on <= on)
        .order_by(Regular.next_on, Regular.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def takings_to_do(session: Session, *, limit: int) -> list[UUID]:
    """Return the regular payments that the card company has not been asked for yet."""
    rows = (
        select(TopUp.id)
        .where(
            TopUp.regular_id.is_not(None),
            TopUp.state == TopUpState.ASKED,
            TopUp.payment.is_(None),
            TopUp.session_id.is_(None),
        )
        .order_by(TopUp.asked_at, TopUp.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def _row(found: Regular) -> RegularRow:
    return RegularRow(**{name: getattr(found, name) for name in RegularRow.__slots__})
