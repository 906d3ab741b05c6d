"""Who of the council settles a query between a person and a provider, and who may not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import circle_of, interests_in, staff_of
from marketplace.access.rules import Actor, Permission
from marketplace.orders.models import Dispute


def why_not_decide(session: Session, dispute: Dispute, user_id: UUID, *, at: datetime) -> str:
    """Say why somebody of the council may not decide a query; "" if they may.

    Whoever is the person, stands in their circle, works for the provider or earns from it, has a
    part in it, and leaves it to a colleague.
    """
    if user_id == dispute.person_id:
        return "This is about your own support. Ask a colleague to decide it."
    circle = circle_of(session, person_id=dispute.person_id)
    if any(row.supporter_id == user_id and row.ended_at is None for row in circle):
        return "You support this person. Ask a colleague to decide it."
    works = staff_of(session, organisation_id=dispute.provider_id)
    if any(one.id == user_id for one, _ in works):
        return "You work for this provider. Ask a colleague to decide it."
    earns = interests_in(
        session, person_id=dispute.person_id, provider_ids=[dispute.provider_id], at=at
    )
    if any(each.user_id == user_id for each in earns):
        return "You earn from this provider. Ask a colleague to decide it."
    return ""


def mediates(by: Actor, dispute: Dispute) -> bool:
    """Tell whether somebody is of the council that decides this, which was asked to."""
    return (
        by.organisation_id == dispute.council_id
        and by.may(Permission.MEDIATE)
        and dispute.council_since is not None
    )
