"""Invoices and credit notes: numbered without gaps, in the provider's name, never changed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.budgets.rules import in_proportion
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.ids import ids_in_a_row
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.delivered import DeliveredOrder, DeliveredVisit
from marketplace.orders.models import Invoice, InvoiceCounter, InvoiceLine, Order
from marketplace.orders.queries.billing import Billing, billing_of
from marketplace.orders.rules import (
    InvoiceKind,
    NoteKind,
    Treatment,
    day_words,
    line_words,
    promised_on,
    vat_of_lines,
    when_words,
)

_invoices, _invoice_lines, _counters = (
    Invoice.__table__,
    InvoiceLine.__table__,
    InvoiceCounter.__table__,
)
assert isinstance(_invoices, Table)
assert isinstance(_invoice_lines, Table)
assert isinstance(_counters, Table)

_NEW_INVOICES = insert(_invoices)
_NEW_LINES = insert(_invoice_lines)
_LOCK_COUNTERS = (
    select(_counters.c.id, _counters.c.last)
    .where(_counters.c.id.in_(bindparam("providers", expanding=True)))
    .order_by(_counters.c.id)
    .with_for_update()
)
_COUNT = (
    update(_counters).where(_counters.c.id == bindparam("provider")).values(last=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice to be written: its id, its order, and the visits that were confirmed."""

    invoice_id: UUID
    order: DeliveredOrder
    visits: Sequence[DeliveredVisit]
    total: Money


def issue_invoices(session: Session, papers: Sequence[Paper], *, at: datetime) -> None:
    """Write the invoices of confirmed visits; those for which nothing is due are not on them."""
    if not papers:
        return
    providers = [paper.order.provider_id for paper in papers]
    billing = billing_of(session, provider_ids=providers, on=local_day(at))
    numbers = _next_numbers(session, providers)
    buyers = _buyers(session, [(each.order.person_id, each.order.council_id) for each in papers])
    invoices: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    new_ids, promised = ids_in_a_row(), promised_on(at)
    for paper, number in zip(papers, numbers, strict=True):
        order, made_for = paper.order, billing[paper.order.provider_id]
        owed = [visit for visit in paper.visits if visit.owed]
        invoices.append(
            {
                "id": paper.invoice_id,
                "provider_id": order.provider_id,
                "number": number,
                "kind": InvoiceKind.INVOICE,
                "order_id": order.id,
                "person_id": order.person_id,
                "council_id": order.council_id,
                "total_pence": paper.total,
                "issued_at": at,
                "promised_on": promised,
                "seller": made_for.words(),
                "buyer": buyers[order.person_id, order.council_id],
                "reason": "",
                "agreement_id": made_for.agreement_id,
            }
        )
        lines.extend(_lines(paper.invoice_id, owed, made_for, new_ids))
    session.execute(_NEW_INVOICES, invoices)
    session.execute(_NEW_LINES, lines)


def _lines(
    invoice_id: UUID, owed: Sequence[DeliveredVisit], made_for: Billing, new_ids: Iterator[UUID]
) -> Iterator[dict[str, object]]:
    treatments = [made_for.treatment(visit.category) for visit in owed]
    vats = vat_of_lines(zip((visit.owed for visit in owed), treatments, strict=True))
    for position, (visit, treatment, vat) in enumerate(
        zip(owed, treatments, vats, strict=True), start=1
    ):
        yield {
            "id": next(new_ids),
            "invoice_id": invoice_id,
            "position": position,
            "visit_id": visit.id,
            "text": _text(visit),
            "quantity": visit.quantity,
            "unit": visit.unit,
            "amount_pence": visit.owed,
            "vat_pence": vat,
            "vat_kind": treatment.kind,
            "vat_rate": treatment.rate,
        }


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
    whose = (order.person_id, order.council_id)
    return Invoice(
        id=uuid4(),
        provider_id=order.provider_id,
        number=_next_numbers(session, [order.provider_id])[0],
        kind=InvoiceKind.INVOICE,
        order_id=order.id,
        person_id=order.person_id,
        council_id=order.council_id,
        total=amount,
        issued_at=at,
        promised_on=promised_on(at),
        credits_id=None,
        seller={},
        buyer=_buyers(session, [whose])[whose],
        reason="",
    )


def _next_numbers(session: Session, provider_ids: Sequence[UUID]) -> list[int]:
    """Return the next number for each of some invoices, whose providers are named in turn.

    The counters' rows are locked until the invoices stand: a number that is not used is not taken.
    """
    wanted = {"providers": sorted(set(provider_ids))}
    last: dict[UUID, int] = dict(session.execute(_LOCK_COUNTERS, wanted).all())
    missing = [provider_id for provider_id in wanted["providers"] if provider_id not in last]
    for provider_id in missing:
        insert_once(session, InvoiceCounter, {"id": provider_id, "last": 0})
    if missing:
        last = dict(session.execute(_LOCK_COUNTERS, wanted).all())
    numbers = []
    for provider_id in provider_ids:
        last[provider_id] += 1
        numbers.append(last[provider_id])
    session.connection().execute(
        _COUNT, [{"provider": provider_id, "now": number} for provider_id, number in last.items()]
    )
    return numbers


def _text(visit: DeliveredVisit) -> str:
    what = line_words(visit.title, visit.unit, visit.quantity, visit.choice)
    words = f"{what}, {_when(visit)}"
    if visit.note_kind in {None, NoteKind.FULL}:
        part = visit.due is not None and visit.due < visit.amount
        return f"{words}. A part of the price, as it was settled" if part else words
    assert visit.note_kind is not None
    return f"{words}. {visit.note_kind.label}"


def _when(visit: DeliveredVisit) -> str:
    if visit.planned_at is None and visit.noted_at is not None:
        return f"by {day_words(local_day(visit.noted_at))}"
    return when_words(visit.planned_at, visit.unit)


def _buyers(
    session: Session, paying: Collection[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], dict[str, str]]:
    """Return what invoices keep of some people and the councils that pay for them."""
    names = names_of(session, user_ids=[person_id for person_id, _ in paying])
    councils = {
        council_id: council(session, council_id=council_id).name
        for council_id in {council_id for _, council_id in paying}
    }
    return {
        (person_id, council_id): {
            "name": names.get(person_id, ""),
            "council": councils[council_id],
        }
        for person_id, council_id in paying
    }


def invoices_crediting(session: Session, invoice_id: UUID) -> list[Invoice]:
    """Return the credit notes of an invoice, oldest first."""
    rows = select(Invoice).where(Invoice.credits_id == invoice_id).order_by(Invoice.number)
    return list(session.scalars(rows))
