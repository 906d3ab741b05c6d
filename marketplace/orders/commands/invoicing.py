"""Invoices and credit notes: numbered without gaps, in the provider's name, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.budgets.rules import in_proportion
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.locked import lines_of
from marketplace.orders.models import Invoice, InvoiceCounter, InvoiceLine, Order, OrderLine, Visit
from marketplace.orders.queries.billing import billing_of
from marketplace.orders.rules import (
    InvoiceKind,
    NoteKind,
    Treatment,
    add_up,
    day_words,
    line_words,
    moment_words,
    promised_on,
    vat_of_lines,
)


def issue_invoice(
    session: Session, order: Order, visits: Sequence[Visit], *, invoice_id: UUID, at: datetime
) -> None:
    """Write the invoice for confirmed visits; those for which nothing is due are not on it."""
    billing = billing_of(session, provider_ids=[order.provider_id], on=local_day(at))
    made_for = billing[order.provider_id]
    lines = lines_of(session, order)
    owed = [(visit, visit.due) for visit in visits if visit.due]
    invoice = _invoice(session, order, add_up(due for _, due in owed), at=at)
    invoice.id, invoice.seller = invoice_id, made_for.words()
    invoice.agreement_id = made_for.agreement_id
    session.add(invoice)
    session.flush()  # its lines point at it
    treatments = [made_for.treatment(lines[visit.line_id].category) for visit, _ in owed]
    vats = vat_of_lines(zip((due for _, due in owed), treatments, strict=True))
    session.add_all(
        InvoiceLine(
            invoice_id=invoice.id,
            position=position,
            visit_id=visit.id,
            text=_text(visit, lines[visit.line_id]),
            quantity=lines[visit.line_id].quantity,
            unit=lines[visit.line_id].unit,
            amount=due,
            vat=vat,
            vat_kind=treatment.kind,
            vat_rate=treatment.rate,
        )
        for position, ((visit, due), treatment, vat) in enumerate(
            zip(owed, treatments, vats, strict=True), start=1
        )
    )
    session.flush()


def issue_credit_note(  # noqa: PLR0913 - what is credited, by how much, why, as which paper
    session: Session,
    order: Order,
    invoice: Invoice,
    *,
    credit_id: UUID,
    amount: Money,
    reason: str,
    at: datetime,
) -> None:
    """Write a note that takes back some of an invoice, with the VAT that is in it.

    It is made as the invoice was: in the same name, with the same number for VAT. What is VAT at
    which rate is taken back in the shares that are left.
    """
    paid, back = _amounts(session, Invoice.id == invoice.id), _credited(session, invoice)
    left = {each: money - back.get(each, ZERO) for each, money in paid.items()}
    shares = zip(left, in_proportion(amount, list(left.values())), strict=True)
    parts = [(share, treatment) for treatment, share in shares if share]
    note = _invoice(session, order, amount, at=at)
    note.seller, note.agreement_id = dict(invoice.seller), invoice.agreement_id
    note.id, note.kind, note.credits_id, note.reason = (
        credit_id,
        InvoiceKind.CREDIT_NOTE,
        invoice.id,
        reason,
    )
    session.add(note)
    session.flush()  # its line points at it
    session.add_all(
        InvoiceLine(
            invoice_id=note.id,
            position=position,
            visit_id=None,
            text=f"Credit for invoice {invoice.number}: {reason}",
            quantity=1,
            amount=share,
            vat=vat,
            vat_kind=treatment.kind,
            vat_rate=treatment.rate,
        )
        for position, ((share, treatment), vat) in enumerate(
            zip(parts, vat_of_lines(parts, back), strict=True), start=1
        )
    )
    session.flush()


def _credited(session: Session, invoice: Invoice) -> dict[Treatment, Money]:
    """Return what was taken back of an invoice already, by how it stands to VAT."""
    return _amounts(session, Invoice.credits_id == invoice.id)


def _amounts(session: Session, chosen: ColumnElement[bool]) -> dict[Treatment, Money]:
    rows = (
        select(
            InvoiceLine.vat_kind,
            InvoiceLine.vat_rate,
            func.sum(InvoiceLine.amount, type_=InvoiceLine.amount.type),
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(chosen)
        .group_by(InvoiceLine.vat_kind, InvoiceLine.vat_rate)
        .order_by(InvoiceLine.vat_kind, InvoiceLine.vat_rate)
    )
    return {Treatment(kind, rate): money for kind, rate, money in session.execute(rows)}


def _invoice(session: Session, order: Order, amount: Money, *, at: datetime) -> Invoice:
    return Invoice(
        id=uuid4(),
        provider_id=order.provider_id,
        number=_next_number(session, order.provider_id),
        kind=InvoiceKind.INVOICE,
        order_id=order.id,
        person_id=order.person_id,
        council_id=order.council_id,
        total=amount,
        issued_at=at,
        promised_on=promised_on(at),
        credits_id=None,
        seller={},
        buyer=_buyer(session, order),
        reason="",
    )


def _next_number(session: Session, provider_id: UUID) -> int:
    insert_once(session, InvoiceCounter, {"id": provider_id, "last": 0})
    # The counter's row is locked until the invoice stands: a number that is not used is not taken.
    counter = session.get_one(
        InvoiceCounter, provider_id, with_for_update=True, populate_existing=True
    )
    counter.last += 1
    session.flush()
    return counter.last


def _text(visit: Visit, line: OrderLine) -> str:
    what = line_words(line.title, line.unit, line.quantity)
    words = f"{what}, {_when(visit)}"
    if visit.note_kind in {None, NoteKind.FULL}:
        return words
    assert visit.note_kind is not None
    return f"{words}. {visit.note_kind.label}"


def _when(visit: Visit) -> str:
    if visit.planned_at is None and visit.noted_at is not None:
        return f"by {day_words(local_day(visit.noted_at))}"
    return moment_words(visit.planned_at)


def _buyer(session: Session, order: Order) -> dict[str, str]:
    names = names_of(session, user_ids=[order.person_id])
    paying = council(session, council_id=order.council_id)
    return {"name": names.get(order.person_id, ""), "council": paying.name}


def invoices_crediting(session: Session, invoice_id: UUID) -> list[Invoice]:
    """Return the credit notes of an invoice, oldest first."""
    rows = select(Invoice).where(Invoice.credits_id == invoice_id).order_by(Invoice.number)
    return list(session.scalars(rows))
