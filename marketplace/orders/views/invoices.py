"""Invoices and credit notes, as a page and as a file."""

from email.utils import parseaddr
from uuid import UUID

from flask import Response, render_template

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading
from marketplace.orders import queries
from marketplace.orders.adapters.pdf import printer
from marketplace.orders.adapters.ubl import writer
from marketplace.orders.errors import NoFileError
from marketplace.orders.queries import InvoiceView
from marketplace.orders.rules import InvoiceKind
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.words import paper_words
from marketplace.web.site import settings


@orders.route("/invoices/<uuid:invoice_id>")
@requires(Permission.SIGNED_IN)
def invoice(invoice_id: UUID) -> str:
    """Show an invoice or credit note."""
    actor, found = current_actor(), _invoice(invoice_id)
    may_credit = (
        actor.organisation_id == found.provider_id
        and actor.may(Permission.KEEP_STORE)
        and found.kind is InvoiceKind.INVOICE
        and bool(found.left)
    )
    return render_template("orders/invoice.html", invoice=found, actor=actor, may_credit=may_credit)


@orders.route("/invoices/<uuid:invoice_id>.pdf")
@requires(Permission.SIGNED_IN)
def invoice_pdf(invoice_id: UUID) -> Response:
    """Send an invoice or credit note as a file for paper."""
    found = _invoice(invoice_id)
    name = f"{found.kind.value.replace('_', '-')}-{found.number}.pdf"
    paper = printer(paper_words(found), at=found.issued_at)
    answer = Response(paper, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@orders.route("/invoices/<uuid:invoice_id>.xml")
@requires(Permission.SIGNED_IN)
def invoice_ubl(invoice_id: UUID) -> Response:
    """Send an invoice or credit note as a file for accounts programs."""
    found = _invoice(invoice_id)
    if found.agreement_id is None:
        raise NoFileError(
            "There is no file for accounts programs. The seller has not agreed yet that the "
            "market makes invoices in their name."
        )
    name = f"{found.kind.value.replace('_', '-')}-{found.number}.xml"
    _, market_email = parseaddr(settings().mail_from)
    answer = Response(writer(found, market_email=market_email), mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _invoice(invoice_id: UUID) -> InvoiceView:
    with reading() as session:
        return queries.invoice_for(session, invoice_id=invoice_id, seen_by=current_actor())
