"""Runs of payments, as the finance officers of one council see them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.queries import bank_details
from marketplace.catalogue.rules import BankDetails
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.payments.errors import WrongRunStateError
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import Performance, RunState, performance


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of the list of runs."""

    id: UUID
    number: int
    state: RunState
    total: Money
    proposed_by_name: str
    proposed_at: datetime
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class InvoiceInRun:
    """An invoice or credit note that a payment settles."""

    id: UUID
    number: int
    total: Money
    promised_on: date


@dataclass(frozen=True, slots=True)
class RunItem:
    """One payment of a run."""

    id: UUID
    provider_name: str
    amount: Money
    sort_code: str
    account_number: str
    account_name: str
    reference: str
    promised_on: date
    invoices: tuple[InvoiceInRun, ...]
    bank_changed: bool
    """Have the provider's bank details changed since?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run with all its payments."""

    id: UUID
    number: int
    state: RunState
    total: Money
    proposed_by_id: UUID
    proposed_by_name: str
    proposed_at: datetime
    approved_by_name: str | None
    approved_at: datetime | None
    paid_on: date | None
    cancelled_by_name: str | None
    cancelled_at: datetime | None
    items: tuple[RunItem, ...]

    def may_be_approved_by(self, officer: Actor) -> bool:
        """Tell whether somebody may approve it: the run waits, and they did not propose it."""
        return self.state is RunState.PROPOSED and officer.user_id != self.proposed_by_id


def runs(session: Session, *, council_id: UUID, page: int = 1) -> Page[RunRow]:
    """Return one page of a council's runs, newest first."""
    mine = PaymentRun.council_id == council_id
    rows = session.execute(
        select(*(getattr(PaymentRun, name) for name in RunRow.__slots__))
        .where(mine)
        .order_by(PaymentRun.number.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = session.scalar(select(func.count()).select_from(PaymentRun).where(mine)) or 0
    return Page([RunRow(*row) for row in rows], page, count)


def run_for(session: Session, *, run_id: UUID, seen_by: Actor) -> RunView:
    """Return a run of one's own council.

    Raises:
        NotFoundError: there is none.
    """
    run = session.get(PaymentRun, run_id)
    if run is None or run.council_id != seen_by.works_for:
        raise NotFoundError
    plain = [name for name in RunView.__slots__ if name != "items"]
    return RunView(**{name: getattr(run, name) for name in plain}, items=_items_of(session, run_id))


def bank_file(session: Session, *, run_id: UUID, seen_by: Actor) -> list[tuple[object, ...]]:
    """Return what the bank needs to pay a run: code, account, name, amount, reference.

    Raises:
        NotFoundError: there is no such run in this council.
        WrongRunStateError: it is not approved.
    """
    run = run_for(session, run_id=run_id, seen_by=seen_by)
    if run.state not in {RunState.APPROVED, RunState.SENT, RunState.PAID}:
        raise WrongRunStateError("Only an approved run has a file for the bank.")
    return [
        (item.sort_code, item.account_number, item.account_name, item.amount, item.reference)
        for item in run.items
    ]


def changed_banks(session: Session, *, run_id: UUID) -> list[str]:
    """Return the names of the providers whose bank details have changed since the proposal."""
    return [item.provider_name for item in _items_of(session, run_id) if item.bank_changed]


def how_fast(session: Session, *, council_id: UUID | None = None) -> Performance:
    """Return how fast a council's invoices were paid; those of all councils for None."""
    in_time = func.sum(case((PaymentInvoice.paid_on <= PaymentInvoice.promised_on, 1), else_=0))
    rows = (
        select(PaymentInvoice.days, func.count(), in_time)
        .where(PaymentInvoice.paid_on.is_not(None), PaymentInvoice.total > Money(0))
        .group_by(PaymentInvoice.days)
    )
    if council_id is not None:
        rows = rows.where(PaymentInvoice.council_id == council_id)
    return performance((days or 0, count, good) for days, count, good in session.execute(rows))


def _items_of(session: Session, run_id: UUID) -> tuple[RunItem, ...]:
    items = session.scalars(
        select(PaymentItem).where(PaymentItem.run_id == run_id).order_by(PaymentItem.position)
    ).all()
    banks = bank_details(session, [item.provider_id for item in items])
    invoices = _invoices_of(session, run_id)
    return tuple(
        RunItem(
            id=item.id,
            provider_name=item.provider_name,
            amount=item.amount,
            sort_code=item.sort_code,
            account_number=item.account_number,
            account_name=item.account_name,
            reference=item.reference,
            promised_on=item.promised_on,
            invoices=tuple(invoices.get(item.id, ())),
            bank_changed=banks.get(item.provider_id) != _bank(item),
        )
        for item in items
    )


def _bank(item: PaymentItem) -> BankDetails:
    return BankDetails(item.sort_code, item.account_number, item.account_name)


def _invoices_of(session: Session, run_id: UUID) -> dict[UUID, list[InvoiceInRun]]:
    rows = session.execute(
        select(
            PaymentInvoice.item_id,
            PaymentInvoice.id,
            PaymentInvoice.number,
            PaymentInvoice.total,
            PaymentInvoice.promised_on,
        )
        .join(PaymentItem, PaymentItem.id == PaymentInvoice.item_id)
        .where(PaymentItem.run_id == run_id)
        .order_by(PaymentInvoice.number)
    )
    found: dict[UUID, list[InvoiceInRun]] = {}
    for item_id, invoice_id, number, total, promised_on in rows:
        row = InvoiceInRun(invoice_id, number, total, promised_on)
        found.setdefault(item_id, []).append(row)
    return found
