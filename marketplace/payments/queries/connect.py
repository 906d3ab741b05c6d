"""Who can be paid through the card company, and which councils pay so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.payments.models import ConnectAccount, PayingWay, PaymentItem, Sending
from marketplace.payments.rules import SendingState, missing_in_words

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PaidThrough:
    """How a provider's account with the card company stands."""

    began: bool
    account_id: str
    ready: bool
    missing: tuple[str, ...]
    """What the card company still wants to know, in words."""
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendingRow:
    """How a payment through the card company went."""

    state: SendingState
    why: str


def pays_by_transfer(session: Session, *, council_id: UUID) -> bool:
    """Tell whether a council has chosen to pay providers through the card company."""
    way = session.get(PayingWay, council_id)
    return way is not None and way.by_transfer


def some_pay_by_transfer(session: Session) -> bool:
    """Tell whether any council pays providers through the card company."""
    return session.scalar(select(PayingWay.id).where(PayingWay.by_transfer).limit(1)) is not None


def paid_through(session: Session, *, provider_id: UUID) -> PaidThrough:
    """Return how a provider's account with the card company stands."""
    found = session.get(ConnectAccount, provider_id)
    if found is None:
        return PaidThrough(began=False, account_id="", ready=False, missing=(), told_at=None)
    return PaidThrough(
        began=True,
        account_id=found.account_id or "",
        ready=found.ready,
        missing=tuple(missing_in_words(found.missing)),
        told_at=found.told_at,
    )


def ready_accounts(session: Session, *, provider_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the accounts of those of some providers who can be paid through the card company."""
    wanted, found = sorted(set(provider_ids)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(ConnectAccount.id, ConnectAccount.account_id).where(
                ConnectAccount.id.in_(wanted[start : start + _AT_ONCE]), ConnectAccount.ready
            )
        )
        found.update({id_: account_id for id_, account_id in rows if account_id})
    return found


def sendings_to_do(session: Session, *, limit: int) -> list[UUID]:
    """Return the payments that the card company is to send, the longest waiting first."""
    rows = (
        select(Sending.id)
        .where(Sending.state == SendingState.ASKED)
        .order_by(Sending.asked_at, Sending.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def sendings_of(session: Session, *, run_id: UUID) -> dict[UUID, SendingRow]:
    """Return how the payments of a run went that went through the card company, by payment."""
    rows = session.execute(
        select(Sending.id, Sending.state, Sending.why)
        .join(PaymentItem, PaymentItem.id == Sending.id)
        .where(PaymentItem.run_id == run_id)
    )
    return {id_: SendingRow(state, why) for id_, state, why in rows}


def sent_through(session: Session, *, item_ids: Collection[UUID]) -> set[UUID]:
    """Return those of some payments that go through the card company."""
    wanted = sorted(set(item_ids))
    found: set[UUID] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        ids = wanted[start : start + _AT_ONCE]
        found.update(session.scalars(select(Sending.id).where(Sending.id.in_(ids))))
    return found
