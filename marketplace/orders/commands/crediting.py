"""Taking back some of an invoice: the invoice stays as it is, a credit note stands beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.budgets import commands as budgets
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.invoicing import invoices_crediting, issue_credit_note
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.locked import any_order, record_deed
from marketplace.orders.errors import BadLineError, CreditTooMuchError, WrongStateError
from marketplace.orders.models import Dispute, Invoice, Order
from marketplace.orders.queries.disputed import of_live_invoice
from marketplace.orders.rules import WORDS_LENGTH_MAX, InvoiceKind, add_up, moved_for

NOT_FOUND = "We cannot find that invoice."


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A wish to give some of an invoice back. Brings the credit note's id: sent twice is once."""

    credit_id: UUID
    invoice_id: UUID
    amount: Money
    reason: str


def credit(session: Session, wish: Credit, *, by: Actor, at: datetime) -> UUID:
    """Give some of an invoice back to the lines that paid it, and return the credit note.

    Raises:
        NotFoundError: it is another provider's invoice.
        NotAllowedError: only an owner or manager gives money back.
        BadLineError: there is no reason, or no amount.
        CreditTooMuchError: more than is left of the invoice.
        WrongStateError: a visit on it is queried, and that is not settled yet.
    """
    invoice = session.get(Invoice, wish.invoice_id)
    if invoice is None or invoice.provider_id != by.organisation_id:
        raise NotFoundError(NOT_FOUND)
    if not by.may(Permission.KEEP_STORE):
        raise NotAllowedError("Only the owner or a manager can give money back.")
    order = any_order(session, invoice.order_id)
    earlier = invoices_crediting(session, invoice.id)
    if any(note.id == wish.credit_id for note in earlier):
        return wish.credit_id
    if invoice.kind is not InvoiceKind.INVOICE or session.get(Invoice, wish.credit_id) is not None:
        raise NotFoundError(NOT_FOUND)
    reason = wish.reason.strip()[:WORDS_LENGTH_MAX]
    if not reason:
        raise BadLineError("Say why you give this back.")
    if wish.amount <= ZERO:
        raise BadLineError("Enter an amount of more than nothing, like 12.50.")
    left = invoice.total - add_up(note.total for note in earlier)
    if wish.amount > left:
        raise CreditTooMuchError(
            f"There is {left} left of this invoice. You cannot give back more."
        )
    _not_queried(session, invoice)
    give_back_of_invoice(session, order, invoice, replace(wish, reason=reason), at=at)
    about = About(
        template="credited",
        subject=f"{order.provider_name} gives you {wish.amount} back",
        key=f"credit/{wish.credit_id}",
        values={"amount": str(wish.amount), "reason": reason},
    )
    tell_person(session, order, about, at=at)
    record_deed(session, order, "invoice-credited", by=by, at=at, pence=wish.amount.pence)
    return wish.credit_id


def _not_queried(session: Session, invoice: Invoice) -> None:
    if session.scalar(select(Dispute.id).where(of_live_invoice(invoice.id)).limit(1)):
        raise WrongStateError(
            "Somebody says that something is wrong with a visit on this invoice. Answer that "
            "instead: what you agree on is given back by itself."
        )


def give_back_of_invoice(
    session: Session, order: Order, invoice: Invoice, wish: Credit, *, at: datetime
) -> None:
    """Give some of an invoice of a locked order back to the lines that paid it, with a credit note.

    What the provider was paid for it already comes off what they are paid next.
    """
    budgets.refund(
        session,
        order_id=order.id,
        key=moved_for(wish.credit_id, is_credit=True),
        amount=wish.amount,
        provider_id=order.provider_id,
        at=at,
    )
    issue_credit_note(
        session,
        order,
        invoice,
        credit_id=wish.credit_id,
        amount=wish.amount,
        reason=wish.reason,
        at=at,
    )
