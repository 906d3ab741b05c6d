"""Invoices and credit notes: numbered without gaps, in the provider's name, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.catalogue.queries import provider_name, stores
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.locked import lines_of
from marketplace.orders.models import Invoice, InvoiceCounter, InvoiceLine, Order, OrderLine, Visit
from marketplace.orders.rules import (
    InvoiceKind,
    NoteKind,
    add_up,
    day_words,
    line_words,
    moment_words,
    promised_on,
)


def issue_invoice(
    session: Session, order: Order, visits: Sequence[Visit], *, invoice_id: UUID, at: datetime
) -> None:
    """Write the invoice for confirmed visits; those for which nothing is due are not on it."""
    lines = lines_of(session, order)
    owed = [(visit, visit.due) for visit in visits if visit.due]
    invoice = _invoice(session, order, add_up(due for _, due in owed), at=at)
    invoice.id = invoice_id
    session.add(invoice)
    session.flush()  # its lines point at it
    session.add_all(
        InvoiceLine(
            invoice_id=invoice.id,
            position=position,
            visit_id=visit.id,
            text=_text(visit, lines[visit.line_id]),
            quantity=lines[visit.line_id].quantity,
            amount=due,
        )
        for position, (visit, due) in enumerate(owed, start=1)
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
    """Write a note that takes back some of an invoice."""
    note = _invoice(session, order, amount, at=at)
    note.id, note.kind, note.credits_id, note.reason = (
        credit_id,
        InvoiceKind.CREDIT_NOTE,
        invoice.id,
        reason,
    )
    session.add(note)
    session.flush()  # its line points at it
    session.add(
        InvoiceLine(
            invoice_id=note.id,
            position=1,
            visit_id=None,
            text=f"Credit for invoice {invoice.number}: {reason}",
            quantity=1,
            amount=amount,
        )
    )
    session.flush()


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
        seller=_seller(session, order),
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


def _seller(session: Session, order: Order) -> dict[str, str]:
    store = stores(session, provider_ids=[order.provider_id]).get(order.provider_id)
    if store is None:
        return {"name": provider_name(session, provider_id=order.provider_id)}
    return {
        "name": store.name,
        "district": store.district,
        "email": store.email,
        "phone": store.phone,
    }


def _buyer(session: Session, order: Order) -> dict[str, str]:
    names = names_of(session, user_ids=[order.person_id])
    paying = council(session, council_id=order.council_id)
    return {"name": names.get(order.person_id, ""), "council": paying.name}


def invoices_crediting(session: Session, invoice_id: UUID) -> list[Invoice]:
    """Return the credit notes of an invoice, oldest first."""
    rows = select(Invoice).where(Invoice.credits_id == invoice_id).order_by(Invoice.number)
    return list(session.scalars(rows))
