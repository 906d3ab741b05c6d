"""Queries about visits, as the person's side, the provider and the council see them: alike."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.councils.queries import council
from marketplace.kernel.attachments import FileRow
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import (
    Dispute,
    DisputeFile,
    DisputeStep,
    Invoice,
    Order,
    OrderLine,
    Visit,
)
from marketplace.orders.queries.disputes_rows import QueryRow, QueryView, StepRow
from marketplace.orders.queries.mediating import mediates, why_not_decide
from marketplace.orders.queries.rows import OrderView
from marketplace.orders.queries.seeing import sees_order
from marketplace.orders.rules import line_words
from marketplace.orders.rules.disputes import (
    DisputeState,
    Side,
    may_query_late,
)
from marketplace.orders.rules.standing import TIMED

_LATELY = 20
"""So many of what the council decided are shown below what waits."""


def query_for(session: Session, *, query_id: UUID, seen_by: Actor, at: datetime) -> QueryView:
    """Return a query as somebody sees it whom it concerns.

    Those are the person and whoever may see their orders, the provider's staff, and those of the
    paying council who mediate, once it was asked to.

    Raises:
        NotFoundError: it does not concern them.
    """
    found = session.execute(_rows().where(Dispute.id == query_id)).one_or_none()
    if found is None:
        raise NotFoundError("We cannot find that.")
    dispute, order, visit, line = found
    side = _side(order, dispute, seen_by)
    invoice = session.get(Invoice, dispute.invoice_id) if dispute.invoice_id else None
    payer = council(session, council_id=dispute.council_id).name
    is_council = side is Side.COUNCIL
    return QueryView(
        row=_row(session, [found])[0],
        side=side,
        order_id=order.id,
        timed=line.unit in TIMED,
        by_hour=line.unit == "hour",
        worker=visit.worker,
        planned_amount=visit.amount,
        note_kind=visit.note_kind,
        note=visit.note,
        noted_at=visit.noted_at,
        words=dispute.words,
        remedy=dispute.remedy,
        wanted=dispute.wanted,
        claimed=dispute.claimed,
        offered=dispute.offered,
        settled=dispute.settled,
        back=dispute.back,
        invoice_id=dispute.invoice_id,
        invoice_number=invoice.number if invoice else None,
        council_name=payer,
        steps=_steps(session, dispute, order, payer),
        why_not_decide=why_not_decide(session, dispute, seen_by.user_id, at=at)
        if is_council
        else "",
        acts=_acts(side, seen_by),
    )


def queries_to_mediate(session: Session, *, council_id: UUID) -> list[QueryRow]:
    """Return what waits for a council to decide, that which has waited longest first."""
    waiting = (Dispute.council_id == council_id) & (Dispute.state == DisputeState.COUNCIL)
    rows = _rows().where(waiting).order_by(Dispute.council_since, Dispute.id)
    return _row(session, session.execute(rows).all())


def queries_mediated(session: Session, *, council_id: UUID) -> list[QueryRow]:
    """Return what was with a council and has ended lately, newest first."""
    ended = (
        (Dispute.council_id == council_id)
        & Dispute.council_since.is_not(None)
        & Dispute.ended_at.is_not(None)
    )
    rows = _rows().where(ended).order_by(Dispute.ended_at.desc(), Dispute.id).limit(_LATELY)
    return _row(session, session.execute(rows).all())


def queries_of_person(session: Session, *, by: Actor) -> list[QueryRow]:
    """Return the queries of a person that are open, oldest first; those one may see."""
    if by.person_id is None:
        return []
    rows = _open(Dispute.person_id == by.person_id)
    found = session.execute(rows).all()
    return _row(session, [each for each in found if sees_order(each[1], by)])


def queries_of_provider(session: Session, *, provider_id: UUID) -> list[QueryRow]:
    """Return the queries about a provider's visits that are open, oldest first."""
    return _row(session, session.execute(_open(Dispute.provider_id == provider_id)).all())


def queries_of_order(session: Session, *, order_id: UUID) -> dict[UUID, QueryRow]:
    """Return the last query about each visit of an order, for whoever sees the order."""
    rows = _rows().where(Dispute.order_id == order_id).order_by(Dispute.asked_at, Dispute.id)
    return {row.visit_id: row for row in _row(session, session.execute(rows).all())}


def visits_to_query_late(session: Session, *, order: OrderView, at: datetime) -> set[UUID]:
    """Return the visits of an order that confirmed themselves and can still be queried."""
    days = council(session, council_id=order.council_id).query_late_days
    queried = set(session.scalars(select(Dispute.visit_id).where(Dispute.order_id == order.id)))
    return {
        visit.id
        for visit in order.visits
        if visit.settled_by_silence
        and visit.settled_at is not None
        and visit.due
        and visit.id not in queried
        and may_query_late(visit.settled_at, days=days, at=at)
    }


def query_file_for(session: Session, *, file_id: UUID, seen_by: Actor) -> tuple[FileRow, bytes]:
    """Return a file of a query, for those whom it concerns.

    Raises:
        NotFoundError: it does not concern them.
    """
    found = session.execute(
        select(DisputeFile, Dispute, Order)
        .join(DisputeStep, DisputeStep.id == DisputeFile.step_id)
        .join(Dispute, Dispute.id == DisputeStep.dispute_id)
        .join(Order, Order.id == Dispute.order_id)
        .where(DisputeFile.id == file_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    file, dispute, order = found
    _side(order, dispute, seen_by)
    return _file(file), file.content


def _side(order: Order, dispute: Dispute, seen_by: Actor) -> Side:
    if mediates(seen_by, dispute):
        return Side.COUNCIL
    if not sees_order(order, seen_by):
        raise NotFoundError("We cannot find that.")
    return Side.PERSON if seen_by.person_id == order.person_id else Side.PROVIDER


def _acts(side: Side, seen_by: Actor) -> bool:
    needed = {
        Side.PERSON: Permission.PLACE_ORDERS,
        Side.PROVIDER: Permission.KEEP_STORE,
        Side.COUNCIL: Permission.MEDIATE,
    }
    return seen_by.may(needed[side])


def _rows() -> Select[Dispute, Order, Visit, OrderLine]:
    return (
        select(Dispute, Order, Visit, OrderLine)
        .join(Order, Order.id == Dispute.order_id)
        .join(Visit, Visit.id == Dispute.visit_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
    )


def _open(whose: ColumnElement[bool]) -> Select[Dispute, Order, Visit, OrderLine]:
    return (
        _rows()
        .where(whose, Dispute.live_visit_id.is_not(None))
        .order_by(Dispute.asked_at, Dispute.id)
    )


def _row(
    session: Session, found: Sequence[tuple[Dispute, Order, Visit, OrderLine]]
) -> list[QueryRow]:
    names = names_of(session, user_ids={order.person_id for _, order, _, _ in found})
    return [
        QueryRow(
            id=dispute.id,
            visit_id=visit.id,
            order_number=order.number,
            person_name=names.get(order.person_id, ""),
            provider_name=order.provider_name,
            what=line_words(line.title, line.unit, line.quantity, line.choice),
            planned_at=visit.planned_at,
            kind=dispute.kind,
            state=dispute.state,
            stake=dispute.stake,
            due_on=dispute.due_on,
            asked_at=dispute.asked_at,
            council_since=dispute.council_since,
            outcome=dispute.outcome,
            ended_by_name=dispute.ended_by_name,
            ended_at=dispute.ended_at,
        )
        for dispute, order, visit, line in found
    ]


def _steps(session: Session, dispute: Dispute, order: Order, payer: str) -> tuple[StepRow, ...]:
    rows = session.execute(
        select(DisputeStep, DisputeFile)
        .outerjoin(DisputeFile, DisputeFile.step_id == DisputeStep.id)
        .where(DisputeStep.dispute_id == dispute.id)
        .order_by(DisputeStep.number)
    )
    of_side = {Side.PROVIDER: order.provider_name, Side.COUNCIL: payer}
    return tuple(
        StepRow(
            number=step.number,
            kind=step.kind,
            side=step.side,
            to_side=step.to_side,
            who=", ".join(filter(None, (step.by_name, of_side.get(step.side, "")))),
            words=step.words,
            amount=step.amount,
            new_at=step.new_at,
            at=step.at,
            file=_file_if_any(file),
        )
        for step, file in rows
    )


def _file_if_any(file: DisputeFile | None) -> FileRow | None:
    return None if file is None else _file(file)


def _file(file: DisputeFile) -> FileRow:
    return FileRow(file.id, file.name, file.media_type, file.size)
