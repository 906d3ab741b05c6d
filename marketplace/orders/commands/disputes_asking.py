"""Saying that something is wrong with a visit: from then on its money stays where it is."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.councils.queries import council
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.disputes_letters import person_words
from marketplace.orders.commands.disputes_locked import (
    NOT_FOUND,
    Said,
    add_step,
    checked_file,
    live_disputes,
    needed_words,
)
from marketplace.orders.commands.invoicing import invoices_crediting
from marketplace.orders.commands.letters import About, tell_provider
from marketplace.orders.commands.locked import (
    order_of_visit,
    persons_order,
    record_deed,
    visits_of,
)
from marketplace.orders.errors import DisputeRefusedError, TooEarlyError, WrongStateError
from marketplace.orders.models import Dispute, Invoice, InvoiceLine, Order, Visit
from marketplace.orders.queries.disputed import of_live_invoice
from marketplace.orders.rules import (
    InvoiceKind,
    OrderState,
    VisitState,
    add_up,
    day_words,
    may_be_noted,
    moment_words,
)
from marketplace.orders.rules.disputes import (
    DisputeState,
    QueryKind,
    Remedy,
    Side,
    StepKind,
    answer_by,
    asked_for,
    may_query_late,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryVisit:
    """What is wrong with a visit, and what the person asks for. Sent twice is once."""

    visit_id: UUID
    words: str
    kind: QueryKind = QueryKind.OTHER
    remedy: Remedy = Remedy.NOTHING_DUE
    amount: Money | None = None
    """What is to be paid, if only a part is."""
    file_name: str = ""
    file: bytes | None = None
    query_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is in question: the money, what the provider said is to be paid, and the invoice."""

    stake: Money
    claimed: Money
    invoice_id: UUID | None = None


def query_visit(session: Session, wish: QueryVisit, *, by: Actor, at: datetime) -> UUID:
    """Say that something is wrong with a visit: its money stays where it is until that is solved.

    A visit that was planned for today or earlier can be queried before the provider notes it. One
    that confirmed itself can be queried for some days more: its invoice is not paid until then.

    Raises:
        NotFoundError: it is somebody else's order.
        NotAllowedError: the supporter may not say what was delivered.
        DisputeRefusedError: there are no words, the amount cannot be, or the file is not what it
            says.
        TooEarlyError: the visit is planned for a later day.
        WrongStateError: the visit is settled or queried already, or the order not accepted.
    """
    order = persons_order(
        session, order_of_visit(session, wish.visit_id), by, Permission.PLACE_ORDERS
    )
    earlier = session.get(Dispute, wish.query_id)
    if earlier is not None:
        if earlier.order_id != order.id:
            raise NotFoundError(NOT_FOUND)
        return earlier.id
    visit = next(visit for visit in visits_of(session, order) if visit.id == wish.visit_id)
    wish = replace(wish, words=needed_words(wish.words, "Say what is wrong."))
    if visit.id in live_disputes(session, order):
        raise WrongStateError("It was said already that something is wrong with this visit.")
    terms = _terms(session, order, visit, at=at)
    wanted = _wanted(wish, terms)
    file = checked_file(wish.file_name, wish.file)
    dispute = _begin(session, order, visit, wish, terms, wanted, by=by, at=at)
    said = Said(
        kind=StepKind.ASKED,
        side=Side.PERSON,
        step_id=uuid4(),
        words=dispute.words,
        amount=wanted,
        file=file,
    )
    add_step(session, dispute, said, by=by, at=at)
    _tell(session, order, visit, dispute, at=at)
    record_deed(
        session, order, "visit-queried", by=by, at=at, visit=visit.number, kind=wish.kind.value
    )
    return dispute.id


def _begin(  # noqa: PLR0913 - private: whose visit, what is said of it, by whom, when
    session: Session,
    order: Order,
    visit: Visit,
    wish: QueryVisit,
    terms: _Terms,
    wanted: Money | None,
    *,
    by: Actor,
    at: datetime,
) -> Dispute:
    if terms.invoice_id is None:
        visit.go_to(VisitState.QUERIED)
    visit.query = wish.words
    days = council(session, council_id=order.council_id).query_answer_days
    dispute = Dispute(
        id=wish.query_id,
        order_id=order.id,
        visit_id=visit.id,
        live_visit_id=visit.id,
        invoice_id=terms.invoice_id,
        person_id=order.person_id,
        provider_id=order.provider_id,
        council_id=order.council_id,
        kind=wish.kind,
        words=wish.words,
        remedy=wish.remedy,
        wanted=wanted,
        stake=terms.stake,
        claimed=terms.claimed,
        state=DisputeState.ASKED,
        due_on=answer_by(at, days=days),
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        asked_at=at,
        ended_by_name="",
        last_number=0,
    )
    session.add(dispute)
    session.flush()  # its steps point at it
    return dispute


def _terms(session: Session, order: Order, visit: Visit, *, at: datetime) -> _Terms:
    if visit.state is VisitState.CONFIRMED:
        return _invoiced(session, order, visit, at=at)
    if order.state is not OrderState.ACCEPTED:
        raise WrongStateError("The provider has not said yes to this order.")
    if visit.state is VisitState.PLANNED and not may_be_noted(visit.planned_at, at=at):
        raise TooEarlyError("This visit is planned for a later day.")
    claimed = visit.amount if visit.note_kind is None else visit.due or ZERO
    return _Terms(visit.amount, claimed)


def _invoiced(session: Session, order: Order, visit: Visit, *, at: datetime) -> _Terms:
    """Return what is in question of a visit that confirmed itself and was invoiced.

    Raises:
        WrongStateError: the person confirmed it, it is too late, or nothing is left of it.
    """
    days = council(session, council_id=order.council_id).query_late_days
    if not visit.settled_by_silence or visit.settled_at is None:
        raise WrongStateError(
            "You said yourself that this visit was right. Write to the provider or the council."
        )
    if not may_query_late(visit.settled_at, days=days, at=at):
        raise WrongStateError(
            f"This visit confirmed itself more than {days} days ago. Write to the provider, or to "
            "the council."
        )
    if session.scalar(select(Dispute.id).where(Dispute.visit_id == visit.id).limit(1)):
        raise WrongStateError("This was settled already.")
    line = session.execute(
        select(InvoiceLine.invoice_id, InvoiceLine.amount)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.visit_id == visit.id, Invoice.kind == InvoiceKind.INVOICE)
    ).one_or_none()
    if line is None:
        raise WrongStateError("Nothing was paid for this visit.")
    invoice_id, amount = line
    stake = min(amount, _left_of(session, invoice_id))
    if stake <= ZERO:
        raise WrongStateError("All the money for this visit was given back already.")
    return _Terms(stake, stake, invoice_id)


def _left_of(session: Session, invoice_id: UUID) -> Money:
    """Return what no credit note and no other query has taken of an invoice."""
    invoice = session.get_one(Invoice, invoice_id)
    back = add_up(note.total for note in invoices_crediting(session, invoice_id))
    others = session.scalars(select(Dispute.stake).where(of_live_invoice(invoice_id)))
    return invoice.total - back - add_up(others)


def _wanted(wish: QueryVisit, terms: _Terms) -> Money | None:
    if wish.remedy is Remedy.AGAIN and terms.invoice_id is not None:
        raise DisputeRefusedError(
            "remedy", "It is on an invoice already, so you can ask for money back, not for this."
        )
    if wish.remedy is Remedy.PART_DUE and not (
        wish.amount is not None and ZERO < wish.amount < terms.claimed
    ):
        raise DisputeRefusedError(
            "amount",
            f"Enter what is to be paid: more than nothing, and less than {terms.claimed}.",
        )
    return asked_for(wish.remedy, wish.amount)


def _tell(session: Session, order: Order, visit: Visit, dispute: Dispute, *, at: datetime) -> None:
    assert dispute.due_on is not None, "a new query waits for an answer"
    wants = dispute.remedy.label
    if dispute.remedy is Remedy.PART_DUE:
        wants = f"{wants}: {dispute.wanted} of {dispute.claimed}"
    about = About(
        template="visit_queried",
        subject="Something is wrong with a visit",
        key=f"queried/{dispute.id}",
        values={
            "person": person_words(session, order),
            "when": moment_words(visit.planned_at),
            "kind": dispute.kind.label,
            "words": dispute.words,
            "wants": wants,
            "answer_by": day_words(dispute.due_on),
            "path": f"/queries/{dispute.id}",
        },
    )
    tell_provider(session, order, about, at=at)
