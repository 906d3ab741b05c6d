"""What a provider has earned, what is coming, and what was paid."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.councils.queries import council
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import Page
from marketplace.orders.queries import invoices_of_provider
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import ItemState, RunState
from marketplace.wallet.queries import balances
from marketplace.wallet.rules import AccountKind

RECENT_PAYMENTS = 12
_ON_ITS_WAY = frozenset({RunState.APPROVED, RunState.SENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsRow:
    """One invoice, when its money was promised and when it came."""

    invoice_id: UUID
    number: int
    label: str
    total: Money
    issued_at: datetime
    promised_on: date
    paid_on: date | None
    on_its_way: bool
    """Is it in a run that is approved or with the bank, but not yet paid?"""
    item_id: UUID | None
    """The payment, once paid."""

    @property
    def in_time(self) -> bool:
        """Tell whether it was paid by the promised day."""
        return self.paid_on is not None and self.paid_on <= self.promised_on


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment to a provider."""

    item_id: UUID
    amount: Money
    paid_on: date
    reference: str


@dataclass(frozen=True, slots=True)
class Earnings:
    """Everything on a provider's page of earnings."""

    coming: Money
    """Earned and not paid yet; below nothing after a refund of something paid."""
    paid: Money
    invoices: Page[EarningsRow]
    payments: tuple[PaymentRow, ...]


@dataclass(frozen=True, slots=True)
class RemittanceInvoice:
    """One invoice that a payment settled."""

    id: UUID
    number: int
    total: Money
    confirmed_on: date
    promised_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """One payment to a provider, and what it was for."""

    id: UUID
    payer: str
    provider_name: str
    amount: Money
    paid_on: date
    reference: str
    account_name: str
    account_ends: str
    bounced_on: date | None
    bounce_reason: str
    invoices: tuple[RemittanceInvoice, ...]
    """None if it came back: they wait for another payment."""


def earnings(session: Session, *, provider_id: UUID, page: int = 1) -> Earnings:
    """Return what a provider has earned, newest invoices first."""
    invoices = invoices_of_provider(session, provider_id=provider_id, page=page)
    states = _states(session, [row.id for row in invoices.rows])
    rows = [
        EarningsRow(
            invoice_id=row.id,
            number=row.number,
            label=row.kind.label,
            total=row.total,
            issued_at=row.issued_at,
            promised_on=row.promised_on,
            paid_on=states[row.id][1] if row.id in states else None,
            on_its_way=row.id in states and states[row.id][2] in _ON_ITS_WAY,
            item_id=states[row.id][0] if row.id in states and states[row.id][1] else None,
        )
        for row in invoices.rows
    ]
    return Earnings(
        coming=_balance(session, provider_id, AccountKind.EARNED),
        paid=_balance(session, provider_id, AccountKind.PAID),
        invoices=Page(rows, invoices.number, invoices.total, invoices.size),
        payments=tuple(remittances_of(session, provider_id=provider_id)),
    )


def remittances_of(
    session: Session, *, provider_id: UUID, limit: int = RECENT_PAYMENTS
) -> list[PaymentRow]:
    """Return the latest payments to a provider."""
    rows = session.execute(
        select(PaymentItem.id, PaymentItem.amount, PaymentItem.settled_on, PaymentItem.reference)
        .where(PaymentItem.provider_id == provider_id, PaymentItem.state == ItemState.SETTLED)
        .order_by(PaymentItem.settled_on.desc(), PaymentItem.id)
        .limit(limit)
    )
    return [PaymentRow(*row) for row in rows]  # type: ignore[arg-type]


def remittance(session: Session, *, item_id: UUID, seen_by: Actor) -> Remittance:
    """Return a payment to one's own store, once it is paid.

    Raises:
        NotFoundError: there is none.
    """
    item = session.get(PaymentItem, item_id)
    if item is None or item.provider_id != seen_by.works_for or item.settled_on is None:
        raise NotFoundError
    run = session.get_one(PaymentRun, item.run_id)
    rows = session.execute(
        select(*(getattr(PaymentInvoice, name) for name in RemittanceInvoice.__slots__))
        .where(PaymentInvoice.item_id == item.id)
        .order_by(PaymentInvoice.number)
    )
    return Remittance(
        id=item.id,
        payer=council(session, council_id=run.council_id).name,
        provider_name=item.provider_name,
        amount=item.amount,
        paid_on=item.settled_on,
        reference=item.reference,
        account_name=item.account_name,
        account_ends=item.account_number[-4:],
        bounced_on=item.bounced_on,
        bounce_reason=item.bounce_reason,
        invoices=tuple(RemittanceInvoice(*row) for row in rows),
    )


def _states(
    session: Session, invoice_ids: list[UUID]
) -> dict[UUID, tuple[UUID, date | None, RunState]]:
    rows = session.execute(
        select(PaymentInvoice.id, PaymentItem.id, PaymentInvoice.paid_on, PaymentRun.state)
        .join(PaymentItem, PaymentItem.id == PaymentInvoice.item_id)
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .where(PaymentInvoice.id.in_(invoice_ids))
    )
    return {invoice_id: (item_id, paid_on, state) for invoice_id, item_id, paid_on, state in rows}


def _balance(session: Session, provider_id: UUID, kind: AccountKind) -> Money:
    return balances(session, owner_ids=[provider_id], kind=kind)[provider_id]
