"""Runs of payments, as the finance officers of one council see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
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
from marketplace.payments.models import (
    FreedInvoice,
    PaymentInvoice,
    PaymentItem,
    PaymentRun,
    PaymentRunCounter,
)
from marketplace.payments.rules import (
    FileFormat,
    Finding,
    FindingKind,
    ItemState,
    Performance,
    RunState,
    performance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """How far a run is, and who has looked at it."""

    state: RunState
    proposed_by_id: UUID | None
    approved_by_id: UUID | None

    def may_be_approved_by(self, officer: Actor) -> bool:
        """Tell whether somebody may approve it: the run waits, and they did not propose it."""
        return self.state is RunState.PROPOSED and officer.user_id != self.proposed_by_id

    def may_be_sent_by(self, officer: Actor) -> bool:
        """Tell whether somebody may send it: two officers have looked at it then."""
        alone = self.proposed_by_id is None and officer.user_id == self.approved_by_id
        return self.state is RunState.APPROVED and not alone


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow(_Waiting):
    """One line of the list of runs."""

    id: UUID
    number: int
    total: Money
    proposed_by_name: str
    proposed_at: datetime
    paid_on: date | None
    payments: int = 0
    """How many payments a run that waits has, without those taken out."""
    noticed: int = 0
    """About how many of them the checks noticed something."""


@dataclass(frozen=True, slots=True)
class InvoiceInRun:
    """An invoice or credit note that a payment settles."""

    id: UUID
    number: int
    total: Money


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
    state: ItemState
    settled_on: date | None
    bounced_on: date | None
    bounce_reason: str
    taken_out_reason: str | None
    taken_out_by_name: str | None
    findings: tuple[Finding, ...]
    invoices: tuple[InvoiceInRun, ...]
    bank_changed: bool
    """Have the provider's bank details changed since?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView(_Waiting):
    """A run with all its payments."""

    id: UUID
    number: int
    total: Money
    proposed_by_name: str
    proposed_at: datetime
    approved_by_name: str | None
    approved_at: datetime | None
    sent_by_name: str | None
    sent_at: datetime | None
    file_format: FileFormat | None
    file_day: date | None
    file_digest: str | None
    paid_on: date | None
    cancelled_by_name: str | None
    cancelled_at: datetime | None
    payments: int
    """How many payments there are, without those taken out."""
    counts: Mapping[ItemState, int]
    noticed: int
    """How many payments the checks noticed something about."""
    items: tuple[RunItem, ...]
    """All payments, or one page of them: first those the checks noticed something about."""

    @property
    def pages(self) -> int:
        """How many pages its payments fill."""
        return -(-sum(self.counts.values()) // PAGE_SIZE)


def runs(session: Session, *, council_id: UUID, page: int = 1) -> Page[RunRow]:
    """Return one page of a council's runs, newest first."""
    mine = PaymentRun.council_id == council_id
    found = session.scalars(
        select(PaymentRun)
        .where(mine)
        .order_by(PaymentRun.number.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    counts = _counts(session, [run.id for run in found if run.state in _WAITING])
    rows = [_row(run, *counts.get(run.id, (0, 0))) for run in found]
    count = session.scalar(select(func.count()).select_from(PaymentRun).where(mine)) or 0
    return Page(rows, page, count)


def usual_file(session: Session, *, council_id: UUID) -> FileFormat:
    """Return the file that a council gave its bank last."""
    last = session.scalar(
        select(PaymentRun.file_format)
        .where(PaymentRun.council_id == council_id, PaymentRun.file_format.is_not(None))
        .order_by(PaymentRun.number.desc())
        .limit(1)
    )
    return last or FileFormat.FASTER_PAYMENTS


_WAITING = frozenset({RunState.PROPOSED, RunState.APPROVED})
_OF_ROW = [each.name for each in fields(RunRow) if each.name not in {"payments", "noticed"}]


def _row(run: PaymentRun, payments: int, noticed: int) -> RunRow:
    plain = {name: getattr(run, name) for name in _OF_ROW}
    return RunRow(**plain, payments=payments, noticed=noticed)


def _counts(session: Session, run_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return how many payments some runs have, and about how many something was noticed."""
    noticed = func.sum(case((PaymentItem.noticed > 0, 1), else_=0))
    rows = (
        select(PaymentItem.run_id, func.count(), noticed)
        .where(PaymentItem.run_id.in_(run_ids), PaymentItem.state != ItemState.TAKEN_OUT)
        .group_by(PaymentItem.run_id)
    )
    found = session.execute(rows) if run_ids else ()
    return {run_id: (count, about) for run_id, count, about in found}


def run_for(session: Session, *, run_id: UUID, seen_by: Actor, page: int | None = None) -> RunView:
    """Return a run of one's own council, with all its payments or one page of them.

    Raises:
        NotFoundError: there is none.
    """
    run = session.get(PaymentRun, run_id)
    if run is None or run.council_id != seen_by.works_for:
        raise NotFoundError
    counts = dict(
        session.execute(
            select(PaymentItem.state, func.count())
            .where(PaymentItem.run_id == run_id)
            .group_by(PaymentItem.state)
        ).all()
    )
    noticed = session.scalar(
        select(func.count()).where(PaymentItem.run_id == run_id, PaymentItem.noticed > 0)
    )
    plain = [each.name for each in fields(RunView) if each.name not in _COUNTED]
    return RunView(
        **{name: getattr(run, name) for name in plain},
        payments=sum(counts.values()) - counts.get(ItemState.TAKEN_OUT, 0),
        counts=counts,
        noticed=noticed or 0,
        items=_items_of(session, run_id, page),
    )


_COUNTED = frozenset({"items", "payments", "counts", "noticed"})


def planned_item(session: Session, *, item_id: UUID, seen_by: Actor) -> tuple[UUID, RunItem]:
    """Return a payment of a run of one's own council, and the run's id.

    Raises:
        NotFoundError: there is none.
    """
    item = session.get(PaymentItem, item_id)
    if item is None:
        raise NotFoundError
    run = session.get_one(PaymentRun, item.run_id)
    if run.council_id != seen_by.works_for:
        raise NotFoundError
    (row,) = _rows(session, [item])
    return run.id, row


def looked_at(session: Session, *, on: date) -> set[UUID]:
    """Return the councils for which the market has looked on a day what can be paid."""
    return set(
        session.scalars(select(PaymentRunCounter.id).where(PaymentRunCounter.looked_on >= on))
    )


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
        if item.state is not ItemState.TAKEN_OUT
    ]


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


def _items_of(session: Session, run_id: UUID, page: int | None) -> tuple[RunItem, ...]:
    items = select(PaymentItem).where(PaymentItem.run_id == run_id)
    if page is None:
        items = items.order_by(PaymentItem.position)
    else:
        items = (
            items.order_by(PaymentItem.noticed.desc(), PaymentItem.position)
            .limit(PAGE_SIZE)
            .offset((page - 1) * PAGE_SIZE)
        )
    return _rows(session, session.scalars(items).all())


def _rows(session: Session, items: Sequence[PaymentItem]) -> tuple[RunItem, ...]:
    banks = bank_details(session, [item.provider_id for item in items])
    invoices = _invoices_of(session, [item.id for item in items])
    return tuple(
        RunItem(
            **{name: getattr(item, name) for name in _PLAIN},
            findings=tuple(
                Finding(FindingKind(each["kind"]), each["words"]) for each in item.findings
            ),
            invoices=tuple(invoices.get(item.id, ())),
            bank_changed=banks.get(item.provider_id) != _bank(item),
        )
        for item in items
    )


_PLAIN = tuple(
    name for name in RunItem.__slots__ if name not in {"findings", "invoices", "bank_changed"}
)


def _bank(item: PaymentItem) -> BankDetails:
    return BankDetails(item.sort_code, item.account_number, item.account_name)


def _invoices_of(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, list[InvoiceInRun]]:
    found: dict[UUID, list[InvoiceInRun]] = {}
    rows = session.execute(
        select(
            PaymentInvoice.item_id,
            PaymentInvoice.id,
            PaymentInvoice.number,
            PaymentInvoice.total,
        )
        .where(PaymentInvoice.item_id.in_(item_ids))
        .union_all(
            select(
                FreedInvoice.item_id,
                FreedInvoice.invoice_id,
                FreedInvoice.number,
                FreedInvoice.total,
            ).where(FreedInvoice.item_id.in_(item_ids))
        )
    )
    for item_id, invoice_id, number, total in sorted(rows, key=lambda row: row[2]):
        found.setdefault(item_id, []).append(InvoiceInRun(invoice_id, number, total))
    return found
