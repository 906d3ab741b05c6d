"""Payments for finance officers, and earnings for providers."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import total
from marketplace.kernel.paging import page_number
from marketplace.payments import commands, queries
from marketplace.payments.errors import NothingToPayError, PaidOnError
from marketplace.payments.forms import PaidForm, ProposeForm
from marketplace.payments.rules import BANK_FILE_HEAD
from marketplace.payments.views.blueprint import payments
from marketplace.web.downloads import csv_answer


@payments.route("/payments")
@requires(Permission.PAY_PROVIDERS)
def index() -> str:
    """Show what is owed, who cannot be paid yet and why, and the runs so far."""
    council_id = current_actor().works_for
    with reading() as session:
        owed = queries.owed(session, council_id=council_id)
        runs = queries.runs(
            session, council_id=council_id, page=page_number(request.args.get("page"))
        )
        how_fast = queries.how_fast(session, council_id=council_id)
    payable = [each for each in owed if not each.why_not]
    return render_template(
        "payments/index.html",
        form=ProposeForm(),
        payable=payable,
        left_out=[each for each in owed if each.why_not],
        payable_total=total(each.total for each in payable),
        runs=runs,
        how_fast=how_fast,
        today=clock.local_day(clock.now()),
    )


@payments.route("/payments/propose", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def propose() -> BaseResponse:
    """Propose a run of everything that can be paid."""
    form = ProposeForm()
    try:
        with transaction() as session:
            run_id = commands.propose_run(
                session, run_id=form.run_id.data, by=current_actor(), at=clock.now()
            )
    except NothingToPayError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("payments.index"))
    flash("The run is proposed. Another finance officer must approve it.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>")
@requires(Permission.PAY_PROVIDERS)
def run(run_id: UUID) -> str:
    """Show a run: whom it pays, for which invoices, into which accounts."""
    return _run_page(run_id, PaidForm())


@payments.route("/payments/<uuid:run_id>/approve", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def approve(run_id: UUID) -> BaseResponse:
    """Approve a run that somebody else proposed."""
    with transaction() as session:
        commands.approve_run(session, run_id, by=current_actor(), at=clock.now())
    flash("The run is approved. Download the file for the bank.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>/sent", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def sent(run_id: UUID) -> BaseResponse:
    """Send a run to the bank."""
    with transaction() as session:
        commands.mark_sent(session, run_id, by=current_actor(), at=clock.now())
    flash("The run is with the bank. When it has paid, say on which day.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>/cancel", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def cancel(run_id: UUID) -> BaseResponse:
    """Cancel a run; what it would have paid is owed again."""
    with transaction() as session:
        commands.cancel_run(session, run_id, by=current_actor(), at=clock.now())
    flash("The run is cancelled. Its invoices wait for another run.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>/paid", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def paid(run_id: UUID) -> str | BaseResponse:
    """Note on which day the bank paid a run."""
    form = PaidForm()
    if not form.validate_on_submit():
        return _run_page(run_id, form)
    try:
        with transaction() as session:
            commands.mark_paid(
                session, run_id, paid_on=form.day(), by=current_actor(), at=clock.now()
            )
    except PaidOnError as refusal:
        form.paid_on.errors = [str(refusal)]
        return _run_page(run_id, form)
    flash("The run is paid. Each provider gets a letter that says so.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>.csv")
@requires(Permission.PAY_PROVIDERS)
def bank_file(run_id: UUID) -> Response:
    """Send the file for the bank."""
    with reading() as session:
        number = queries.run_for(session, run_id=run_id, seen_by=current_actor()).number
        rows = queries.bank_file(session, run_id=run_id, seen_by=current_actor())
    return csv_answer(f"payments-{number}.csv", BANK_FILE_HEAD, rows)


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
    return render_template("payments/earnings.html", earnings=found, how_fast=how_fast)


@payments.route("/remittances/<uuid:item_id>")
@requires(Permission.SEE_EARNINGS)
def remittance(item_id: UUID) -> str:
    """Show a provider one payment and the invoices it was for, on a sheet for paper."""
    with reading() as session:
        found = queries.remittance(session, item_id=item_id, seen_by=current_actor())
    return render_template("payments/remittance.html", payment=found)


def _run_page(run_id: UUID, form: PaidForm) -> str:
    actor = current_actor()
    with reading() as session:
        found = queries.run_for(session, run_id=run_id, seen_by=actor)
    return render_template(
        "payments/run.html", run=found, form=form, may_approve=found.may_be_approved_by(actor)
    )
