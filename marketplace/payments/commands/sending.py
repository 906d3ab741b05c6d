"""Sending a run to the bank: from here on the money is on its way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.payments.commands.locking import locked_run
from marketplace.payments.errors import SecondHandError
from marketplace.payments.models import PaymentItem
from marketplace.payments.rules import ItemState, RunState


def mark_sent(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Send a run to the bank; tell whether that is news.

    Two officers have looked at each run before its money leaves: whoever approved a run that the
    market proposed by itself is not the one who sends it.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it is not approved.
        SecondHandError: they approved it, and nobody else has looked at it.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.SENT:
        return False
    if run.proposed_by_id is None and run.approved_by_id == by.user_id:
        raise SecondHandError
    run.go_to(RunState.SENT)
    run.sent_by_id, run.sent_by_name, run.sent_at = by.user_id, by.name, at
    planned = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.PLANNED)
    session.execute(update(PaymentItem).where(*planned).values(state=ItemState.SENT))
    record(
        session,
        what="payment-run-sent",
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id,
        at=at,
        details={"total_pence": run.total.pence},
    )
    return True
