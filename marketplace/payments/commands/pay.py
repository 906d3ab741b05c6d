"""Noting which payments the bank made: the ledger, the invoices and the providers learn of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.queries import owners_of
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import total
from marketplace.orders.rules import day_words
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments import queries
from marketplace.payments.commands.locking import locked_items, locked_run, locked_runs_of
from marketplace.payments.errors import WrongRunStateError
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import (
    ItemState,
    RunState,
    checked_paid_on,
    is_over,
    next_item_state,
    next_state,
)
from marketplace.wallet.commands import lock_accounts, move_all, open_accounts
from marketplace.wallet.rules import AccountKind, Leg, Movement


def mark_paid(session: Session, run_id: UUID, *, paid_on: date, by: Actor, at: datetime) -> None:
    """Note that the bank paid all of a run on a day; saying so again changes nothing.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it has not gone to the bank, or goes through the card company.
        PaidOnError: the day is in the future, or before the approval.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.PAID and run.paid_on == paid_on:
        return
    if run.state is not RunState.SENT:
        next_state(run.state, RunState.PAID)
    if queries.sendings_of(session, run_id=run.id):
        raise WrongRunStateError("This run goes through Stripe, which says what was paid.")
    waiting = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.SENT)
    item_ids = session.scalars(select(PaymentItem.id).where(*waiting)).all()
    settle_items(session, item_ids, paid_on=paid_on, by=by, at=at)


def settle_items(
    session: Session, item_ids: Iterable[UUID], *, paid_on: date, by: Actor | None, at: datetime
) -> int:
    """Note that the bank made some payments on a day; return how many of them are news.

    Payments that are settled already stay as they are, so that this can be said again. ``by`` is
    None when the market reads it from a statement by itself.

    Raises:
        NotFoundError: there is no such payment in this council.
        WrongItemStateError: one of them has not gone to the bank, or has come back.
        PaidOnError: the day is in the future, or before a run was approved.
    """
    wanted = sorted(set(item_ids))
    runs = locked_runs_of(session, wanted, by=by)
    items = [item for item in locked_items(session, wanted) if item.state is not ItemState.SETTLED]
    for run in runs:
        theirs = [item for item in items if item.run_id == run.id]
        if theirs:
            _settle(session, run, theirs, paid_on, by, at)
    return len(items)


def finish_if_over(session: Session, run: PaymentRun, *, on: date, at: datetime) -> None:
    """Let a run be paid as soon as the bank has answered for each of its payments."""
    if run.state is not RunState.SENT:
        return
    session.flush()  # the states of its payments are asked for in the next line
    states = select(PaymentItem.state).where(PaymentItem.run_id == run.id).distinct()
    if is_over(session.scalars(states).all()):
        run.go_to(RunState.PAID)
        run.paid_on, run.paid_at = on, at


def _settle(
    session: Session,
    run: PaymentRun,
    items: Sequence[PaymentItem],
    paid_on: date,
    by: Actor | None,
    at: datetime,
) -> None:
    # All of it is looked at before any of it is changed.
    for item in items:
        next_item_state(item.state, ItemState.SETTLED)
    assert run.approved_at is not None, "only an approved run goes to the bank"
    checked_paid_on(paid_on, approved_on=local_day(run.approved_at), today=local_day(at))
    for item in items:
        item.go_to(ItemState.SETTLED)
        item.settled_on, item.times_settled = paid_on, item.times_settled + 1
    _move_money(session, run, items, at)
    _date_invoices(session, items, paid_on)
    _write_remittances(session, run, items, at)
    finish_if_over(session, run, on=paid_on, at=at)
    record(
        session,
        what="payments-made",
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id if by else None,
        at=at,
        details={
            "payments": len(items),
            "total_pence": total(item.amount for item in items).pence,
            "paid_on": paid_on.isoformat(),
        },
    )


def _move_money(
    session: Session, run: PaymentRun, items: Sequence[PaymentItem], at: datetime
) -> None:
    owners = [item.provider_id for item in items]
    earned, paid = (
        open_accounts(session, owner_ids=owners, kind=kind, council_id=run.council_id)
        for kind in (AccountKind.EARNED, AccountKind.PAID)
    )
    # All of them at once, in the order of their ids: confirmations take turns with us.
    lock_accounts(session, [*earned.values(), *paid.values()])
    movements = [
        Movement(
            item.ledger_key,
            "payment",
            (
                Leg(earned[item.provider_id], -item.amount),
                Leg(paid[item.provider_id], item.amount),
            ),
        )
        for item in items
    ]
    move_all(session, movements, at=at)


def _date_invoices(session: Session, items: Sequence[PaymentItem], paid_on: date) -> None:
    ids = [item.id for item in items]
    rows = session.execute(
        select(PaymentInvoice.id, PaymentInvoice.confirmed_on).where(
            PaymentInvoice.item_id.in_(ids)
        )
    )
    dated = [
        {"id": invoice_id, "paid_on": paid_on, "days": (paid_on - confirmed_on).days}
        for invoice_id, confirmed_on in rows
    ]
    if dated:
        session.execute(update(PaymentInvoice), dated)


def _write_remittances(
    session: Session, run: PaymentRun, items: Sequence[PaymentItem], at: datetime
) -> None:
    payer = council(session, council_id=run.council_id).name
    owners = owners_of(session, organisation_ids=[item.provider_id for item in items])
    through = queries.sent_through(session, item_ids=[item.id for item in items])
    for item in items:
        assert item.settled_on is not None, "the letters say when"
        again = f"/{item.times_settled}" if item.times_settled > 1 else ""
        for owner in owners.get(item.provider_id, ()):
            write_letter(
                session,
                WriteLetter(
                    key=f"remittance/{item.id}/{owner.id}{again}",
                    to=owner.email,
                    subject=f"{payer} has paid {item.provider_name} {item.amount}",
                    template="remittance",
                    values={
                        "payer": payer,
                        "provider": item.provider_name,
                        "amount": str(item.amount),
                        "paid_on": day_words(item.settled_on),
                        "reference": item.reference,
                        "account_ends": item.account_number[-4:],
                        "through_stripe": item.id in through,
                        "path": f"/remittances/{item.id}",
                    },
                ),
                at=at,
            )
