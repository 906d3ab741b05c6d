"""When stores are away, and how much they can take."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Break, Provider
from marketplace.catalogue.rules.holidays import Away, Capacity, away_on
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A holiday of a store."""

    id: UUID
    away: Away
    words: str
    made_by_name: str


def breaks_of(session: Session, *, provider_id: UUID, on: date) -> list[BreakRow]:
    """Return the holidays of a store that are not over, by their first day."""
    rows = select(Break).where(
        Break.provider_id == provider_id, Break.ended_at.is_(None), Break.ends_before > on
    )
    return [
        BreakRow(row.id, Away(row.starts_on, row.ends_before), row.words, row.made_by_name)
        for row in session.scalars(rows.order_by(Break.starts_on, Break.id))
    ]


def own_breaks(session: Session, *, by: Actor, on: date) -> list[BreakRow]:
    """Return the holidays of the store somebody looks after.

    Raises:
        NotFoundError: they look after none.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    return breaks_of(session, provider_id=by.works_for, on=on)


def away_then(session: Session, *, provider_id: UUID, days: Iterable[date]) -> Away | None:
    """Return the holiday of a store that one of some days falls in, if one does."""
    wanted = set(days)
    if not wanted:
        return None
    rows = select(Break.starts_on, Break.ends_before).where(
        Break.provider_id == provider_id,
        Break.ended_at.is_(None),
        Break.starts_on <= max(wanted),
        Break.ends_before > min(wanted),
    )
    return away_on(wanted, [Away(*row) for row in session.execute(rows)])


def breaks_by_store(
    session: Session, *, provider_ids: Collection[UUID]
) -> dict[UUID, tuple[Away, ...]]:
    """Return the holidays of some stores, past ones too, by store and first day."""
    rows = (
        select(Break.provider_id, Break.starts_on, Break.ends_before)
        .where(Break.provider_id.in_(provider_ids), Break.ended_at.is_(None))
        .order_by(Break.starts_on, Break.id)
    )
    found: dict[UUID, tuple[Away, ...]] = {}
    for provider_id, *days in session.execute(rows):
        found[provider_id] = (*found.get(provider_id, ()), Away(*days))
    return found


def backs_on(session: Session, *, provider_ids: Collection[UUID], on: date) -> dict[UUID, date]:
    """Return when those of some stores are back that are away on a day."""
    rows = select(Break.provider_id, Break.ends_before).where(
        Break.provider_id.in_(provider_ids),
        Break.ended_at.is_(None),
        Break.starts_on <= on,
        Break.ends_before > on,
    )
    return dict(session.execute(rows).all())


def back_on(on: date) -> ScalarSelect[date]:
    """Return when a store is back, if it is away on a day, as part of a statement about stores."""
    return (
        select(func.max(Break.ends_before))
        .where(
            Break.provider_id == Provider.id,
            Break.ended_at.is_(None),
            Break.starts_on <= on,
            Break.ends_before > on,
        )
        .correlate(Provider)
        .scalar_subquery()
    )


def full_store() -> ColumnElement[bool]:
    """Return whether a store has all that it can take, as part of a statement about stores."""
    is_full = or_(
        Provider.people_now >= Provider.people_most,
        Provider.minutes_now >= Provider.hours_most * 60,
    )
    return case((is_full, True), else_=False)


def capacity_of(session: Session, *, by: Actor) -> Capacity:
    """Return how much the store somebody looks after can take.

    Raises:
        NotFoundError: they look after none.
    """
    found = session.get(Provider, by.works_for) if by.may(Permission.KEEP_STORE) else None
    if found is None:
        raise NotFoundError
    return Capacity(found.people_most, found.hours_most, found.people_now, found.minutes_now)


def stores_that_count(session: Session, *, counted_before: datetime) -> list[UUID]:
    """Return the stores that said how much they can take, and were not counted since."""
    rows = select(Provider.id).where(
        or_(Provider.people_most.is_not(None), Provider.hours_most.is_not(None)),
        or_(Provider.counted_at.is_(None), Provider.counted_at < counted_before),
    )
    return list(session.scalars(rows.order_by(Provider.id)))
