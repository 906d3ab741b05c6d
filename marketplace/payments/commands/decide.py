"""Approving a run, by somebody else than who proposed it, or cancelling it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.payments import queries
from marketplace.payments.commands.bounce import free_invoices
from marketplace.payments.commands.locking import locked_run
from marketplace.payments.errors import BankDetailsChangedError, SameOfficerError
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.rules import RunState


def approve_run(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> None:
    """Approve a run; approving it again changes nothing.

    Raises:
        NotFoundError: there is no such run in this council.
        SameOfficerError: they proposed it themselves.
        WrongRunStateError: it was paid or cancelled.
        BankDetailsChangedError: somebody's bank details are not those of the proposal any more.
    """
    run = locked_run(session, run_id, by=by)
    if run.proposed_by_id == by.user_id:
        raise SameOfficerError
    if run.state is RunState.APPROVED and run.approved_by_id == by.user_id:
        return
    changed = queries.changed_banks(session, run_id=run.id)
    if changed:
        raise BankDetailsChangedError(", ".join(changed))
    run.go_to(RunState.APPROVED)
    run.approved_by_id, run.approved_by_name, run.approved_at = by.user_id, by.name, at
    _record(session, "payment-run-approved", run, by, at)


def cancel_run(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> None:
    """Cancel a run that is not paid yet; its invoices are owed as before.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it was paid.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.CANCELLED:
        return
    run.go_to(RunState.CANCELLED)
    run.cancelled_by_name, run.cancelled_at = by.name, at
    items = select(PaymentItem.id).where(PaymentItem.run_id == run.id)
    free_invoices(session, session.scalars(items).all())
    _record(session, "payment-run-cancelled", run, by, at)


def _record(session: Session, what: str, run: PaymentRun, by: Actor, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id,
        at=at,
        details={"total_pence": run.total.pence},
    )
