"""Lines of the bank about our own payments: which payment it is, or that it is not ours."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    NoSuchPaymentError,
    NotFreeError,
    PaidOnError,
    ReasonMissingError,
    WrongItemStateError,
)
from marketplace.payments.forms import NotOursForm, UndoForm, WhichPaymentForm
from marketplace.payments.rules import LineState
from marketplace.payments.views.blueprint import payments


def settle_now(statement_id: UUID, at: datetime, limit: int) -> int:
    """Let the ledger know what a statement says of our own payments; tell how many are answered."""
    with reading() as session:
        line_ids = queries.out_lines_to_post(session, limit=limit, statement_id=statement_id)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_out_line(session, line_id=line_id, at=at)
    return done


def marked(line_id: UUID, form: NotOursForm, mark: Callable[..., None]) -> bool:
    """Mark a line as not ours with the reason that was typed; tell whether that was good enough."""
    reason, by, at = form.reason.data or "", current_actor(), clock.now()
    try:
        with transaction() as session:
            mark(session, line_id=line_id, reason=reason, by=by, at=at)
    except ReasonMissingError as refusal:
        form.reason.errors = [str(refusal)]
        return False
    flash("It is marked. It stays in the statement, with the reason.")
    return True


@payments.route("/payments/out-lines/<uuid:line_id>", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def out_line(line_id: UUID) -> str | BaseResponse:
    """Show a line about money that went out, and say which payment it is."""
    form = WhichPaymentForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.match_out_line(
                    session,
                    line_id=line_id,
                    typed=form.typed.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except (NoSuchPaymentError, WrongItemStateError, PaidOnError) as refusal:
            form.typed.errors = [str(refusal)]
        else:
            flash("It is in the books now.")
            return redirect(url_for("payments.reconciliation"))
    return _page(line_id, form, NotOursForm(), UndoForm())


@payments.route("/payments/out-lines/<uuid:line_id>/not-ours", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def out_not_ours(line_id: UUID) -> str | BaseResponse:
    """Say that a line is about no payment of the market."""
    form = NotOursForm()
    if not marked(line_id, form, commands.mark_out_not_ours):
        return _page(line_id, WhichPaymentForm(formdata=None), form, UndoForm(formdata=None))
    return redirect(url_for("payments.reconciliation"))


@payments.route("/payments/out-lines/<uuid:line_id>/undo", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def undo_out(line_id: UUID) -> str | BaseResponse:
    """Take back which payment a line is."""
    form = UndoForm()
    try:
        with transaction() as session:
            commands.undo_out_line(
                session,
                line_id=line_id,
                reason=form.reason.data or "",
                by=current_actor(),
                at=clock.now(),
            )
    except (ReasonMissingError, WrongItemStateError) as refusal:
        form.reason.errors = [str(refusal)]
        return _page(line_id, WhichPaymentForm(formdata=None), NotOursForm(formdata=None), form)
    flash("It is undone. The payment is with the bank again, and the line waits for you.")
    return redirect(url_for("payments.out_line", line_id=line_id))


@payments.route("/payments/lines/<uuid:line_id>/undo", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def undo_line(line_id: UUID) -> str | BaseResponse:
    """Take money back out of the wallet of somebody whose it was not."""
    actor, form = current_actor(), UndoForm()
    with reading() as session:
        line = queries.line_for(session, line_id=line_id, seen_by=actor)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.undo_line(
                    session, line_id=line_id, reason=form.reason.data, by=actor, at=clock.now()
                )
        except (ReasonMissingError, NotFreeError) as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash("It is taken back. Now say whose it is.")
            return redirect(url_for("payments.bank_line", line_id=line_id))
    elif line.state is not LineState.POSTED:
        return redirect(url_for("payments.bank_line", line_id=line_id))
    return render_template("payments/undo_line.html", form=form, line=line)


def _page(line_id: UUID, form: WhichPaymentForm, other: NotOursForm, undo: UndoForm) -> str:
    actor = current_actor()
    with reading() as session:
        line = queries.out_line_for(session, line_id=line_id, seen_by=actor)
        may_be = queries.may_be(session, line, council_id=actor.works_for)
    return render_template(
        "payments/out_line.html", line=line, may_be=may_be, form=form, other=other, undo=undo
    )
