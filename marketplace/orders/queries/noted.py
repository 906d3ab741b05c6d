"""Which visits ended by what their provider wrote down, and not because somebody cancelled."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.audit.queries import deeds_with
from marketplace.orders.models import Visit
from marketplace.orders.rules import VisitState, can_put_right

_NOTES = frozenset({"visit-noted", "note-corrected"})

Noted = tuple[UUID, datetime | None, UUID | None]
"""Of which order something was noted, when, and by whom."""


def notes_of_orders(session: Session, order_ids: Collection[UUID]) -> frozenset[Noted]:
    """Return what providers wrote down of the visits of some orders."""
    deeds = deeds_with(session, subject_ids=order_ids, what=_NOTES)
    return frozenset((deed.subject_id, deed.at, deed.by_user_id) for deed in deeds)


def to_put_right(session: Session, visits: Collection[Visit], *, at: datetime) -> frozenset[UUID]:
    """Return which visits' notes gave the money back so lately that they can be put right."""
    back = [
        visit
        for visit in visits
        if visit.state is VisitState.RELEASED and can_put_right(visit.noted_at, at=at)
    ]
    if not back:
        return frozenset()
    noted = notes_of_orders(session, {visit.order_id for visit in back})
    return frozenset(
        visit.id
        for visit in back
        if (visit.order_id, visit.noted_at, visit.noted_by_id) in noted and not visit.query
    )
