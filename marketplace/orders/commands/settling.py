"""Where a visit's money goes: to the provider, or back. Orders are locked by whoever calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands as budgets
from marketplace.budgets.commands import Piece, Settlement
from marketplace.budgets.rules import Part
from marketplace.kernel.ids import ids_in_a_row
from marketplace.kernel.money import Money
from marketplace.orders.commands.delivered import (
    DeliveredOrder,
    DeliveredVisit,
    delivered_order,
)
from marketplace.orders.commands.invoicing import Paper, issue_invoices
from marketplace.orders.commands.locked import visits_of
from marketplace.orders.commands.parts import parts_of, summed
from marketplace.orders.models import Order, Visit
from marketplace.orders.rules import (
    NOTHING_DELIVERED,
    OPEN_VISITS,
    OrderState,
    VisitState,
    add_up,
    moved_for,
    next_visit_state,
    state_when_settled,
)
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True)
class _Settling:
    """An order, which of its visits are settled now, what of it is due, and the invoice for it."""

    order: DeliveredOrder
    visits: Sequence[DeliveredVisit]
    due: Money
    rest: Money
    invoice_id: UUID | None


def settle(
    session: Session, order: Order, visits: Sequence[Visit], *, by: Actor | None, at: datetime
) -> UUID | None:
    """Pay what is due for noted visits, give back the rest, and return the invoice if there is one.

    Nobody as ``by`` means that the visits confirm themselves, after silence.
    """
    now, wanted = delivered_order(session, order), {visit.id for visit in visits}
    chosen = [visit for visit in now.visits if visit.id in wanted]
    invoices = settle_all(session, [(now, chosen)], by=by, at=at)
    session.refresh(order)
    visits_of(session, order)  # reads them again, as they stand now
    return invoices.get(order.id)


def settle_all(
    session: Session,
    chosen: Iterable[tuple[DeliveredOrder, Sequence[DeliveredVisit]]],
    *,
    by: Actor | None,
    at: datetime,
) -> dict[UUID, UUID]:
    """Settle noted visits of many orders with few statements; return the invoices by order.

    ``chosen`` are locked orders, each with those of its visits that are meant. They are invoiced in
    the order in which they come.
    """
    new_ids = ids_in_a_row()
    settling = []
    for order, visits in chosen:
        due = add_up(visit.owed for visit in visits)
        rest = add_up(visit.amount for visit in visits) - due
        settling.append(_Settling(order, visits, due, rest, next(new_ids) if due else None))
    _confirm(session, settling, by=by, at=at)
    wishes = [_settlement(one) for one in settling if one.due or one.rest]
    budgets.settle_holds(session, wishes, at=at)
    # Last, because every order of the provider waits for its invoice numbers.
    papers = [
        Paper(one.invoice_id, one.order, one.visits, one.due) for one in settling if one.invoice_id
    ]
    issue_invoices(session, papers, at=at)
    _finish_all(session, settling, at=at)
    return {one.order.id: one.invoice_id for one in settling if one.invoice_id}


def _confirm(
    session: Session, settling: Sequence[_Settling], *, by: Actor | None, at: datetime
) -> None:
    visits = [visit for one in settling for visit in one.visits]
    if not visits:
        return
    for visit in visits:
        next_visit_state(visit.state, VisitState.CONFIRMED)
    session.execute(
        update(Visit)
        .where(Visit.id.in_([visit.id for visit in visits]))
        .values(
            state=VisitState.CONFIRMED,
            settled_at=at,
            settled_by_id=by.user_id if by else None,
            settled_by_silence=by is None,
        )
        .execution_options(synchronize_session=False)
    )


def _settlement(one: _Settling) -> Settlement:
    paid = back = None
    if one.invoice_id:
        parts = _parts((visit, visit.owed) for visit in one.visits)
        paid = Piece(moved_for(one.invoice_id, is_credit=False), one.due, parts)
    if one.rest:
        parts = _parts((visit, visit.spared) for visit in one.visits)
        back = Piece(f"visits/{one.visits[0].id}/rest", one.rest, parts)
    return Settlement(
        order_id=one.order.id, provider_id=one.order.provider_id, paid=paid, back=back
    )


def _parts(amounts: Iterable[tuple[DeliveredVisit, Money]]) -> tuple[Part, ...]:
    return summed((visit.category, visit.outcome_id, amount) for visit, amount in amounts)


def _finish_all(session: Session, settling: Sequence[_Settling], *, at: datetime) -> None:
    """Close the accepted orders of which no visit is open any more."""
    ending: dict[OrderState, list[UUID]] = {}
    for one in settling:
        if one.order.state is not OrderState.ACCEPTED:
            continue
        done = {visit.id for visit in one.visits}
        ends = state_when_settled(
            (VisitState.CONFIRMED if visit.id in done else visit.state, visit.note_kind)
            for visit in one.order.visits
        )
        if ends is not None:
            ending.setdefault(ends, []).append(one.order.id)
    for state, order_ids in ending.items():
        said = NOTHING_DELIVERED if state is OrderState.CANCELLED else ""
        session.execute(
            update(Order)
            .where(Order.id.in_(order_ids))
            .values(
                state=state,
                completed_at=at,
                reason=case((Order.reason == "", said), else_=Order.reason),
            )
            .execution_options(synchronize_session=False)
        )


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
    visits = list(visits)
    again = ledger.find_movements(session, keys=[again_key(visit.id, 1) for visit in visits])
    for visit in visits:
        visit.settle(VisitState.RELEASED, by_user_id=by.user_id if by else None, at=at)
        parts = parts_of(session, order, [visit], lambda visit: visit.amount)
        key = release_key(visit.id, times_again(session, visit.id) if again else 0)
        give_back(session, order, visit.amount, key=key, at=at, parts=parts)


def again_key(visit_id: UUID, times: int) -> str:
    """Return how the ledger calls it when a visit's money is set aside again, the first time 1."""
    return f"visit/{visit_id}/again/{times}"


def release_key(visit_id: UUID, times: int) -> str:
    """Return how the ledger calls it when it goes back, having been set aside so often again."""
    return f"visit/{visit_id}/release" + (f"/{times}" if times else "")


def times_again(session: Session, visit_id: UUID) -> int:
    """Return how often a visit's money went back by mistake and was set aside again."""
    times = 0
    while ledger.find_movement(session, key=again_key(visit_id, times + 1)):
        times += 1
    return times


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
        order.reason = NOTHING_DELIVERED
