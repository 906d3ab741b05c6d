"""What a council owes to providers."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import bank_details
from marketplace.kernel.clock import local_day
from marketplace.orders.queries import unpaid_invoices
from marketplace.payments.models import PaymentInvoice
from marketplace.payments.rules import Due, Owed, by_provider


def owed(session: Session, *, council_id: UUID) -> list[Owed]:
    """Return what a council owes and nobody has proposed to pay yet, provider by provider."""
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
    banks = bank_details(session, {due.provider_id for due in dues})
    return by_provider(dues, with_bank=frozenset(banks))
