"""What a council owes to providers, and what an officer should look at before paying it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.kernel.sort_codes import Tables
from marketplace.orders.queries import unpaid_invoices, visits_beside
from marketplace.payments.models import PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.queries.holding import Standings, standings
from marketplace.payments.rules import (
    PAST_PAYMENTS,
    Due,
    Finding,
    FindingKind,
    InvoicedVisit,
    ItemState,
    Owed,
    by_provider,
    duplicates,
    unusual,
)

_AT_ONCE = 1_000
Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Debts:
    """What a council owes, provider by provider, and where they stand."""

    owed: list[Owed]
    standings: Standings


def debts(session: Session, *, council_id: UUID, on: date, tables: Tables | None = None) -> Debts:
    """Return what a council owes and nobody has proposed to pay yet, and who can be paid now."""
    taken = select(PaymentInvoice.id)
    dues = [
        Due(
            invoice_id=row.id,
            provider_id=row.provider_id,
            provider_name=row.provider_name,
            number=row.number,
            total=row.total,
            promised_on=row.promised_on,
            confirmed_on=local_day(row.confirmed_at),
        )
        for row in unpaid_invoices(session, council_id=council_id, settled=taken)
    ]
    found = standings(
        session,
        council_id=council_id,
        provider_ids={due.provider_id for due in dues},
        on=on,
        tables=tables,
    )
    return Debts(by_provider(dues, with_bank=found.banks.keys(), held=found.held), found)


def owed(
    session: Session, *, council_id: UUID, on: date, tables: Tables | None = None
) -> list[Owed]:
    """Return what a council owes and nobody has proposed to pay yet, provider by provider."""
    return debts(session, council_id=council_id, on=on, tables=tables).owed


def findings(
    session: Session, payable: Sequence[Owed], *, council_id: UUID, known: Standings
) -> dict[UUID, list[Finding]]:
    """Return what should be looked at before a run is approved, provider by provider."""
    found: dict[UUID, list[Finding]] = {}
    past = _past_payments(session, [each.provider_id for each in payable], council_id)
    for each in payable:
        theirs = found.setdefault(each.provider_id, [])
        odd = unusual(each.total, past=past.get(each.provider_id, ()))
        if odd:
            theirs.append(odd)
        if each.provider_id in known.unverified:
            theirs.append(_UNVERIFIED)
        call = known.calls.get(each.provider_id)
        if call:
            words = f"{call.rung_by_name} rang them about the new bank details: “{call.words}”"
            theirs.append(Finding(FindingKind.RUNG, words))
    for provider_id, more in _twice(session, payable).items():
        found[provider_id] += more
    return found


_UNVERIFIED = Finding(
    FindingKind.NOT_VERIFIED, "This bank has no check digits, so the numbers could not be checked."
)


def _past_payments(
    session: Session, provider_ids: Sequence[UUID], council_id: UUID
) -> dict[UUID, list[Money]]:
    """Return the last payments to some providers, newest first."""
    place = (
        func.row_number()
        .over(
            partition_by=PaymentItem.provider_id,
            order_by=(PaymentItem.settled_on.desc(), PaymentItem.id),
        )
        .label("place")
    )
    found: dict[UUID, list[Money]] = {}
    for ids in _parts(provider_ids):
        rows = (
            select(PaymentItem.provider_id, PaymentItem.amount.label("amount"), place)
            .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
            .where(
                PaymentRun.council_id == council_id,
                PaymentItem.provider_id.in_(ids),
                PaymentItem.state == ItemState.SETTLED,
            )
            .subquery()
        )
        newest = select(rows.c.provider_id, rows.c.amount).where(rows.c.place <= PAST_PAYMENTS)
        for provider_id, amount in session.execute(newest):
            found.setdefault(provider_id, []).append(amount)
    return found


def _twice(session: Session, payable: Sequence[Owed]) -> dict[UUID, list[Finding]]:
    """Return which visits stand on two invoices; providers are looked at some at a time."""
    found: dict[UUID, list[Finding]] = {}
    for owed_to in _parts(payable):
        ids = frozenset(due.invoice_id for each in owed_to for due in each.invoices)
        found.update(duplicates(_visits(session, ids), in_run=ids))
    return found


def _visits(session: Session, invoice_ids: frozenset[UUID]) -> Iterable[InvoicedVisit]:
    for row in visits_beside(session, invoice_ids=invoice_ids):
        yield InvoicedVisit(
            invoice_id=row.invoice_id,
            number=row.number,
            provider_id=row.provider_id,
            person_id=row.person_id,
            on=local_day(row.at),
            amount=row.amount,
        )


def _parts(everything: Sequence[Each]) -> Iterable[Sequence[Each]]:
    return (everything[start : start + _AT_ONCE] for start in range(0, len(everything), _AT_ONCE))
