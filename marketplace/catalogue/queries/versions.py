"""What one's own offers said before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.models import OfferVersion
from marketplace.catalogue.queries.kept import kept_offer
from marketplace.catalogue.rules import PriceBands, Unit, bands_of, said


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What an offer said from an instant on."""

    number: int
    title: str
    unit: Unit
    bands: PriceBands
    changes: tuple[str, ...]
    by_name: str
    at: datetime
    is_now: bool
    """The offer says all of this today; it may be paused or on sale."""


def versions_of(session: Session, *, offer_id: UUID, by: Actor) -> list[VersionRow]:
    """Return the versions of one's own offer, newest first.

    Raises:
        NotFoundError: it is not theirs.
    """
    kept_offer(session, offer_id=offer_id, by=by)
    rows = session.scalars(
        select(OfferVersion)
        .where(OfferVersion.offer_id == offer_id)
        .order_by(OfferVersion.number.desc())
    ).all()
    now = said(rows[0].content) if rows else {}
    return [
        VersionRow(
            row.number,
            row.content["title"],
            Unit(row.content["unit"]),
            bands_of(row.content),
            tuple(row.changes),
            row.by_name,
            row.at,
            said(row.content) == now,
        )
        for row in rows
    ]
