"""Councils that pay providers through the card company, and providers who can be paid so.

A run goes one way as a whole: to the bank as a file, or through the card company, payment by
payment. It is proposed, checked and approved like any other, by two officers. Locks: run → payment
→ sending.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.adapters import AccountStands
from marketplace.payments.commands.bounce import bounce_item
from marketplace.payments.commands.decide import some_of
from marketplace.payments.commands.locking import locked_run
from marketplace.payments.commands.pay import settle_items
from marketplace.payments.commands.sending import mark_sent
from marketplace.payments.errors import NotReadyError
from marketplace.payments.models import ConnectAccount, PayingWay, PaymentItem, Sending
from marketplace.payments.rules import (
    Event,
    EventOutcome,
    ItemState,
    RunState,
    SendingState,
    sending_key,
)

_REFUSED = "Stripe could not send it to the provider’s account ({})."
_REVERSED = "It was taken back on Stripe’s own page."


def choose_paying_way(session: Session, *, by_transfer: bool, by: Actor, at: datetime) -> None:
    """Say whether one's council pays providers through the card company. Twice is once.

    Raises:
        NotAllowedError: they are no finance officer.
    """
    if not by.may(Permission.PAY_PROVIDERS):
        raise NotAllowedError("Only a finance officer can say how providers are paid.")
    said = {"by_transfer": by_transfer, "said_by_id": by.user_id, "said_by_name": by.name}
    if not insert_once(session, PayingWay, {"id": by.works_for, **said, "said_at": at}):
        way = session.get_one(PayingWay, by.works_for, with_for_update=True, populate_existing=True)
        if way.by_transfer is by_transfer:
            return
        way.by_transfer, way.said_by_id, way.said_by_name = by_transfer, by.user_id, by.name
        way.said_at = at
    record(
        session,
        what="paying-way-chosen",
        chain_id=by.works_for,
        subject_id=by.works_for,
        by_user_id=by.user_id,
        at=at,
        details={"by_transfer": by_transfer},
    )


def begin_account(session: Session, *, by: Actor, at: datetime) -> str | None:
    """Note that one's store wants to be paid through the card company; return its account, if any.

    Raises:
        NotAllowedError: they may not say where the store is paid.
    """
    if not by.may(Permission.SEE_EARNINGS):
        raise NotAllowedError("Only who sees the earnings can say where the store is paid.")
    values = {"ready": False, "missing": "", "began_by_id": by.user_id, "began_at": at}
    if insert_once(session, ConnectAccount, {"id": by.works_for, **values}):
        record(
            session,
            what="card-account-begun",
            chain_id=by.works_for,
            subject_id=by.works_for,
            by_user_id=by.user_id,
            at=at,
        )
    return session.get_one(ConnectAccount, by.works_for).account_id


def keep_account(session: Session, *, provider_id: UUID, account_id: str) -> None:
    """Keep the card company's name for a provider's account; one that is known stays."""
    account = session.get_one(ConnectAccount, provider_id, with_for_update=True)
    account.account_id = account.account_id or account_id


def note_stands(
    session: Session, *, provider_id: UUID, stands: AccountStands, at: datetime
) -> None:
    """Note how a provider's account stands, as the card company answered."""
    account = session.get_one(ConnectAccount, provider_id, with_for_update=True)
    _note_stands(account, ready=stands.ready, missing=stands.missing, at=at)


def hear_of_account(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Note how a provider's account stands, as the card company tells."""
    account = session.scalar(
        select(ConnectAccount)
        .where(ConnectAccount.account_id == event.text("session"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if account is None:
        return EventOutcome.UNKNOWN
    ready = event.facts.get("ready") is True
    _note_stands(account, ready=ready, missing=event.text("missing"), at=at)
    return EventOutcome.NOTED


def send_by_transfer(session: Session, run_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Send a run through the card company, all of it or nothing; tell whether that is news.

    Raises:
        NotFoundError: there is no such run in this council.
        NotReadyError: the council has not chosen this way, or somebody cannot be paid so.
        WrongRunStateError: it is not approved.
        SecondHandError: they approved it, and nobody else has looked at it.
        BankDetailsChangedError: somebody may not be paid now.
    """
    run = locked_run(session, run_id, by=by)
    if run.state is RunState.SENT:
        return False
    if not queries.pays_by_transfer(session, council_id=run.council_id):
        raise NotReadyError("Your council has not chosen to pay through Stripe.")
    mine = (PaymentItem.run_id == run.id, PaymentItem.state == ItemState.PLANNED)
    items = session.scalars(select(PaymentItem).where(*mine).order_by(PaymentItem.position)).all()
    ready = queries.ready_accounts(session, provider_ids=[item.provider_id for item in items])
    missing = [item.provider_name for item in items if item.provider_id not in ready]
    if missing:
        raise NotReadyError(
            f"These providers cannot be paid through Stripe yet: {some_of(missing)}. "
            "Take their payments out, or send the whole run to the bank as a file."
        )
    mark_sent(session, run_id, by=by, at=at)
    rows = [
        {
            "id": item.id,
            "council_id": run.council_id,
            "account_id": ready[item.provider_id],
            "key": sending_key(run.council_id, item.reference),
            "state": SendingState.ASKED,
            "why": "",
            "asked_at": at,
        }
        for item in items
    ]
    session.execute(insert(Sending), rows)
    return True


def begin_sending(
    session: Session, *, item_id: UUID, at: datetime
) -> tuple[str, str, Money, str, bool] | None:
    """Note that the card company is asked to send a payment now.

    Return its key, the account, how much, what it is called, and whether we ask again; None if
    there is nothing to send any more.
    """
    sending = _locked(session, item_id)
    if sending is None or sending.state is not SendingState.ASKED:
        return None
    item, again = session.get_one(PaymentItem, item_id), sending.tried_at is not None
    if item.state is not ItemState.SENT:
        # An officer has said by hand that it came back, so it is never sent.
        sending.state, sending.why, sending.done_at = SendingState.REFUSED, "not_waiting", at
        return None
    sending.tried_at = at
    return sending.key, sending.account_id, item.amount, item.reference, again


def note_transferred(session: Session, *, item_id: UUID, transfer_id: str, at: datetime) -> None:
    """Note that the card company has sent a payment: the provider is paid."""
    settle_items(session, [item_id], paid_on=local_day(at), by=None, at=at)
    sending = _locked(session, item_id)
    assert sending is not None, "only what is to be sent is sent"
    sending.state, sending.transfer_id, sending.done_at = SendingState.DONE, transfer_id, at


def note_not_transferred(session: Session, *, item_id: UUID, why: str, at: datetime) -> None:
    """Note that the card company did not send a payment: it is owed again, as after a bounce."""
    words = _REFUSED.format(why.replace("_", " "))
    bounce_item(session, item_id, on=local_day(at), reason=words, by=None, at=at)
    sending = _locked(session, item_id)
    assert sending is not None, "only what is to be sent is refused"
    sending.state, sending.why, sending.done_at = SendingState.REFUSED, why, at


def hear_of_reversal(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Let a payment bounce that was taken back on the card company's own page, all of it."""
    item_id, transfer_id = event.id_of("item"), event.text("session")
    if item_id is None:
        return EventOutcome.NOT_OURS
    sending = session.get(Sending, item_id)
    if sending is None or not transfer_id:
        return EventOutcome.UNKNOWN
    if sending.transfer_id is None and sending.state is SendingState.ASKED:
        # It overtook the answer to our own question: that comes first.
        return EventOutcome.UNKNOWN
    item = session.get_one(PaymentItem, item_id)
    if sending.transfer_id != transfer_id or not event.is_in_pounds:
        return EventOutcome.WRONG
    if event.amount != item.amount:
        found = _locked(session, item_id)
        assert found is not None
        found.why = f"{event.amount or 'A part'} of it was taken back on Stripe’s own page."
        return EventOutcome.WRONG
    bounce_item(session, item_id, on=local_day(at), reason=_REVERSED, by=None, at=at)
    found = _locked(session, item_id)
    assert found is not None
    found.state = SendingState.REVERSED
    return EventOutcome.NOTED


def _note_stands(account: ConnectAccount, *, ready: bool, missing: str, at: datetime) -> None:
    account.ready, account.missing, account.told_at = ready, missing, at


def _locked(session: Session, item_id: UUID) -> Sending | None:
    return session.get(Sending, item_id, with_for_update=True, populate_existing=True)
