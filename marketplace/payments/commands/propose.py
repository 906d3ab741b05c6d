"""Proposing a run: everything a council owes to providers whose bank we know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.catalogue.queries import bank_details
from marketplace.catalogue.rules import BankDetails
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import total
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.errors import NothingToPayError
from marketplace.payments.models import (
    PaymentInvoice,
    PaymentItem,
    PaymentRun,
    PaymentRunCounter,
)
from marketplace.payments.rules import Owed, RunState, reference


def propose_run(session: Session, *, run_id: UUID, by: Actor, at: datetime) -> UUID:
    """Propose to pay all that is owed, but for providers without bank details or with nothing due.

    The wish brings the run's id, so that a form sent twice is one run.

    Raises:
        NothingToPayError: nothing is owed, or a colleague has just proposed it.
        NotFoundError: the id is that of another council's run.
    """
    council_id = by.works_for
    insert_once(session, PaymentRunCounter, {"id": council_id, "last": 0})
    # Lock before looking: two proposals take turns, so the second sees what the first took.
    counter = session.get_one(
        PaymentRunCounter, council_id, with_for_update=True, populate_existing=True
    )
    earlier = session.get(PaymentRun, run_id)
    if earlier is not None:
        if earlier.council_id != council_id:
            raise NotFoundError
        return earlier.id
    payable = [owed for owed in queries.owed(session, council_id=council_id) if not owed.why_not]
    if not payable:
        raise NothingToPayError
    counter.last += 1
    run = PaymentRun(
        id=run_id,
        council_id=council_id,
        number=counter.last,
        state=RunState.PROPOSED,
        total=total(owed.total for owed in payable),
        proposed_by_id=by.user_id,
        proposed_by_name=by.name,
        proposed_at=at,
    )
    session.add(run)
    # The items name the run, and no relationship tells the session which comes first.
    session.flush()
    _add_items(session, run, payable)
    record(
        session,
        what="payment-run-proposed",
        chain_id=council_id,
        subject_id=run.id,
        by_user_id=by.user_id,
        at=at,
        details={"total_pence": run.total.pence, "providers": len(payable)},
    )
    return run.id


def _add_items(session: Session, run: PaymentRun, payable: Sequence[Owed]) -> None:
    banks = bank_details(session, [owed.provider_id for owed in payable])
    items = [
        _item(run, position, owed, banks[owed.provider_id])
        for position, owed in enumerate(payable, start=1)
    ]
    session.add_all(items)
    session.flush()
    session.add_all(
        PaymentInvoice(
            id=due.invoice_id,
            item_id=item.id,
            council_id=run.council_id,
            provider_id=due.provider_id,
            number=due.number,
            total=due.total,
            confirmed_on=due.confirmed_on,
            promised_on=due.promised_on,
        )
        for item, owed in zip(items, payable, strict=True)
        for due in owed.invoices
    )
    # Let the database refuse an invoice that is in another run here, next to the cause.
    session.flush()


def _item(run: PaymentRun, position: int, owed: Owed, bank: BankDetails) -> PaymentItem:
    return PaymentItem(
        id=uuid4(),
        run_id=run.id,
        position=position,
        provider_id=owed.provider_id,
        provider_name=owed.provider_name,
        amount=owed.total,
        sort_code=bank.sort_code,
        account_number=bank.account_number,
        account_name=bank.account_name,
        reference=reference(run.number, position),
        promised_on=owed.promised_on,
    )
