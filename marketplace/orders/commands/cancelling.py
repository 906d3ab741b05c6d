"""Calling off an order or one of its visits: free in time, a share of the price when it is late."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.letters import About, tell_person, tell_provider
from marketplace.orders.commands.locked import (
    NOT_FOUND,
    any_order,
    is_providers,
    lines_of,
    order_of_visit,
    persons_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.settling import finish, give_back_open, release_visits, settle
from marketplace.orders.errors import ShareDueError, WrongStateError
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import (
    WORDS_LENGTH_MAX,
    NoteKind,
    OrderState,
    VisitState,
    add_up,
    in_time_to_cancel,
    moment_words,
    share_due,
)

_NOT_YET_ACCEPTED = frozenset({OrderState.PLACED, OrderState.CHANGE_PROPOSED, OrderState.PROPOSED})


def cancel_order(
    session: Session,
    *,
    order_id: UUID,
    by: Actor,
    at: datetime,
    reason: str = "",
    agreed: Money = ZERO,
) -> None:
    """Call off all of an order that is still to come. Twice is once.

    Before the provider has said yes it costs nothing. After that, visits called off late cost the
    share the offer named; ``agreed`` is what the one who cancels was shown and said yes to.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        ShareDueError: more is due than was agreed to; nothing is cancelled.
        WrongStateError: it has ended.
    """
    order = persons_order(session, order_id, by, Permission.PLACE_ORDERS)
    if order.state is OrderState.CANCELLED:
        return
    if order.state in _NOT_YET_ACCEPTED:
        order.go_to(OrderState.CANCELLED)
        give_back_open(session, order, by=by, at=at)
    elif order.state is OrderState.ACCEPTED:
        call_off(session, order, _to_come(session, order, at), agreed=agreed, by=by, at=at)
    else:
        raise WrongStateError(f"This order has ended: “{order.state.label}”.")
    order.reason = reason.strip()[:WORDS_LENGTH_MAX] or order.reason
    if order.held_at is not None:
        _tell_provider(session, order, "The whole order", key="cancelled", at=at)
    record_deed(session, order, "order-cancelled", by=by, at=at)


def cancel_visit(
    session: Session,
    *,
    visit_id: UUID,
    by: Actor,
    at: datetime,
    reason: str = "",
    agreed: Money = ZERO,
) -> None:
    """Call off one visit. The provider can, too: then it costs nothing.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        ShareDueError: more is due than was agreed to; nothing is cancelled.
        WrongStateError: the order is not accepted, or the visit is not one to come.
    """
    order = any_order(session, order_of_visit(session, visit_id))
    providers_own = is_providers(order, by)
    if not providers_own:
        if by.person_id is None:
            raise NotFoundError(NOT_FOUND)
        order = persons_order(session, order.id, by, Permission.PLACE_ORDERS)
    visit = next(visit for visit in visits_of(session, order) if visit.id == visit_id)
    if order.state is not OrderState.ACCEPTED or visit.state is not VisitState.PLANNED:
        raise WrongStateError("This visit can no longer be cancelled.")
    visit.note = reason.strip()[:WORDS_LENGTH_MAX]
    if providers_own:
        free_visits(session, order, [visit], by=by, at=at)
        finish(session, order, at=at)
        _tell_person(session, order, visit, at=at)
    else:
        call_off(session, order, [visit], agreed=agreed, by=by, at=at)
        when = f"The visit {moment_words(visit.planned_at)}"
        _tell_provider(session, order, when, key=f"cancelled/{visit.id}", at=at)
    record_deed(session, order, "visit-cancelled", by=by, at=at, visit=visit.number)


def _to_come(session: Session, order: Order, at: datetime) -> list[Visit]:
    # A visit whose time has passed is for the provider to note; the person can say it is wrong.
    return [
        visit
        for visit in visits_of(session, order)
        if visit.state is VisitState.PLANNED
        and (visit.planned_at is None or visit.planned_at >= at)
    ]


def call_off(
    session: Session,
    order: Order,
    visits: Sequence[Visit],
    *,
    agreed: Money,
    by: Actor,
    at: datetime,
) -> None:
    """Call off some visits of a locked, accepted order for the person.

    Raises:
        ShareDueError: more is due than was agreed to; nothing is cancelled.
    """
    lines = lines_of(session, order)
    shares = {visit.id: late_share(visit, lines[visit.line_id], at=at) for visit in visits}
    due = add_up(shares.values())
    if due > agreed:
        raise ShareDueError(due)
    free_visits(session, order, [v for v in visits if not shares[v.id]], by=by, at=at)
    late = [visit for visit in visits if shares[visit.id]]
    for visit in late:
        visit.note_kind, visit.due = NoteKind.CANCELLED_LATE, shares[visit.id]
        visit.noted_by_id, visit.noted_at = by.user_id, at
    settle(session, order, late, by=by, at=at)


def late_share(visit: Visit, line: OrderLine, *, at: datetime) -> Money:
    """Return what calling a visit off now would cost."""
    if in_time_to_cancel(visit.planned_at, notice_hours=line.notice_hours, at=at):
        return ZERO
    return share_due(visit.amount, line.late_cancel_percent)


def free_visits(
    session: Session, order: Order, visits: Sequence[Visit], *, by: Actor | None, at: datetime
) -> None:
    """Call off some visits of a locked order without anything to pay."""
    for visit in visits:
        visit.note_kind, visit.due = NoteKind.CANCELLED_IN_TIME, ZERO
        visit.noted_by_id, visit.noted_at = by.user_id if by else None, at
    release_visits(session, order, visits, by=by, at=at)


def _tell_provider(session: Session, order: Order, what: str, *, key: str, at: datetime) -> None:
    about = About(
        template="cancelled",
        subject=f"Cancelled: order {order.number}",
        key=key,
        values={"what": what, "reason": order.reason},
    )
    tell_provider(session, order, about, at=at)


def _tell_person(session: Session, order: Order, visit: Visit, *, at: datetime) -> None:
    about = About(
        template="visit_released",
        subject=f"{order.provider_name} cannot come",
        key=f"released/{visit.id}",
        values={
            "what": "Your visit",
            "when": moment_words(visit.planned_at),
            "why": "The provider cannot come",
            "words": visit.note,
            "amount": str(visit.amount),
        },
    )
    tell_person(session, order, about, at=at)
