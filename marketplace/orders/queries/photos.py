"""Pictures that came with delivery notes, and who may see them."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import Order, Visit, VisitPhoto
from marketplace.orders.queries.seeing import sees_order
from marketplace.orders.rules import VisitState


class Photo(NamedTuple):
    """A picture to show."""

    content: bytes
    media_type: str


def photos_of_order(session: Session, order_id: UUID) -> dict[UUID, str]:
    """Return what the pictures of an order's visits show, by visit."""
    rows = (
        select(VisitPhoto.visit_id, VisitPhoto.alt)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .where(Visit.order_id == order_id)
    )
    return dict(session.execute(rows).all())


def photo_of_visit(session: Session, *, visit_id: UUID, seen_by: Actor) -> Photo:
    """Return the picture of a visit for the person, their circle and the provider.

    The council that pays sees it only while something is said to be wrong with the visit.

    Raises:
        NotFoundError: there is none, or it is not for them to see.
    """
    rows = (
        select(VisitPhoto, Visit.state, Order)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .join(Order, Order.id == Visit.order_id)
        .where(VisitPhoto.visit_id == visit_id)
    )
    found = session.execute(rows).first()
    if found is None:
        raise NotFoundError("We cannot find that picture.")
    photo, state, order = found
    disputed = state is VisitState.QUERIED
    if not sees_order(order, seen_by) and not (disputed and _mediates(order, seen_by)):
        raise NotFoundError("We cannot find that picture.")
    return Photo(photo.content, photo.media_type)


def _mediates(order: Order, seen_by: Actor) -> bool:
    return seen_by.organisation_id == order.council_id and seen_by.may(
        Permission.OPEN_FUNDING_LINES
    )
