"""A provider's papers and payments of a time, for its book-keeper."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.queries.accounts import (
    AccountsPaper,
    invoiced_before,
    papers_between,
)
from marketplace.orders.rules import InvoiceKind
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.rules.accounts import Accounts, Moved, Paper, PaperLine, Payment


def accounts(session: Session, *, provider_id: UUID, from_on: date, last_on: date) -> Accounts:
    """Return a provider's papers and payments from one day to another, both counted in."""
    begins, ends = local_instant(from_on, 0, 0), local_instant(last_on + timedelta(days=1), 0, 0)
    names = {card.id: card.name for card in councils(session)}
    papers = papers_between(session, provider_id=provider_id, from_at=begins, before_at=ends)
    owed = invoiced_before(session, provider_id=provider_id, before_at=begins)
    return Accounts(
        from_on=from_on,
        last_on=last_on,
        owed_before=owed - _paid_before(session, provider_id, from_on),
        papers=tuple(_paper(paper, names.get(paper.council_id, "")) for paper in papers),
        payments=tuple(_payments(session, provider_id, from_on, last_on, names)),
    )


def _paper(paper: AccountsPaper, payer: str) -> Paper:
    sign = 1 if paper.kind is InvoiceKind.INVOICE else -1
    return Paper(
        paper.number,
        paper.kind,
        local_day(paper.issued_at),
        paper.promised_on,
        payer,
        paper.person,
        paper.order_number,
        tuple(
            PaperLine(line.text, line.quantity, line.amount * sign, line.vat * sign, line.treatment)
            for line in paper.lines
        ),
    )


def _payments(
    session: Session, provider_id: UUID, from_on: date, last_on: date, names: dict[UUID, str]
) -> Iterator[Payment]:
    rows = session.execute(
        select(
            PaymentItem.settled_on,
            PaymentItem.bounced_on,
            PaymentItem.amount,
            PaymentItem.reference,
            PaymentRun.council_id,
        )
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .where(
            PaymentItem.provider_id == provider_id,
            PaymentItem.settled_on.is_not(None),
            or_(
                PaymentItem.settled_on.between(from_on, last_on),
                PaymentItem.bounced_on.between(from_on, last_on),
            ),
        )
        .order_by(PaymentItem.settled_on, PaymentItem.reference)
    )
    for settled_on, bounced_on, amount, reference, council_id in rows:
        for on, what in ((settled_on, Moved.PAID), (bounced_on, Moved.CAME_BACK)):
            if on is not None and from_on <= on <= last_on:
                yield Payment(on, what, names.get(council_id, ""), reference, amount)


def _paid_before(session: Session, provider_id: UUID, on: date) -> Money:
    paid, came_back = (
        session.scalar(
            select(func.sum(PaymentItem.amount, type_=PaymentItem.amount.type)).where(
                PaymentItem.provider_id == provider_id,
                PaymentItem.settled_on.is_not(None),
                day < on,
            )
        )
        or ZERO
        for day in (PaymentItem.settled_on, PaymentItem.bounced_on)
    )
    return paid - came_back
