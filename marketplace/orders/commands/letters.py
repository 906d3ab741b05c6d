"""Letters about orders: to the provider's office, or to the person and whoever ordered for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import deciders, staff_of
from marketplace.access.queries import person as person_card
from marketplace.access.rules import Actor, Role
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


def tell_of_suggestion(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    """Write to the person, and to the supporters who may say yes, that something is suggested."""
    whose = "you" if not by.person_name else by.person_name
    about = About(
        template="order_suggested",
        subject=f"{by.name} suggests something for {whose}",
        key="suggested",
        values={"supporter": by.name, "conflict": order.conflict},
    )
    mine = About(
        template=about.template,
        subject=f"{by.name} suggests something for you",
        key=about.key,
        values=about.values,
    )
    _tell(session, order, mine, {order.person_id}, at)
    if order.needs_own_yes:
        return
    _tell(session, order, about, _deciders(session, order, at) - {by.user_id}, at)


def tell_of_dissent(session: Session, order: Order, words: str, *, by: Actor, at: datetime) -> None:
    """Write to the person that one of their supporters said no to what is suggested."""
    about = About(
        template="order_dissent",
        subject=f"{by.name} said no to what {order.placed_by_name} suggests",
        key=f"dissent/{at.isoformat()}/{by.user_id}",
        values={"supporter": by.name, "words": words},
    )
    _tell(session, order, about, {order.person_id}, at)


def tell_of_answer(session: Session, order: Order, *, by: Actor, at: datetime) -> None:
    """Write to whoever suggested an order, and to the person, what became of it."""
    yes = order.held_at is not None
    about = About(
        template="suggestion_answered",
        subject="Yes to what was suggested" if yes else "No to what was suggested",
        key="answered",
        values={
            "who": order.approved_by_name if yes else by.name,
            "yes": yes,
            "words": order.reason,
        },
    )
    _tell(session, order, about, {order.person_id, order.placed_by_id} - {by.user_id}, at)


def _deciders(session: Session, order: Order, at: datetime) -> set[UUID]:
    return {one.user_id for one in deciders(session, person_id=order.person_id, at=at)}


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
        line_words(line.title, line.unit, line.quantity, line.choice) + f" × {line.visits}"
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
