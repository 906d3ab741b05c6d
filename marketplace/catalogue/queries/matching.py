"""Stores as far as it takes to recognise them in another catalogue, whatever their state."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderState


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreToMatch:
    """A store, open or not, looked after or not."""

    id: UUID
    name: str
    about: str
    postcode: str
    phone: str
    website: str
    cqc_id: str
    categories: tuple[str, ...]
    for_whom: tuple[str, ...]
    youngest: int | None
    oldest: int | None
    source_key: str
    is_open: bool
    is_kept: bool


def stores_to_match(session: Session, *, ids: Collection[UUID] | None = None) -> list[StoreToMatch]:
    """Return every store in the market, or those of some ids."""
    rows = select(
        Provider.id,
        Provider.name,
        Provider.about,
        Provider.postcode,
        Provider.phone,
        Provider.website,
        Provider.cqc_id,
        Provider.categories,
        Provider.for_whom,
        Provider.youngest,
        Provider.oldest,
        Provider.source_key,
        Provider.state,
    )
    if ids is not None:
        rows = rows.where(Provider.id.in_(ids))
    return [
        StoreToMatch(
            id=row.id,
            name=row.name,
            about=row.about,
            postcode=row.postcode,
            phone=row.phone,
            website=row.website,
            cqc_id=row.cqc_id or "",
            categories=tuple(row.categories),
            for_whom=tuple(row.for_whom),
            youngest=row.youngest,
            oldest=row.oldest,
            source_key=row.source_key or "",
            is_open=row.state is not ProviderState.CLOSED,
            is_kept=row.state not in {ProviderState.UNCLAIMED, ProviderState.CLOSED},
        )
        for row in session.execute(rows)
    ]


def store_of_source(session: Session, *, source_key: str) -> UUID | None:
    """Return the store that came from a public file under a key, if one did."""
    return session.scalar(select(Provider.id).where(Provider.source_key == source_key))
