"""Taking runs and payments for oneself before looking at them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.payments.models import PaymentItem, PaymentRun

AT_ONCE = 5_000
"""How many ids one statement names at most."""


def locked_run(session: Session, run_id: UUID, *, by: Actor) -> PaymentRun:
    """Lock a run of one's own council.

    Raises:
        NotFoundError: there is none.
    """
    run = session.get(PaymentRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.council_id != by.works_for:
        raise NotFoundError
    return run


def locked_runs_of(
    session: Session, item_ids: Sequence[UUID], *, by: Actor | None
) -> list[PaymentRun]:
    """Lock the runs of some payments, in the order of their ids; of one's own council alone.

    Raises:
        NotFoundError: there is no such payment in this council.
    """
    run_ids: set[UUID] = set()
    known = 0
    for ids in _parts(item_ids):
        rows = session.scalars(select(PaymentItem.run_id).where(PaymentItem.id.in_(ids))).all()
        run_ids.update(rows)
        known += len(rows)
    if known != len(item_ids):
        raise NotFoundError
    runs = session.scalars(
        select(PaymentRun)
        .where(PaymentRun.id.in_(run_ids))
        .order_by(PaymentRun.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if by is not None and any(run.council_id != by.works_for for run in runs):
        raise NotFoundError
    return list(runs)


def locked_items(session: Session, item_ids: Sequence[UUID]) -> list[PaymentItem]:
    """Lock some payments, whose runs are locked already, in the order of their ids."""
    return [
        item
        for ids in _parts(item_ids)
        for item in session.scalars(
            select(PaymentItem)
            .where(PaymentItem.id.in_(ids))
            .order_by(PaymentItem.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ]


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
