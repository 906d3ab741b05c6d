"""What this room keeps about somebody: money they paid in, and what their own store was paid."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import stores_of
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.payments.models import (
    BankStatementLine,
    CardDispute,
    CardRefund,
    ConnectAccount,
    FamilyLink,
    PaymentInvoice,
    PaymentItem,
    PayReference,
    Regular,
    TopUp,
)


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return what somebody paid in, the payments to the stores they own, and their invoices."""
    own = stores_of(session, user_id=user_id)
    items = (
        select(*columns_of(PaymentItem, without=["findings", "taken_out_by_name"]))
        .where(PaymentItem.provider_id.in_(own), PaymentItem.settled_on.is_not(None))
        .order_by(PaymentItem.settled_on, PaymentItem.id)
    )
    invoices = (
        select(*columns_of(PaymentInvoice))
        .where(PaymentInvoice.provider_id.in_(own), PaymentInvoice.paid_on.is_not(None))
        .order_by(PaymentInvoice.paid_on, PaymentInvoice.id)
    )
    through_stripe = select(*columns_of(ConnectAccount, without=["began_by_id"])).where(
        ConnectAccount.id.in_(own)
    )
    return {
        **_paid_in(session, user_id),
        "your-store-with-stripe": rows_of(session, through_stripe),
        "payments-to-your-store": rows_of(session, items),
        "invoices-paid-to-your-store": rows_of(session, invoices),
    }


def _paid_in(session: Session, user_id: UUID) -> dict[str, Kept]:
    links = select(*columns_of(FamilyLink, without=["token_hash"])).where(
        FamilyLink.person_id == user_id
    )
    by_card = select(*columns_of(TopUp, without=["session_id", "page_url"])).where(
        TopUp.person_id == user_id
    )
    own = select(TopUp.id).where(TopUp.person_id == user_id)
    given_back = select(*columns_of(CardRefund, without=["tried_at"])).where(
        CardRefund.top_up_id.in_(own)
    )
    wanted_back = select(*columns_of(CardDispute)).where(CardDispute.top_up_id.in_(own))
    regular = select(
        *columns_of(Regular, without=["customer", "method", "session_id", "page_url"])
    ).where(Regular.person_id == user_id)
    references = select(*columns_of(PayReference)).where(PayReference.person_id == user_id)
    by_bank = select(*columns_of(BankStatementLine, without=["account", "done_by_id"])).where(
        BankStatementLine.person_id == user_id
    )
    return {
        "links-for-your-family": rows_of(session, links.order_by(FamilyLink.made_at)),
        "paid-in-by-card": rows_of(session, by_card.order_by(TopUp.asked_at, TopUp.id)),
        "given-back-to-cards": rows_of(
            session, given_back.order_by(CardRefund.asked_at, CardRefund.id)
        ),
        "wanted-back-by-banks": rows_of(
            session, wanted_back.order_by(CardDispute.opened_at, CardDispute.id)
        ),
        "paid-in-regularly": rows_of(session, regular.order_by(Regular.asked_at, Regular.id)),
        "references-for-your-bank": rows_of(session, references.order_by(PayReference.made_at)),
        "paid-in-by-bank": rows_of(
            session, by_bank.order_by(BankStatementLine.booked_on, BankStatementLine.id)
        ),
    }
