"""Proposing a run: everything a council owes to providers who can be paid now."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import total
from marketplace.kernel.sort_codes import Tables
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.commands.decide import end_run
from marketplace.payments.errors import NothingToPayError
from marketplace.payments.models import (
    PaymentInvoice,
    PaymentItem,
    PaymentRun,
    PaymentRunCounter,
)
from marketplace.payments.queries import Debts
from marketplace.payments.rules import Finding, ItemState, Owed, RunState, reference

ADDED_AT_ONCE = 500
THE_MARKET = "The market"
"""Who proposes runs when no human does."""


def propose_run(
    session: Session, *, run_id: UUID, by: Actor, at: datetime, tables: Tables | None = None
) -> UUID:
    """Propose to pay all that is owed to providers who can be paid now.

    The wish brings the run's id, so that a form sent twice is one run.

    Raises:
        NothingToPayError: nothing is owed, or a colleague has just proposed it.
        NotFoundError: the id is that of another council's run.
    """
    council_id = by.works_for
    counter = _locked_counter(session, council_id)
    earlier = session.get(PaymentRun, run_id)
    if earlier is not None:
        if earlier.council_id != council_id:
            raise NotFoundError
        return earlier.id
    found = queries.debts(session, council_id=council_id, on=local_day(at), tables=tables)
    if not _payable(found):
        raise NothingToPayError
    return _propose(session, counter, run_id, found, by, at)


def propose_daily(
    session: Session, *, council_id: UUID, at: datetime, tables: Tables | None = None
) -> UUID | None:
    """Propose, once a day, what can be paid; a proposal is all it is. Return its id, if there is.

    A proposal of an earlier day that nobody has touched gives way to the new one, so that one run
    waits and not many.
    """
    counter, today = _locked_counter(session, council_id), local_day(at)
    if counter.looked_on is not None and counter.looked_on >= today:
        return None
    counter.looked_on = today
    for run in _untouched(session, council_id):
        end_run(session, run, name=THE_MARKET, by=None, at=at)
    found = queries.debts(session, council_id=council_id, on=today, tables=tables)
    if not _payable(found):
        return None
    return _propose(session, counter, uuid5(council_id, f"daily/{today}"), found, None, at)


def _locked_counter(session: Session, council_id: UUID) -> PaymentRunCounter:
    insert_once(session, PaymentRunCounter, {"id": council_id, "last": 0})
    # Lock before looking: two proposals take turns, so the second sees what the first took.
    return session.get_one(
        PaymentRunCounter, council_id, with_for_update=True, populate_existing=True
    )


def _untouched(session: Session, council_id: UUID) -> Sequence[PaymentRun]:
    """Return the market's own proposals that wait, and from which nothing was taken out."""
    taken_out = select(PaymentItem.run_id).where(PaymentItem.state == ItemState.TAKEN_OUT)
    return session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.council_id == council_id,
            PaymentRun.state == RunState.PROPOSED,
            PaymentRun.proposed_by_id.is_(None),
            PaymentRun.id.not_in(taken_out),
        )
        .order_by(PaymentRun.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _payable(found: Debts) -> list[Owed]:
    return [owed for owed in found.owed if not owed.why_not]


def _propose(
    session: Session,
    counter: PaymentRunCounter,
    run_id: UUID,
    found: Debts,
    by: Actor | None,
    at: datetime,
) -> UUID:
    payable = _payable(found)
    counter.last += 1
    run = PaymentRun(
        id=run_id,
        council_id=counter.id,
        number=counter.last,
        state=RunState.PROPOSED,
        total=total(owed.total for owed in payable),
        proposed_by_id=by.user_id if by else None,
        proposed_by_name=by.name if by else THE_MARKET,
        proposed_at=at,
    )
    session.add(run)
    # The items name the run, and no relationship tells the session which comes first.
    session.flush()
    noticed = queries.findings(session, payable, council_id=run.council_id, known=found.standings)
    # A part at a time: ten thousand providers have many invoices, and memory is for all.
    for begins in range(0, len(payable), ADDED_AT_ONCE):
        part = payable[begins : begins + ADDED_AT_ONCE]
        _add_items(session, run, part, found, noticed, first=begins + 1)
    record(
        session,
        what="payment-run-proposed",
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=run.proposed_by_id,
        at=at,
        details={"total_pence": run.total.pence, "providers": len(payable)},
    )
    return run.id


def _add_items(
    session: Session,
    run: PaymentRun,
    payable: Sequence[Owed],
    found: Debts,
    noticed: dict[UUID, list[Finding]],
    *,
    first: int,
) -> None:
    items, invoices = [], []
    for position, owed in enumerate(payable, start=first):
        bank, things = found.standings.banks[owed.provider_id].details, noticed[owed.provider_id]
        item_id = uuid4()
        items.append(
            {
                "id": item_id,
                "run_id": run.id,
                "position": position,
                "provider_id": owed.provider_id,
                "provider_name": owed.provider_name,
                "amount": owed.total,
                "sort_code": bank.sort_code,
                "account_number": bank.account_number,
                "account_name": bank.account_name,
                "reference": reference(run.number, position),
                "promised_on": owed.promised_on,
                "state": ItemState.PLANNED,
                "times_settled": 0,
                "bounce_reason": "",
                "noticed": len(things),
                "findings": [{"kind": each.kind.value, "words": each.words} for each in things],
            }
        )
        invoices += [
            {
                "id": due.invoice_id,
                "item_id": item_id,
                "council_id": run.council_id,
                "provider_id": due.provider_id,
                "number": due.number,
                "total": due.total,
                "confirmed_on": due.confirmed_on,
                "promised_on": due.promised_on,
            }
            for due in owed.invoices
        ]
    session.execute(insert(PaymentItem), items)
    # The database refuses an invoice that is in another run here, next to the cause.
    session.execute(insert(PaymentInvoice), invoices)
