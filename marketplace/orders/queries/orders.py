"""Orders, for the person, their supporters and the provider; for everybody else there are none."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor
from marketplace.audit.queries import deeds_about
from marketplace.budgets.queries import pool_name
from marketplace.catalogue.rules import Unit
from marketplace.councils.queries import council
from marketplace.kernel.clock import length_words
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.orders.models import Invoice, Order, OrderLine, StandingOrder, Visit
from marketplace.orders.queries.approvals import approvals_of, standing_of
from marketplace.orders.queries.noted import to_put_right
from marketplace.orders.queries.photos import photos_of_order
from marketplace.orders.queries.rows import (
    Happened,
    InvoiceRow,
    LineRow,
    OrderRow,
    OrderView,
    VisitRow,
)
from marketplace.orders.queries.seeing import sees_all, sees_order
from marketplace.orders.queries.standing_together import POOL_YES, yes_missing
from marketplace.orders.queries.standing_view import workers_by_month
from marketplace.orders.rules import (
    DEED_WORDS,
    OrderState,
    VisitState,
    add_up,
    can_undo,
    confirms_on,
    in_time_to_cancel,
    line_words,
    may_be_noted,
    price_words,
    share_due,
)
from marketplace.orders.rules.standing import TIMED

_SENT = Order.held_at.is_not(None)
"""A provider never sees what was only suggested."""


def orders_of_person(session: Session, *, by: Actor, page: int = 1) -> Page[OrderRow]:
    """Return one page of a person's orders, newest first, for the hat ``by`` wears.

    A supporter who may not see everything sees what they suggested themselves.
    """
    mine = Order.person_id == by.buys_for
    if not sees_all(by):
        mine &= Order.placed_by_id == by.user_id
    return _page(session, mine, page)


def orders_of_provider(
    session: Session,
    *,
    provider_id: UUID,
    states: Collection[OrderState] = tuple(OrderState),
    page: int = 1,
) -> Page[OrderRow]:
    """Return one page of the orders that were sent to a provider, newest first."""
    theirs = (Order.provider_id == provider_id) & _SENT & Order.state.in_(states)
    return _page(session, theirs, page)


def orders_placed_by(
    session: Session, *, person_id: UUID, user_id: UUID, page: int = 1
) -> Page[OrderRow]:
    """Return one page of the orders that somebody placed or suggested for a person."""
    return _page(session, (Order.person_id == person_id) & (Order.placed_by_id == user_id), page)


def suggestions_for(session: Session, *, by: Actor) -> list[OrderRow]:
    """Return what was suggested and waits for somebody's yes, oldest first."""
    waiting = (Order.person_id == by.buys_for) & (Order.state == OrderState.PROPOSED)
    return list(reversed(_page(session, waiting, 1).rows))


def visits_of_provider(
    session: Session, *, provider_id: UUID, states: Collection[VisitState], at: datetime
) -> list[tuple[VisitRow, str]]:
    """Return a provider's visits in some states by time, each with the person's name."""
    rows = (
        select(Visit, OrderLine, Order.person_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(
            Order.provider_id == provider_id,
            Order.state == OrderState.ACCEPTED,
            Visit.state.in_(states),
        )
        .order_by(Visit.planned_at.is_(None), Visit.planned_at, Visit.id)
    )
    found = list(session.execute(rows))
    names = names_of(session, user_ids={person_id for *_, person_id in found})
    return [
        (visit_row(visit, line, at), names.get(person_id, "")) for visit, line, person_id in found
    ]


def order_for(session: Session, *, order_id: UUID, seen_by: Actor, at: datetime) -> OrderView:
    """Return an order as somebody sees it whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    order = session.get(Order, order_id)
    if order is None or not sees_order(order, seen_by):
        raise NotFoundError("We cannot find that order.")
    lines = _lines(session, [order.id])
    visits = _visits(session, order.id)
    names = names_of(session, user_ids=[order.person_id])
    of_line = {line.id: line for line in lines}
    of_circle = _of_circle(session, order, names.get(order.person_id, ""), seen_by, at)
    photos = photos_of_order(session, order.id)
    put_right = to_put_right(session, visits, at=at)
    days = council(session, council_id=order.council_id).auto_confirm_days
    this_month, last_month = workers_by_month(
        session, person_id=order.person_id, provider_id=order.provider_id, at=at
    )
    return OrderView(
        **of_circle,
        **{name: getattr(order, name) for name in _PLAIN},
        person_name=names.get(order.person_id, ""),
        lines=tuple(_line(line, visits) for line in lines),
        visits=tuple(
            visit_row(
                visit,
                of_line[visit.line_id],
                at,
                days=days,
                photo_alt=photos.get(visit.id, ""),
                can_put_right=visit.id in put_right,
            )
            for visit in visits
        ),
        happened=_happened(session, order),
        invoices=_invoices(session, order.id),
        workers_this_month=this_month,
        workers_last_month=last_month,
    )


def order_of_visit(session: Session, *, visit_id: UUID) -> UUID:
    """Return which order a visit belongs to; whether one may see it is for ``order_for`` to say.

    Raises:
        NotFoundError: there is no such visit.
    """
    found = session.scalar(select(Visit.order_id).where(Visit.id == visit_id))
    if found is None:
        raise NotFoundError("We cannot find that visit.")
    return found


_PLAIN = (
    "id",
    "number",
    "person_id",
    "provider_id",
    "provider_name",
    "council_id",
    "state",
    "total",
    "placed_by_id",
    "placed_by_name",
    "placed_at",
    "approved_by_id",
    "approved_by_name",
    "decided_at",
    "completed_at",
    "reason",
    "change_line_id",
    "change_first_at",
    "conflict",
    "needs_own_yes",
    "standing_id",
)


def _of_circle(
    session: Session, order: Order, person_name: str, seen_by: Actor, at: datetime
) -> dict[str, Any]:
    if seen_by.person_id != order.person_id:
        return {}  # what a circle says among itself is not for the provider
    pool = {"pool_id": order.pool_id, "pool_name": pool_name(session, pool_id=order.pool_id)}
    if order.state is not OrderState.PROPOSED:
        return pool | {"approvals": approvals_of(session, order_id=order.id)}
    standing = standing_of(session, order, at=at)
    together = session.get(StandingOrder, order.standing_id) if order.standing_id else None
    from_pool = POOL_YES if together is not None and yes_missing(session, together) else ""
    return pool | {
        "approvals": standing.rows,
        "missing": ", and ".join(filter(None, [standing.missing(person_name), from_pool])),
        "one_missing": standing.one_is_missing and not from_pool,
        "stuck": standing.is_stuck,
    }


def _page(session: Session, which: ColumnElement[bool], page: int) -> Page[OrderRow]:
    count = session.scalar(select(func.count()).select_from(Order).where(which)) or 0
    rows = (
        select(Order)
        .where(which)
        .order_by(Order.placed_at.desc(), Order.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    orders = list(session.scalars(rows))
    return Page(_rows(session, orders), page, count)


def _rows(session: Session, orders: Sequence[Order]) -> list[OrderRow]:
    ids = [order.id for order in orders]
    titles: dict[UUID, list[str]] = {order_id: [] for order_id in ids}
    for line in _lines(session, ids):
        titles[line.order_id].append(line.title)
    firsts, waiting = _visit_facts(session, ids)
    names = names_of(session, user_ids={order.person_id for order in orders})
    return [
        OrderRow(
            id=order.id,
            number=order.number,
            person_id=order.person_id,
            person_name=names.get(order.person_id, ""),
            provider_id=order.provider_id,
            provider_name=order.provider_name,
            titles=tuple(titles[order.id]),
            state=order.state,
            total=order.total,
            placed_at=order.placed_at,
            placed_by_id=order.placed_by_id,
            placed_by_name=order.placed_by_name,
            first_at=firsts.get(order.id),
            to_confirm=waiting.get(order.id, 0),
        )
        for order in orders
    ]


def _visit_facts(
    session: Session, order_ids: Sequence[UUID]
) -> tuple[dict[UUID, datetime | None], dict[UUID, int]]:
    of_orders = Visit.order_id.in_(order_ids)
    firsts = (
        select(Visit.order_id, func.min(Visit.planned_at, type_=Visit.planned_at.type))
        .where(of_orders)
        .group_by(Visit.order_id)
    )
    waiting = (
        select(Visit.order_id, func.count())
        .where(of_orders, Visit.state == VisitState.NOTED)
        .group_by(Visit.order_id)
    )
    return (
        dict(session.execute(firsts).all()),
        dict(session.execute(waiting).all()),
    )


def _lines(session: Session, order_ids: Sequence[UUID]) -> list[OrderLine]:
    rows = select(OrderLine).where(OrderLine.order_id.in_(order_ids))
    return list(session.scalars(rows.order_by(OrderLine.order_id, OrderLine.position)))


def _visits(session: Session, order_id: UUID) -> list[Visit]:
    rows = (
        select(Visit)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .where(Visit.order_id == order_id)
        .order_by(OrderLine.position, Visit.number)
    )
    return list(session.scalars(rows))


def _line(line: OrderLine, visits: Sequence[Visit]) -> LineRow:
    return LineRow(
        id=line.id,
        offer_id=line.offer_id,
        title=line.title,
        category=line.category,
        unit=line.unit,
        quantity=line.quantity,
        visits=line.visits,
        price=price_words(line.bands, Unit(line.unit)),
        total=add_up(visit.amount for visit in visits if visit.line_id == line.id),
        outcome=line.outcome,
        worker_wish=line.worker_wish,
        notice_hours=line.notice_hours,
        late_cancel_percent=line.late_cancel_percent,
        note=line.note,
        language_wish=line.language_wish,
        gender_wish=line.gender_wish,
        choice=line.choice,
    )


def visit_row(
    visit: Visit,
    line: OrderLine,
    at: datetime,
    *,
    days: int | None = None,
    photo_alt: str = "",
    can_put_right: bool = False,
) -> VisitRow:
    """Return a visit as pages see it; with the council's days, when it confirms itself."""
    waits = visit.state is VisitState.NOTED and visit.noted_at is not None
    return VisitRow(
        id=visit.id,
        order_id=visit.order_id,
        line_id=visit.line_id,
        number=visit.number,
        title=line.title,
        what=line_words(line.title, line.unit, line.quantity, line.choice),
        planned_at=visit.planned_at,
        amount=visit.amount,
        worker=visit.worker,
        state=visit.state,
        note_kind=visit.note_kind,
        due=visit.due,
        note=visit.note,
        noted_at=visit.noted_at,
        query=visit.query,
        settled_at=visit.settled_at,
        settled_by_silence=visit.settled_by_silence,
        late_share=_late_share(visit, line, at),
        may_be_noted=may_be_noted(visit.planned_at, at=at),
        timed=Unit(line.unit) in TIMED,
        length=length_words(visit.minutes) if visit.minutes else "",
        **{name: getattr(visit, name) for name in _MOMENTS},
        can_undo=(waits or can_put_right) and can_undo(visit.noted_at, at=at),
        can_put_right=can_put_right,
        photo_alt=photo_alt,
        confirms_on=confirms_on(visit.noted_at, days) if waits and days is not None else None,
    )


_MOMENTS = ("began_at", "arrived_at", "arrived_said_at", "left_at", "left_said_at")


def _late_share(visit: Visit, line: OrderLine, at: datetime) -> Money:
    if visit.planned_at is not None and visit.planned_at < at:
        return ZERO  # its time has passed: it cannot be called off any more
    if in_time_to_cancel(visit.planned_at, notice_hours=line.notice_hours, at=at):
        return ZERO
    return share_due(visit.amount, line.late_cancel_percent)


def _happened(session: Session, order: Order) -> tuple[Happened, ...]:
    deeds = [deed for deed in deeds_about(session, subject_id=order.id) if deed.what in DEED_WORDS]
    names = names_of(session, user_ids={deed.by_user_id for deed in deeds})
    return tuple(
        Happened(
            at=deed.at,
            what=DEED_WORDS[deed.what],
            who=names.get(deed.by_user_id, "") if deed.by_user_id else "By itself",
        )
        for deed in deeds
    )


def _invoices(session: Session, order_id: UUID) -> tuple[InvoiceRow, ...]:
    rows = (
        select(Invoice.id, Invoice.number, Invoice.kind, Invoice.total, Invoice.issued_at)
        .where(Invoice.order_id == order_id)
        .order_by(Invoice.number)
    )
    return tuple(
        InvoiceRow(id=id_, number=number, kind=kind, total=total, issued_at=issued_at)
        for id_, number, kind, total, issued_at in session.execute(rows)
    )
