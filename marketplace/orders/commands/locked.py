"""Orders, locked before anything is looked at, for those they concern and for nobody else."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import OrderState

NOT_FOUND = "We cannot find that order."
_UNSEEN_BY_PROVIDER = frozenset({OrderState.PROPOSED, OrderState.REFUSED})


def any_order(session: Session, order_id: UUID) -> Order:
    """Lock an order, whoever's it is.

    Raises:
        NotFoundError: there is none.
    """
    order = session.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFoundError(NOT_FOUND)
    return order


def persons_order(session: Session, order_id: UUID, by: Actor, permission: Permission) -> Order:
    """Lock an order of the person whose hat ``by`` wears.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter's permissions do not reach this far.
    """
    order = any_order(session, order_id)
    if by.person_id is None or by.person_id != order.person_id:
        raise NotFoundError(NOT_FOUND)
    if not by.may(permission):
        raise NotAllowedError(f"{by.person_name} has not given you permission to do this for them.")
    return order


def providers_order(session: Session, order_id: UUID, by: Actor) -> Order:
    """Lock an order that was sent to the provider ``by`` works for.

    Raises:
        NotFoundError: it is another provider's, or was never sent.
    """
    order = any_order(session, order_id)
    if not is_providers(order, by):
        raise NotFoundError(NOT_FOUND)
    return order


def is_providers(order: Order, by: Actor) -> bool:
    """Tell whether an order was ever sent to the provider ``by`` works for."""
    return (
        by.organisation_id == order.provider_id
        and by.may(Permission.TAKE_ORDERS)
        and order.state not in _UNSEEN_BY_PROVIDER
        and order.held_at is not None
    )


def order_of_visit(session: Session, visit_id: UUID) -> UUID:
    """Return the order a visit belongs to.

    Raises:
        NotFoundError: there is no such visit.
    """
    found = session.scalar(select(Visit.order_id).where(Visit.id == visit_id))
    if found is None:
        raise NotFoundError("We cannot find that visit.")
    return found


def visits_of(session: Session, order: Order) -> list[Visit]:
    """Return the visits of a locked order, as they are now."""
    rows = (
        select(Visit)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .where(Visit.order_id == order.id)
        .order_by(OrderLine.position, Visit.number)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(rows))


def in_turn(visits: Iterable[Visit]) -> list[Visit]:
    """Return the visits of a standing order by time; every one of them has its own."""
    return sorted(visits, key=lambda visit: (visit.planned_at, visit.number))


def lines_of(session: Session, order: Order) -> dict[UUID, OrderLine]:
    """Return the lines of an order by id, in their order."""
    rows = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    return {line.id: line for line in session.scalars(rows)}


def record_deed(
    session: Session,
    order: Order,
    what: str,
    *,
    by: Actor | None,
    at: datetime,
    **details: type_of_detail,
) -> None:
    """Write a deed about an order into the person's trail."""
    record(
        session,
        what=what,
        chain_id=order.person_id,
        subject_id=order.id,
        by_user_id=by.user_id if by else None,
        for_person_id=order.person_id,
        at=at,
        details=details,
    )
