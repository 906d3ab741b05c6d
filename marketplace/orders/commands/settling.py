"""Where a visit's money goes: to the provider, or back. The order is locked by whoever calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands as budgets
from marketplace.budgets.rules import Part
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.invoicing import issue_invoice
from marketplace.orders.commands.locked import visits_of
from marketplace.orders.commands.parts import parts_of
from marketplace.orders.models import Order, Visit
from marketplace.orders.rules import (
    OPEN_VISITS,
    OrderState,
    VisitState,
    add_up,
    state_when_settled,
)


def settle(
    session: Session, order: Order, visits: Sequence[Visit], *, by: Actor | None, at: datetime
) -> UUID | None:
    """Pay what is due for noted visits, give back the rest, and return the invoice if there is one.

    Nobody as ``by`` means that the visits confirm themselves, after silence.
    """
    for visit in visits:
        visit.settle(VisitState.CONFIRMED, by_user_id=by.user_id if by else None, at=at)
        visit.settled_by_silence = by is None
    due = add_up(_due(visit) for visit in visits)
    rest = add_up(visit.amount for visit in visits) - due
    invoice_id = uuid4() if due else None
    if invoice_id:
        budgets.capture(
            session,
            order_id=order.id,
            key=f"invoice/{invoice_id}/capture",
            amount=due,
            provider_id=order.provider_id,
            at=at,
            parts=parts_of(session, order, visits, _due),
        )
    if visits:
        parts = parts_of(session, order, visits, lambda visit: visit.amount - _due(visit))
        give_back(session, order, rest, key=f"visits/{visits[0].id}/rest", at=at, parts=parts)
    if invoice_id:
        # Last, because every order of the provider waits for its invoice numbers.
        issue_invoice(session, order, visits, invoice_id=invoice_id, at=at)
    finish(session, order, at=at)
    return invoice_id


def give_back(
    session: Session,
    order: Order,
    amount: Money,
    *,
    key: str,
    at: datetime,
    parts: Sequence[Part] = (),
) -> None:
    """Give some of an order's held money back to the lines it came from."""
    if amount and order.held_at is not None:
        budgets.release(session, order_id=order.id, key=key, amount=amount, at=at, parts=parts)


def release_visits(
    session: Session, order: Order, visits: Iterable[Visit], *, by: Actor | None, at: datetime
) -> None:
    """Give the whole money of some visits back."""
    for visit in visits:
        visit.settle(VisitState.RELEASED, by_user_id=by.user_id if by else None, at=at)
        parts = parts_of(session, order, [visit], lambda visit: visit.amount)
        key = f"visit/{visit.id}/release"
        give_back(session, order, visit.amount, key=key, at=at, parts=parts)


def give_back_open(session: Session, order: Order, *, by: Actor | None, at: datetime) -> None:
    """Give the money of all visits back that are still open; nothing of the order happens."""
    still_open = [visit for visit in visits_of(session, order) if visit.state in OPEN_VISITS]
    release_visits(session, order, still_open, by=by, at=at)


def finish(session: Session, order: Order, *, at: datetime) -> None:
    """Close an accepted order once none of its visits is open."""
    if order.state is not OrderState.ACCEPTED:
        return
    session.flush()  # the visits are read again, as they stand now
    visits = visits_of(session, order)
    ends = state_when_settled((visit.state, visit.note_kind) for visit in visits)
    if ends is None:
        return
    order.go_to(ends)
    order.completed_at = at
    if ends is OrderState.CANCELLED and not order.reason:
        order.reason = "Nothing of it was delivered."


def _due(visit: Visit) -> Money:
    return visit.due or ZERO
