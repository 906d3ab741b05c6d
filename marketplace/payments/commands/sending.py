"""Sending a run to the bank: from here on the money is on its way."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.payments import queries
from marketplace.payments.commands.decide import check_still_good
from marketplace.payments.commands.locking import locked_run
from marketplace.payments.errors import NoBankAccountError, SecondHandError
from marketplace.payments.models import CouncilBank, PaymentItem, PaymentRun
from marketplace.payments.rules import FileFormat, ItemState, RunState, check_file, pay_on


def mark_sent(
    session: Session,
    run_id: UUID,
    *,
    file_format: FileFormat | None = None,
    by: Actor,
    at: datetime,
) -> bool:
    """Send a run to the bank, with the file it takes; tell whether that is news.

    Two officers have looked at each run before its money leaves: whoever approved a run that the
    market proposed by itself is not the one who sends it. Without a format the council has told
    its bank in some other way.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it is not approved.
        SecondHandError: they approved it, and nobody else has looked at it.
        BankDetailsChangedError: somebody may not be paid now.
        NoBankAccountError: the council has not said which account it pays from.
        FileRefusedError: the bank would not take such a file.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.SENT:
        return False
    if run.proposed_by_id is None and run.approved_by_id == by.user_id:
        raise SecondHandError
    if run.state is RunState.APPROVED:
        check_still_good(session, run, at)
    run.go_to(RunState.SENT)
    run.sent_by_id, run.sent_by_name, run.sent_at = by.user_id, by.name, at
    planned = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.PLANNED)
    session.execute(update(PaymentItem).where(*planned).values(state=ItemState.SENT))
    if file_format is not None:
        _fix_file(session, run, file_format, at)
    record(
        session,
        what="payment-run-sent",
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id,
        at=at,
        details={
            "total_pence": run.total.pence,
            "format": run.file_format.value if run.file_format else "",
            "sha256": run.file_digest or "",
        },
    )
    return True


def _fix_file(session: Session, run: PaymentRun, file_format: FileFormat, at: datetime) -> None:
    """Keep everything the file is made of, and its digest: it can be made again, and no other."""
    bank = session.get(CouncilBank, run.council_id)
    if bank is None:
        raise NoBankAccountError
    sent = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.SENT)
    largest = session.scalar(select(func.max(PaymentItem.amount)).where(*sent))
    assert largest is not None, "a run pays somebody"
    check_file(file_format, largest=largest, service_user=bank.service_user or "")
    run.file_format, run.file_day = file_format, pay_on(file_format, local_day(at))
    run.payer = {
        "sort_code": bank.sort_code,
        "account_number": bank.account_number,
        "account_name": bank.account_name,
        "service_user": bank.service_user or "",
    }
    session.flush()  # the file is made of what stands in the database
    digest = hashlib.sha256()
    for piece in queries.file_of(session, run_id=run.id):
        digest.update(piece)
    run.file_digest = digest.hexdigest()
