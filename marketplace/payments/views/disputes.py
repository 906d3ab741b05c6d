"""What banks of cards want back, for finance officers: what waits, until when, what is short."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.views.blueprint import payments
from marketplace.web.site import settings


@payments.route("/payments/card-disputes")
@requires(Permission.PAY_PROVIDERS)
def card_disputes() -> str:
    """Show which card payments banks want back, the nearest deadline first."""
    with reading() as session:
        rows = queries.disputes(session, council_id=current_actor().works_for)
    return render_template(
        "payments/card_disputes.html",
        waiting=[row for row in rows if row.waits],
        done=[row for row in rows if not row.waits],
        takes_cards=settings().takes_cards,
    )


@payments.route("/payments/card-disputes/<uuid:row_id>/settled", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def settle_dispute(row_id: UUID) -> BaseResponse:
    """Note that what was short is dealt with."""
    with transaction() as session:
        commands.settle_dispute(session, row_id=row_id, by=current_actor(), at=clock.now())
    flash("It is noted as dealt with.")
    return redirect(url_for("payments.card_disputes"))
