"""The file that a bank takes of a run, made again from what was kept when it was sent."""

import hashlib
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.payments.adapters import bank_files
from marketplace.payments.errors import FileChangedError
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.rules import FileHead, FilePayment, ItemState, Payer

_AT_ONCE = 500
_NOT_IN_IT = (ItemState.PLANNED, ItemState.TAKEN_OUT)


def file_of(session: Session, *, run_id: UUID) -> Iterator[bytes]:
    """Give the file of a run that was sent, piece by piece: the same bytes each time."""
    run = session.get_one(PaymentRun, run_id)
    assert run.file_format is not None, "a run with a file"
    assert run.sent_at is not None
    assert run.file_day is not None
    assert run.payer is not None
    sent = (PaymentItem.run_id == run.id, PaymentItem.state.not_in(_NOT_IN_IT))
    count, total = session.execute(
        select(func.count(), func.sum(PaymentItem.amount, type_=PaymentItem.amount.type)).where(
            *sent
        )
    ).one()
    head = FileHead(
        run_number=run.number,
        made_at=run.sent_at,
        pay_on=run.file_day,
        payments=count,
        total=total or ZERO,
        payer=Payer(**run.payer),
    )
    rows = session.execute(
        select(
            PaymentItem.sort_code,
            PaymentItem.account_number,
            PaymentItem.account_name,
            PaymentItem.amount,
            PaymentItem.reference,
        )
        .where(*sent)
        .order_by(PaymentItem.position)
        .execution_options(yield_per=_AT_ONCE)
    )
    payments = (
        FilePayment(
            sort_code=code, account_number=number, account_name=name, amount=amount, reference=words
        )
        for code, number, name, amount, words in rows
    )
    return bank_files.write(run.file_format, head, payments)


def put_file(session: Session, into: IO[bytes], *, run_id: UUID, seen_by: Actor) -> str:
    """Write the file of a run where it is wanted; return what to call it.

    Raises:
        NotFoundError: there is no such run in this council, or it was sent without a file.
        FileChangedError: it would not be the file that was sent.
    """
    run = session.get(PaymentRun, run_id)
    if run is None or run.council_id != seen_by.works_for or run.file_format is None:
        raise NotFoundError
    digest = hashlib.sha256()
    for piece in file_of(session, run_id=run_id):
        digest.update(piece)
        into.write(piece)
    if digest.hexdigest() != run.file_digest:
        raise FileChangedError
    return f"payment-run-{run.number}.{run.file_format.ending}"
