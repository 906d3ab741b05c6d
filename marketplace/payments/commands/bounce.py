"""Payments that came back, and those that were noted as made by mistake."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from marketplace.access.queries import owners_of
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.orders.rules import day_words
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.commands.locking import AT_ONCE, locked_items, locked_runs_of
from marketplace.payments.commands.pay import finish_if_over
from marketplace.payments.models import FreedInvoice, PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import (
    ItemState,
    RunState,
    checked_bounced_on,
    checked_reason,
    next_item_state,
)
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


def bounce_item(
    session: Session, item_id: UUID, *, on: date, reason: str, by: Actor | None, at: datetime
) -> bool:
    """Note that a payment came back: what it was for is owed again, and may enter another run.

    Tell whether that is news: a payment comes back once. ``by`` is None when the market reads it
    from a statement by itself.

    Raises:
        NotFoundError: there is no such payment in this council.
        WrongItemStateError: it has not gone to the bank.
        PaidOnError: the day is in the future, or before it was paid.
        ReasonMissingError: no reason is given, or a very long one.
    """
    (run,) = locked_runs_of(session, [item_id], by=by)
    (item,) = locked_items(session, [item_id])
    if item.state is ItemState.BOUNCED:
        return False
    next_item_state(item.state, ItemState.BOUNCED)
    assert run.approved_at is not None, "only an approved run goes to the bank"
    since = item.settled_on or local_day(run.approved_at)
    checked_bounced_on(on, since=since, today=local_day(at))
    words = checked_reason(reason)
    was_settled = item.state is ItemState.SETTLED
    item.go_to(ItemState.BOUNCED)
    item.bounced_on, item.bounce_reason = on, words
    if was_settled:
        _move_back(session, run, item, key=f"bounce/{item.id}", reason="bounce", at=at)
    free_invoices(session, [item.id])
    finish_if_over(session, run, on=on, at=at)
    _tell_owners(session, run, item, at)
    record(
        session,
        what="payment-bounced",
        chain_id=run.council_id,
        subject_id=item.id,
        by_user_id=by.user_id if by else None,
        at=at,
        details={"pence": item.amount.pence, "on": on.isoformat()},
    )
    return True


def unsettle_item(session: Session, item_id: UUID, *, by: Actor | None, at: datetime) -> bool:
    """Take back that the bank made a payment: it was another line of the statement.

    The payment is with the bank again, as before. Tell whether that is news.

    Raises:
        NotFoundError: there is no such payment in this council.
        WrongItemStateError: it has not gone to the bank, or has come back.
    """
    (run,) = locked_runs_of(session, [item_id], by=by)
    (item,) = locked_items(session, [item_id])
    if item.state is ItemState.SENT:
        return False
    item.go_to(ItemState.SENT)
    key = f"unsettle/{item.ledger_key}"
    _move_back(session, run, item, key=key, reason="payment-undone", at=at)
    item.settled_on = None
    theirs = PaymentInvoice.item_id == item.id
    session.execute(update(PaymentInvoice).where(theirs).values(paid_on=None, days=None))
    if run.state is RunState.PAID:
        run.go_to(RunState.SENT)
        run.paid_on = run.paid_at = None
    record(
        session,
        what="payment-undone",
        chain_id=run.council_id,
        subject_id=item.id,
        by_user_id=by.user_id if by else None,
        at=at,
        details={"pence": item.amount.pence},
    )
    return True


def free_invoices(session: Session, item_ids: Sequence[UUID]) -> None:
    """Let the invoices of payments that are not made wait for another run; keep which they were."""
    for start in range(0, len(item_ids), AT_ONCE):
        theirs = PaymentInvoice.item_id.in_(item_ids[start : start + AT_ONCE])
        rows = session.execute(
            select(
                PaymentInvoice.item_id,
                PaymentInvoice.id,
                PaymentInvoice.number,
                PaymentInvoice.total,
            ).where(theirs)
        )
        freed = [
            {"id": uuid4(), "item_id": item_id, "invoice_id": id_, "number": number, "total": total}
            for item_id, id_, number, total in rows
        ]
        if freed:
            session.execute(insert(FreedInvoice), freed)
        session.execute(delete(PaymentInvoice).where(theirs))


def _move_back(
    session: Session, run: PaymentRun, item: PaymentItem, *, key: str, reason: str, at: datetime
) -> None:
    paid, earned = (
        open_account(session, owner_id=item.provider_id, kind=kind, council_id=run.council_id)
        for kind in (AccountKind.PAID, AccountKind.EARNED)
    )
    lock_accounts(session, [paid, earned])
    legs = (Leg(paid, -item.amount), Leg(earned, item.amount))
    move(session, Movement(key, reason, legs), at=at)


def _tell_owners(session: Session, run: PaymentRun, item: PaymentItem, at: datetime) -> None:
    assert item.bounced_on is not None, "the letters say when"
    payer = council(session, council_id=run.council_id).name
    owners = owners_of(session, organisation_ids=[item.provider_id])
    for owner in owners.get(item.provider_id, ()):
        write_letter(
            session,
            WriteLetter(
                key=f"bounce/{item.id}/{owner.id}",
                to=owner.email,
                subject=f"A payment of {item.amount} to {item.provider_name} came back",
                template="payment_bounced",
                values={
                    "payer": payer,
                    "provider": item.provider_name,
                    "amount": str(item.amount),
                    "bounced_on": day_words(item.bounced_on),
                    "reason": item.bounce_reason,
                    "account_ends": item.account_number[-4:],
                    "path": "/my-store/bank",
                },
            ),
            at=at,
        )
