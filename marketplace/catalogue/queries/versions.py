"""What one's own offers said before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.models import OfferVersion
from marketplace.catalogue.queries.kept import kept_offer
from marketplace.catalogue.rules import PriceBands, Unit, bands_of


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


def versions_of(session: Session, *, offer_id: UUID, by: Actor) -> list[VersionRow]:
    """Return the versions of one's own offer, newest first.

    Raises:
        NotFoundError: it is not theirs.
    """
    kept_offer(session, offer_id=offer_id, by=by)
    rows = select(OfferVersion).where(OfferVersion.offer_id == offer_id)
    return [
        VersionRow(
            row.number,
            row.content["title"],
            Unit(row.content["unit"]),
            bands_of(row.content),
            tuple(row.changes),
            row.by_name,
            row.at,
        )
        for row in session.scalars(rows.order_by(OfferVersion.number.desc()))
    ]
