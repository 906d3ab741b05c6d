"""Letters about orders: to the provider's office, or to the person and whoever ordered for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import person as person_card
from marketplace.access.queries import staff_of
from marketplace.access.rules import Role
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.commands.locked import lines_of
from marketplace.orders.models import Order
from marketplace.orders.rules import line_words
from marketplace.outbox.commands import WriteLetter, write_letter

_OFFICE = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a letter about an order says besides the order itself."""

    template: str
    subject: str
    key: str
    """What makes this the same letter, within the order."""
    values: dict[str, Any] = field(default_factory=dict)


def tell_provider(session: Session, order: Order, about: About, *, at: datetime) -> None:
    """Write to those who run the provider."""
    staff = staff_of(session, organisation_id=order.provider_id)
    office = {person.email: person.name for person, role in staff if role in _OFFICE}
    _write(session, order, about, office.items(), path=f"/work/orders/{order.id}", at=at)


def tell_person(session: Session, order: Order, about: About, *, at: datetime) -> None:
    """Write to the person, and to the supporter who placed the order for them."""
    _tell(session, order, about, {order.person_id, order.placed_by_id}, at)


def tell_person_alone(session: Session, order: Order, about: About, *, at: datetime) -> None:
    """Write to the person and to nobody else."""
    _tell(session, order, about, {order.person_id}, at)


def _tell(session: Session, order: Order, about: About, user_ids: set[UUID], at: datetime) -> None:
    people = [found for found in (_find(session, user_id) for user_id in user_ids) if found]
    _write(session, order, about, sorted(people), path=f"/orders/{order.id}", at=at)


def _find(session: Session, user_id: UUID) -> tuple[str, str] | None:
    try:
        found = person_card(session, user_id=user_id)
    except NotFoundError:
        return None
    return found.email, found.name


def _write(
    session: Session,
    order: Order,
    about: About,
    recipients: Iterable[tuple[str, str]],
    *,
    path: str,
    at: datetime,
) -> None:
    lines = [
        line_words(line.title, line.unit, line.quantity) + f" × {line.visits}"
        for line in lines_of(session, order).values()
    ]
    for email, name in recipients:
        write_letter(
            session,
            WriteLetter(
                key=f"order/{order.id}/{about.key}/{email}",
                to=email,
                subject=about.subject,
                template=about.template,
                values={
                    "name": name,
                    "number": str(order.number),
                    "provider": order.provider_name,
                    "lines": lines,
                    "total": str(order.total),
                    "path": path,
                    **about.values,
                },
            ),
            at=at,
        )
