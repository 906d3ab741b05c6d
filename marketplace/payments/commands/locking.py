"""Taking one run for oneself before looking at it."""

from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.payments.models import PaymentRun


def locked_run(session: Session, run_id: UUID, *, by: Actor) -> PaymentRun:
    """Lock a run of one's own council.

    Raises:
        NotFoundError: there is none.
    """
    run = session.get(PaymentRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.council_id != by.works_for:
        raise NotFoundError
    return run
