"""Noting that a run was paid: the ledger, the invoices and the providers learn of it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import staff_of
from marketplace.access.rules import Actor, Role
from marketplace.audit.commands import record
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.commands.locking import locked_run
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import RunState, checked_paid_on, next_state
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


def mark_paid(session: Session, run_id: UUID, *, paid_on: date, by: Actor, at: datetime) -> None:
    """Note that the bank paid a run on a day; saying so again changes nothing.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it is not approved.
        PaidOnError: the day is in the future, or before the approval.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.PAID and run.paid_on == paid_on:
        return
    next_state(run.state, RunState.PAID)
    assert run.approved_at is not None, "only an approved run is paid"
    checked_paid_on(paid_on, approved_on=local_day(run.approved_at), today=local_day(at))
    run.go_to(RunState.PAID)
    run.paid_on, run.paid_at = paid_on, at
    items = session.scalars(
        select(PaymentItem).where(PaymentItem.run_id == run.id).order_by(PaymentItem.position)
    ).all()
    _move_money(session, run, items, at)
    _date_invoices(session, items, paid_on)
    _write_remittances(session, run, items, at)
    record(
        session,
        what="payment-run-paid",
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id,
        at=at,
        details={"total_pence": run.total.pence, "paid_on": paid_on.isoformat()},
    )


def _move_money(
    session: Session, run: PaymentRun, items: Sequence[PaymentItem], at: datetime
) -> None:
    accounts = {
        (item.id, kind): open_account(
            session, owner_id=item.provider_id, kind=kind, council_id=run.council_id
        )
        for item in sorted(items, key=lambda item: item.provider_id)
        for kind in (AccountKind.EARNED, AccountKind.PAID)
    }
    # All of them at once, in the order of their ids: confirmations take turns with us.
    lock_accounts(session, accounts.values())
    for item in items:
        legs = (
            Leg(accounts[item.id, AccountKind.EARNED], -item.amount),
            Leg(accounts[item.id, AccountKind.PAID], item.amount),
        )
        move(session, Movement(f"payment/{item.id}", "payment", legs), at=at)


def _date_invoices(session: Session, items: Sequence[PaymentItem], paid_on: date) -> None:
    for item in items:
        item.paid_on = paid_on
    invoices = select(PaymentInvoice).where(PaymentInvoice.item_id.in_([item.id for item in items]))
    for invoice in session.scalars(invoices):
        invoice.paid_on = paid_on
        invoice.days = (paid_on - invoice.confirmed_on).days


def _write_remittances(
    session: Session, run: PaymentRun, items: Sequence[PaymentItem], at: datetime
) -> None:
    assert run.paid_on is not None, "the letters say when"
    payer = council(session, council_id=run.council_id).name
    for item in items:
        for owner_id, email in _owners(session, item.provider_id):
            write_letter(
                session,
                WriteLetter(
                    key=f"remittance/{item.id}/{owner_id}",
                    to=email,
                    subject=f"{payer} has paid {item.provider_name} {item.amount}",
                    template="remittance",
                    values={
                        "payer": payer,
                        "provider": item.provider_name,
                        "amount": str(item.amount),
                        "paid_on": f"{run.paid_on:%A} {run.paid_on.day} {run.paid_on:%B %Y}",
                        "reference": item.reference,
                        "account_ends": item.account_number[-4:],
                        "path": f"/remittances/{item.id}",
                    },
                ),
                at=at,
            )


def _owners(session: Session, provider_id: UUID) -> list[tuple[UUID, str]]:
    return [
        (person.id, person.email)
        for person, role in staff_of(session, organisation_id=provider_id)
        if role is Role.PROVIDER_OWNER
    ]
