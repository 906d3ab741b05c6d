"""The price that a provider and one person have agreed: read for that person, for nobody else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import PersonalPrice
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Promise:
    """The most that one person pays for a unit of an offer, and the last day on which it counts."""

    most: Money
    last_on: date


def promised(
    session: Session, *, offer_ids: Collection[UUID], person_id: UUID | None, on: date
) -> Mapping[UUID, Promise]:
    """Return the most that a person pays for some offers on a day, where that was agreed."""
    if person_id is None or not offer_ids:
        return {}
    rows = select(PersonalPrice.offer_id, PersonalPrice.price, PersonalPrice.last_on).where(
        PersonalPrice.offer_id.in_(offer_ids),
        PersonalPrice.person_id == person_id,
        PersonalPrice.last_on >= on,
    )
    return {row.offer_id: Promise(row.price, row.last_on) for row in session.execute(rows)}
