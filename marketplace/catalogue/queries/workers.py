"""Workers by name."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Worker
from marketplace.catalogue.queries.cards import WorkerRow


def workers_of(
    session: Session, provider_ids: Collection[UUID]
) -> dict[UUID, tuple[WorkerRow, ...]]:
    """Return who works for some providers now, by name."""
    rows = (
        select(Worker)
        .where(Worker.provider_id.in_(provider_ids), Worker.ended_at.is_(None))
        .order_by(Worker.name, Worker.id)
    )
    found: dict[UUID, list[WorkerRow]] = {}
    for row in session.scalars(rows):
        found.setdefault(row.provider_id, []).append(WorkerRow(row.id, row.name, row.about))
    return {provider_id: tuple(workers) for provider_id, workers in found.items()}
