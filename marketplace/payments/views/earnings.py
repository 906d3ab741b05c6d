"""What a provider has earned, and what was paid."""

from uuid import UUID

from flask import render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets.queries import kept_by
from marketplace.database import reading
from marketplace.kernel.paging import page_number
from marketplace.payments import queries
from marketplace.payments.views.blueprint import payments
from marketplace.web.site import settings


@payments.route("/earnings")
@requires(Permission.SEE_EARNINGS)
def earnings() -> str:
    """Show a provider what is coming and what was paid, promised day beside paid day."""
    provider_id = current_actor().works_for
    with reading() as session:
        found = queries.earnings(
            session, provider_id=provider_id, page=page_number(request.args.get("page"))
        )
        how_fast = queries.how_fast(session)
        through_stripe = queries.some_pay_by_transfer(session)
        keeps = kept_by(session, provider_id=provider_id)
    return render_template(
        "payments/earnings.html",
        earnings=found,
        how_fast=how_fast,
        keeps=keeps,
        through_stripe=through_stripe and settings().takes_cards,
    )


@payments.route("/remittances/<uuid:item_id>")
@requires(Permission.SEE_EARNINGS)
def remittance(item_id: UUID) -> str:
    """Show a provider one payment and the invoices it was for, on a sheet for paper."""
    with reading() as session:
        found = queries.remittance(session, item_id=item_id, seen_by=current_actor())
    return render_template("payments/remittance.html", payment=found)
