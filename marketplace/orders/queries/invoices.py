"""Invoices and credit notes, for those they concern."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.orders.models import Invoice, InvoiceLine, Order
from marketplace.orders.queries.disputed import disputed_invoices
from marketplace.orders.queries.rows import (
    InvoiceLineRow,
    InvoiceRow,
    InvoiceView,
    ProviderInvoice,
    UnpaidInvoice,
)
from marketplace.orders.queries.seeing import sees_order
from marketplace.orders.rules import InvoiceKind, add_up

_COUNCIL_READERS = (Permission.PAY_PROVIDERS, Permission.OPEN_FUNDING_LINES)


def invoice_for(session: Session, *, invoice_id: UUID, seen_by: Actor) -> InvoiceView:
    """Return an invoice as somebody sees it whom it concerns.

    Those are the person, supporters who may see their orders, the provider's staff, and the
    paying council's finance officers and practitioners.

    Raises:
        NotFoundError: it does not concern them.
    """
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise NotFoundError("We cannot find that invoice.")
    order = session.get_one(Order, invoice.order_id)
    if not (sees_order(order, seen_by) or _pays(invoice, seen_by)):
        raise NotFoundError("We cannot find that invoice.")
    notes = _credit_notes(session, invoice.id)
    credited = invoice.credits_id and session.get_one(Invoice, invoice.credits_id)
    return InvoiceView(
        **{name: getattr(invoice, name) for name in _PLAIN},
        order_number=order.number,
        seller=dict(invoice.seller),
        buyer=dict(invoice.buyer),
        lines=_lines(session, invoice.id),
        credits_number=credited.number if credited else None,
        credits_issued_at=credited.issued_at if credited else None,
        credited=add_up(note.total for note in notes),
        credit_notes=notes,
    )


def unpaid_invoices(
    session: Session, *, council_id: UUID, settled: Select[UUID] | None = None
) -> list[UnpaidInvoice]:
    """Return the invoices and credit notes a council's lines pay, oldest first.

    ``settled`` chooses the ids of those that are paid already: payments know, orders do not. An
    invoice with a visit that is queried is not among them until that is settled.
    """
    # Not the whole invoices: there are thousands, and each carries its papers' words.
    rows = select(
        Invoice.id,
        Invoice.provider_id,
        Invoice.number,
        Invoice.kind,
        Invoice.total,
        Invoice.promised_on,
        Invoice.issued_at,
    ).where(Invoice.council_id == council_id)
    if settled is not None:
        rows = rows.where(Invoice.id.not_in(settled))
    # Nobody pays an invoice while somebody says that something was wrong with a visit on it.
    rows = rows.where(Invoice.id.not_in(disputed_invoices()))
    rows = rows.order_by(Invoice.promised_on, Invoice.issued_at, Invoice.number, Invoice.id)
    invoices = session.execute(rows).all()
    names = provider_names(session, provider_ids={invoice.provider_id for invoice in invoices})
    return [
        UnpaidInvoice(
            id=invoice.id,
            provider_id=invoice.provider_id,
            provider_name=names[invoice.provider_id],
            number=invoice.number,
            kind=invoice.kind,
            total=invoice.total if invoice.kind is InvoiceKind.INVOICE else -invoice.total,
            promised_on=invoice.promised_on,
            confirmed_at=invoice.issued_at,
        )
        for invoice in invoices
    ]


def invoices_of_provider(
    session: Session, *, provider_id: UUID, page: int = 1
) -> Page[ProviderInvoice]:
    """Return one page of a provider's invoices and credit notes, newest first."""
    theirs = Invoice.provider_id == provider_id
    count = session.scalar(select(func.count()).select_from(Invoice).where(theirs)) or 0
    rows = (
        select(Invoice)
        .where(theirs)
        .order_by(Invoice.number.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    papers = [
        ProviderInvoice(
            id=invoice.id,
            number=invoice.number,
            kind=invoice.kind,
            council_id=invoice.council_id,
            total=_signed(invoice),
            issued_at=invoice.issued_at,
            promised_on=invoice.promised_on,
        )
        for invoice in session.scalars(rows)
    ]
    return Page(papers, page, count)


def _signed(invoice: Invoice) -> Money:
    return invoice.total if invoice.kind is InvoiceKind.INVOICE else -invoice.total


_PLAIN = (
    "id",
    "number",
    "kind",
    "order_id",
    "provider_id",
    "person_id",
    "council_id",
    "total",
    "issued_at",
    "promised_on",
    "reason",
    "credits_id",
    "agreement_id",
)


def _pays(invoice: Invoice, seen_by: Actor) -> bool:
    return seen_by.organisation_id == invoice.council_id and any(
        seen_by.may(permission) for permission in _COUNCIL_READERS
    )


def _lines(session: Session, invoice_id: UUID) -> tuple[InvoiceLineRow, ...]:
    rows = (
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id == invoice_id)
        .order_by(InvoiceLine.position)
    )
    return tuple(
        InvoiceLineRow(
            text=line.text,
            quantity=line.quantity,
            amount=line.amount,
            unit=line.unit,
            vat=line.vat,
            treatment=line.treatment,
        )
        for line in session.scalars(rows)
    )


def _credit_notes(session: Session, invoice_id: UUID) -> tuple[InvoiceRow, ...]:
    rows = (
        select(Invoice.id, Invoice.number, Invoice.kind, Invoice.total, Invoice.issued_at)
        .where(Invoice.credits_id == invoice_id)
        .order_by(Invoice.number)
    )
    return tuple(
        InvoiceRow(id=id_, number=number, kind=kind, total=total, issued_at=issued_at)
        for id_, number, kind, total, issued_at in session.execute(rows)
    )
