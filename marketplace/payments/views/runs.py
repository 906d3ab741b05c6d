"""Payment runs for finance officers: what is owed, and each run from proposal to payment."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock, sort_codes
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import total
from marketplace.kernel.paging import page_number
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    BankDetailsChangedError,
    FileRefusedError,
    NoBankAccountError,
    NothingToPayError,
    PaidOnError,
)
from marketplace.payments.forms import PaidForm, ProposeForm, SendForm
from marketplace.payments.rules import BANK_FILE_HEAD, UNUSUAL_WORDS
from marketplace.payments.views.blueprint import payments
from marketplace.web.downloads import csv_answer
from marketplace.web.site import settings

_PIECE = 64 * 1024


@payments.route("/payments")
@requires(Permission.PAY_PROVIDERS)
def index() -> str:
    """Show what is owed, who cannot be paid yet and why, and the runs so far."""
    council_id, today = current_actor().works_for, clock.local_day(clock.now())
    with reading() as session:
        owed = queries.owed(session, council_id=council_id, on=today, tables=sort_codes.installed())
        runs = queries.runs(
            session, council_id=council_id, page=page_number(request.args.get("page"))
        )
        how_fast = queries.how_fast(session, council_id=council_id)
        disputes = queries.disputes(session, council_id=council_id)
        usual_file = queries.usual_file(session, council_id=council_id)
        by_stripe = queries.pays_by_transfer(session, council_id=council_id)
    payable = [each for each in owed if not each.why_not]
    return render_template(
        "payments/index.html",
        form=ProposeForm(),
        payable=payable,
        left_out=[each for each in owed if each.why_not],
        payable_total=total(each.total for each in payable),
        runs=runs,
        officer=current_actor(),
        usual_file=None if by_stripe else usual_file,
        how_fast=how_fast,
        disputes_waiting=sum(row.waits for row in disputes),
        today=today,
    )


@payments.route("/payments/propose", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def propose() -> BaseResponse:
    """Propose a run of everything that can be paid."""
    form = ProposeForm()
    try:
        with transaction() as session:
            run_id = commands.propose_run(
                session,
                run_id=form.run_id.data,
                by=current_actor(),
                at=clock.now(),
                tables=sort_codes.installed(),
            )
    except NothingToPayError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("payments.index"))
    flash("The run is proposed. Another finance officer must approve it.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>")
@requires(Permission.PAY_PROVIDERS)
def run(run_id: UUID) -> str | Response:
    """Show a run: whom it pays, for which invoices, into which accounts."""
    page = _run_page(run_id)
    if not request.args.get("take"):
        return page
    # The file comes by itself, and the page stays: one tap sends the run and brings its file.
    answer = Response(page)
    answer.headers["Refresh"] = f"0; url={url_for('payments.file', run_id=run_id)}"
    return answer


@payments.route("/payments/<uuid:run_id>/approve", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def approve(run_id: UUID) -> BaseResponse:
    """Approve a run that somebody else proposed."""
    try:
        with transaction() as session:
            news = commands.approve_run(session, run_id, by=current_actor(), at=clock.now())
    except BankDetailsChangedError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("payments.run", run_id=run_id))
    if news:
        flash("The run is approved. Now it can be sent to the bank.")
    else:
        flash(
            "You approved this run already. Your second yes does not count as another officer’s.",
            "warning",
        )
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>/sent", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def sent(run_id: UUID) -> str | BaseResponse:
    """Send a run to the bank, and bring the file for it."""
    form = SendForm()
    if not form.validate_on_submit():
        return _run_page(run_id, send=form)
    try:
        with transaction() as session:
            commands.mark_sent(
                session, run_id, file_format=form.chosen(), by=current_actor(), at=clock.now()
            )
    except (FileRefusedError, NoBankAccountError, BankDetailsChangedError) as refusal:
        form.file_format.errors = [str(refusal)]
        return _run_page(run_id, send=form)
    flash("The run is sent. Here is the file: give it to the bank now.")
    return redirect(url_for("payments.run", run_id=run_id, take=1))


@payments.route("/payments/<uuid:run_id>/file")
@requires(Permission.PAY_PROVIDERS)
def file(run_id: UUID) -> BaseResponse:
    """Give the file of a run as it was sent: the same bytes each time."""
    kept = TemporaryFile()  # noqa: SIM115 - closed when the last piece of it has gone out
    try:
        with reading(of_one_instant=True) as session:
            name = queries.put_file(session, kept, run_id=run_id, seen_by=current_actor())
    except DomainError:
        kept.close()
        raise
    kind = "application/xml" if name.endswith(".xml") else "text/plain"
    answer = Response(_pieces(kept), mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        kept.seek(0)
        while piece := kept.read(_PIECE):
            yield piece


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
        return _run_page(run_id, paid=form)
    try:
        with transaction() as session:
            commands.mark_paid(
                session, run_id, paid_on=form.day(), by=current_actor(), at=clock.now()
            )
    except PaidOnError as refusal:
        form.paid_on.errors = [str(refusal)]
        return _run_page(run_id, paid=form)
    flash("The run is paid. Each provider gets a letter that says so.")
    return redirect(url_for("payments.run", run_id=run_id))


@payments.route("/payments/<uuid:run_id>.csv")
@requires(Permission.PAY_PROVIDERS)
def bank_file(run_id: UUID) -> Response:
    """Send a plain list of the payments, for the council's own books."""
    with reading() as session:
        number = queries.run_for(session, run_id=run_id, seen_by=current_actor(), page=1).number
        rows = queries.bank_file(session, run_id=run_id, seen_by=current_actor())
    return csv_answer(f"payments-{number}.csv", BANK_FILE_HEAD, rows)


def _run_page(run_id: UUID, *, paid: PaidForm | None = None, send: SendForm | None = None) -> str:
    actor, page = current_actor(), page_number(request.args.get("page"))
    with reading() as session:
        found = queries.run_for(session, run_id=run_id, seen_by=actor, page=page)
        by_stripe = queries.pays_by_transfer(session, council_id=actor.works_for)
        sendings = queries.sendings_of(session, run_id=run_id)
    return render_template(
        "payments/run.html",
        run=found,
        page=page,
        paid=paid or PaidForm(),
        send=send or SendForm(),
        sendings=sendings,
        by_stripe=by_stripe and settings().takes_cards,
        may_approve=found.may_be_approved_by(actor),
        may_send=found.may_be_sent_by(actor),
        checks_digits=sort_codes.installed() is not None,
        unusual_words=UNUSUAL_WORDS,
    )
