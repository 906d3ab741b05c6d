"""What the ledger moved in a month, for a council's own books."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.queries import codes_of
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.clock import local_instant
from marketplace.kernel.money import ZERO
from marketplace.orders.rules import moved_for
from marketplace.payments.models import FreedInvoice, PaymentInvoice
from marketplace.payments.rules.journal import (
    Code,
    JournalLine,
    Shares,
    Side,
    for_what,
    journal,
    next_month,
    payment_in,
    pounds,
)
from marketplace.wallet import queries as ledger

AT_ONCE = 5_000
"""Payments that are asked about with one statement."""


def journal_lines(session: Session, *, month: date, seen_by: Actor) -> list[JournalLine]:
    """Return the journal of one's own council for a month, by its first day."""
    sides = [
        Side(*row)
        for row in ledger.sides_of_council(
            session,
            council_id=seen_by.works_for,
            from_at=local_instant(month, 0, 0),
            before_at=local_instant(next_month(month), 0, 0),
        )
    ]
    codes = {
        line: Code(*each) for line, each in codes_of(session, council_id=seen_by.works_for).items()
    }
    return journal(sides, codes, _shares(session, sides, codes))


def _shares(session: Session, sides: Iterable[Side], codes: Mapping[UUID, Code]) -> Shares:
    """Return what the payments among some movements were for, as their invoices were paid for."""
    payments = {side.key: item for side in sides if (item := payment_in(side.key))}
    papers = _papers(session, sorted(set(payments.values())))
    keys = [key for of_item in papers.values() for key in of_item]
    paid: dict[str, list[Side]] = defaultdict(list)
    for row in ledger.sides_of(session, keys=keys):
        side = Side(*row)
        paid[side.key].append(side)
    return {
        key: for_what((side for paper in papers[item] for side in paid[paper]), codes)
        for key, item in payments.items()
    }


def _papers(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return by payment how the ledger calls what moved for its invoices and credit notes."""
    found: dict[UUID, list[str]] = {item_id: [] for item_id in item_ids}
    for begin in range(0, len(item_ids), AT_ONCE):
        some = item_ids[begin : begin + AT_ONCE]
        for item, paper, total in (
            (PaymentInvoice.item_id, PaymentInvoice.id, PaymentInvoice.total),
            (FreedInvoice.item_id, FreedInvoice.invoice_id, FreedInvoice.total),
        ):
            for item_id, paper_id, amount in session.execute(
                select(item, paper, total).where(item.in_(some))
            ):
                found[item_id].append(moved_for(paper_id, is_credit=amount < ZERO))
    return found


def journal_rows(session: Session, *, month: date, seen_by: Actor) -> list[tuple[str, ...]]:
    """Return the same as the rows of a file."""
    lines = journal_lines(session, month=month, seen_by=seen_by)
    names = provider_names(session, provider_ids={line.owner_id for line in lines if line.owner_id})
    return [
        (
            f"{month:%Y-%m}",
            line.account,
            names.get(line.owner_id, "") if line.owner_id else "",
            line.code.funder,
            line.code.cost_code,
            line.happened,
            pounds(line.moved_out),
            pounds(line.moved_in),
        )
        for line in lines
    ]
