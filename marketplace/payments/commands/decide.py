"""Approving a run, taking a payment out of it, or cancelling it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.payments import queries
from marketplace.payments.commands.bounce import free_invoices
from marketplace.payments.commands.locking import locked_items, locked_run, locked_runs_of
from marketplace.payments.errors import (
    BankDetailsChangedError,
    CallerApprovesError,
    LastPaymentError,
    SameOfficerError,
    WrongRunStateError,
)
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.rules import ItemState, RunState, checked_reason, next_item_state

_NAMES_MAX = 5


def approve_run(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Approve a run; tell whether that is news: a second yes of the same officer changes nothing.

    Raises:
        NotFoundError: there is no such run in this council.
        SameOfficerError: they proposed it themselves.
        CallerApprovesError: they are the one who rang a provider about new bank details in it.
        WrongRunStateError: it was paid or cancelled.
        BankDetailsChangedError: somebody's bank details are not those of the proposal any more, or
            they may not be paid now.
    """
    run = locked_run(session, run_id, by=by)
    if run.proposed_by_id == by.user_id:
        raise SameOfficerError
    if run.state is RunState.APPROVED and run.approved_by_id == by.user_id:
        return False
    check_still_good(session, run, at)
    rung = queries.rung_by(session, run_id=run.id, officer_id=by.user_id, on=local_day(at))
    if rung:
        raise CallerApprovesError(some_of(rung))
    run.go_to(RunState.APPROVED)
    run.approved_by_id, run.approved_by_name, run.approved_at = by.user_id, by.name, at
    _record(session, "payment-run-approved", run, by, at)
    return True


def take_out(session: Session, item_id: UUID, *, reason: str, by: Actor, at: datetime) -> bool:
    """Take a payment out of a run, with a reason; its invoices wait for another run.

    Tell whether that is news.

    Raises:
        NotFoundError: there is no such payment in this council.
        WrongRunStateError: the run is with the bank, or cancelled.
        LastPaymentError: nothing would be left of the run.
        ReasonMissingError: no reason is given, or a very long one.
    """
    (run,) = locked_runs_of(session, [item_id], by=by)
    (item,) = locked_items(session, [item_id])
    if item.state is ItemState.TAKEN_OUT:
        return False
    next_item_state(item.state, ItemState.TAKEN_OUT)
    if run.state is RunState.CANCELLED:
        raise WrongRunStateError("This run is cancelled, so nothing of it is paid.")
    words = checked_reason(reason)
    planned = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.PLANNED)
    left = session.scalar(select(func.count()).select_from(PaymentItem).where(*planned))
    if left == 1:
        raise LastPaymentError
    item.go_to(ItemState.TAKEN_OUT)
    item.taken_out_reason, item.taken_out_by_name = words, by.name
    run.total -= item.amount
    free_invoices(session, [item.id])
    record(
        session,
        what="payment-taken-out",
        chain_id=run.council_id,
        subject_id=item.id,
        by_user_id=by.user_id,
        at=at,
        details={"pence": item.amount.pence, "reason": words},
    )
    return True


def cancel_run(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> None:
    """Cancel a run that is not with the bank yet; its invoices are owed as before.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it was sent or paid.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is not RunState.CANCELLED:
        end_run(session, run, name=by.name, by=by, at=at)


def end_run(
    session: Session, run: PaymentRun, *, name: str, by: Actor | None, at: datetime
) -> None:
    """Cancel a run that is locked; ``by`` is None when the market does so by itself."""
    run.go_to(RunState.CANCELLED)
    run.cancelled_by_name, run.cancelled_at = name, at
    planned = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.PLANNED)
    item_ids = session.scalars(select(PaymentItem.id).where(*planned)).all()
    free_invoices(session, item_ids)
    _record(session, "payment-run-cancelled", run, by, at)


def check_still_good(session: Session, run: PaymentRun, at: datetime) -> None:
    """Refuse a run in which somebody's bank details have changed, or who may not be paid now.

    Raises:
        BankDetailsChangedError: there is somebody like that.
    """
    changed = queries.not_good_now(session, run_id=run.id, on=local_day(at))
    if changed:
        raise BankDetailsChangedError(some_of(changed))


def some_of(names: list[str]) -> str:
    """Return a few names, and how many more there are."""
    shown = ", ".join(names[:_NAMES_MAX])
    more = len(names) - _NAMES_MAX
    return f"{shown} and {more} more" if more > 0 else shown


def _record(session: Session, what: str, run: PaymentRun, by: Actor | None, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=run.council_id,
        subject_id=run.id,
        by_user_id=by.user_id if by else None,
        at=at,
        details={"total_pence": run.total.pence},
    )
