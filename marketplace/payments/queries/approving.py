"""What an officer must know before saying yes to a run."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import bank_standings
from marketplace.catalogue.rules import BankDetails
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.queries import disputed_invoices
from marketplace.payments.models import BankCall, PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.queries.holding import Standings, standings
from marketplace.payments.queries.owed import owed
from marketplace.payments.rules import ItemState, Owed


def not_good_now(session: Session, *, run_id: UUID, on: date) -> list[str]:
    """Return whom a run would pay otherwise than they should be paid now, by name."""
    council_id = session.scalar(select(PaymentRun.council_id).where(PaymentRun.id == run_id))
    assert council_id is not None, "a run that is locked"
    rows = session.execute(
        select(
            PaymentItem.provider_id,
            PaymentItem.provider_name,
            PaymentItem.sort_code,
            PaymentItem.account_number,
            PaymentItem.account_name,
        )
        .where(PaymentItem.run_id == run_id, PaymentItem.state == ItemState.PLANNED)
        .order_by(PaymentItem.position)
    ).all()
    # The check digits were looked at when it was proposed, and the numbers are still the same.
    found = standings(
        session,
        council_id=council_id,
        provider_ids={row.provider_id for row in rows},
        on=on,
        tables=None,
    )
    queried = _queried(session, run_id)
    return [
        name
        for provider_id, name, *bank in rows
        if provider_id in found.held
        or provider_id in queried
        or _bank(found, provider_id) != BankDetails(*bank)
    ]


def _queried(session: Session, run_id: UUID) -> set[UUID]:
    """Return the providers in a run with an invoice on which a visit is queried since."""
    invoices = dict(
        session.execute(
            select(PaymentInvoice.id, PaymentInvoice.provider_id)
            .join(PaymentItem, PaymentItem.id == PaymentInvoice.item_id)
            .where(
                PaymentItem.run_id == run_id,
                PaymentItem.state == ItemState.PLANNED,
                PaymentInvoice.id.in_(disputed_invoices()),
            )
        ).all()
    )
    return set(invoices.values())


def rung_by(session: Session, *, run_id: UUID, officer_id: UUID, on: date) -> list[str]:
    """Return the providers in a run whose new bank details rest on one officer's call, by name."""
    providers = select(PaymentItem.provider_id).where(
        PaymentItem.run_id == run_id, PaymentItem.state == ItemState.PLANNED
    )
    mine = session.scalars(
        select(BankCall.change_id).where(BankCall.rung_by_id == officer_id)
    ).all()
    if not mine:
        return []
    names = dict(
        session.execute(
            select(PaymentItem.provider_id, PaymentItem.provider_name).where(
                PaymentItem.run_id == run_id
            )
        ).all()
    )
    banks = bank_standings(session, session.scalars(providers).all())
    return [
        names[provider_id]
        for provider_id, standing in banks.items()
        if standing.change_id in mine and standing.is_held(on)
    ]


def held_change(session: Session, *, council_id: UUID, change_id: UUID, on: date) -> Owed:
    """Return whom a council owes money to who waits for a call about new bank details.

    Raises:
        NotFoundError: nobody waits for a call about this change.
    """
    for each in owed(session, council_id=council_id, on=on):
        if each.change_id == change_id:
            return each
    if _has_call(session, council_id, change_id):
        raise NotFoundError("Somebody has noted a call about this already.")
    raise NotFoundError


def _has_call(session: Session, council_id: UUID, change_id: UUID) -> bool:
    calls = select(func.count()).where(
        BankCall.council_id == council_id, BankCall.change_id == change_id
    )
    return bool(session.scalar(calls))


def _bank(found: Standings, provider_id: UUID) -> BankDetails | None:
    standing = found.banks.get(provider_id)
    return standing.details if standing else None
