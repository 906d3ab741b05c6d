"""Whether the bank and the books say the same; and the journal of a month."""

from flask import Response, render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number
from marketplace.payments import queries
from marketplace.payments.rules import journal as rules
from marketplace.payments.views.blueprint import payments
from marketplace.web.downloads import csv_answer

MONTHS_OFFERED = 12


@payments.route("/payments/reconciliation")
@requires(Permission.PAY_PROVIDERS)
def reconciliation() -> str:
    """Show the bank beside the books, what waits for a human, and what the bank has not paid."""
    council_id, today = current_actor().works_for, clock.local_day(clock.now())
    with reading(of_one_instant=True) as session:
        compared = queries.compared(session, council_id=council_id)
        waiting = queries.waiting(session, council_id=council_id, today=today)
        outs = queries.open_out_lines(
            session, council_id=council_id, page=page_number(request.args.get("page"))
        )
        ins = queries.open_lines(session, council_id=council_id)
        with_bank = queries.with_bank(session, council_id=council_id, today=today)
        paid = queries.paid_by_both(session, council_id=council_id)
    return render_template(
        "payments/reconciliation.html",
        compared=compared,
        waiting=waiting,
        outs=outs,
        ins=ins,
        with_bank=with_bank,
        paid=paid,
        today=today,
        months=[today.replace(day=1), *rules.months_before(today, MONTHS_OFFERED)],
    )


@payments.route("/payments/journal.csv")
@requires(Permission.PAY_PROVIDERS)
def journal() -> Response:
    """Send the journal of a month for the council's own books."""
    today = clock.local_day(clock.now())
    month = rules.month_of(request.args.get("month", ""), today=today)
    with reading() as session:
        rows = queries.journal_rows(session, month=month, seen_by=current_actor())
    return csv_answer(f"journal-{month:%Y-%m}.csv", rules.HEAD, rows)
