"""Bank statements for finance officers: upload, look, take in, and say whose the rest is."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue.errors import BadBankDetailsError
from marketplace.database import reading, transaction
from marketplace.kernel import clock, sort_codes
from marketplace.kernel.paging import page_number
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    BadServiceUserError,
    BadStatementError,
    NobodyFoundError,
    SameStatementError,
)
from marketplace.payments.forms import (
    BankAccountForm,
    ColumnsForm,
    MatchForm,
    NotOursForm,
    StatementForm,
)
from marketplace.payments.rules import Part, StatementState
from marketplace.payments.views.blueprint import payments
from marketplace.payments.views.out_lines import marked, settle_now

AT_ONCE = 200
"""How many payments are booked while the officer waits; the worker books the rest."""


@payments.route("/payments/money-in")
@requires(Permission.PAY_PROVIDERS)
def money_in() -> str:
    """Show what a finance officer has to do about money that came in."""
    council_id = current_actor().works_for
    page = page_number(request.args.get("page"))
    with reading() as session:
        bank = queries.find_bank(session, council_id=council_id)
        statements = queries.statements(session, council_id=council_id)
        lines = queries.open_lines(session, council_id=council_id, page=page)
        outs = queries.open_out_lines(session, council_id=council_id)
        troubles = queries.troubles(session, council_id=council_id)
    return render_template(
        "payments/money_in.html",
        bank=bank,
        statements=statements,
        lines=lines,
        outs=outs,
        troubles=troubles,
    )


@payments.route("/payments/bank-account", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def bank_account() -> str | BaseResponse:
    """Say into which account people pay."""
    actor = current_actor()
    form = BankAccountForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.set_bank_account(
                    session, form.wish(), by=actor, at=clock.now(), tables=sort_codes.installed()
                )
        except BadBankDetailsError as refusal:
            form.account_number.errors = [str(refusal)]
        except BadServiceUserError as refusal:
            form.service_user.errors = [str(refusal)]
        else:
            flash("The account is kept. People are shown it from now on.")
            return redirect(url_for("payments.money_in"))
    with reading() as session:
        bank = queries.find_bank(session, council_id=actor.works_for)
    return render_template("payments/bank_account.html", form=form, bank=bank)


@payments.route("/payments/statements/new", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def upload_statement() -> str | BaseResponse:
    """Upload a file of the bank."""
    form = StatementForm()
    if form.validate_on_submit():
        wish = form.wish()
        try:
            with transaction() as session:
                state = commands.upload_statement(session, wish, by=current_actor(), at=clock.now())
        except (BadStatementError, SameStatementError) as refusal:
            form.file.errors = [str(refusal)]
        else:
            to_columns = state is StatementState.COLUMNS
            view = "payments.statement_columns" if to_columns else "payments.statement"
            return redirect(url_for(view, statement_id=wish.statement_id))
    return render_template("payments/upload_statement.html", form=form)


@payments.route("/payments/statements/<uuid:statement_id>/columns", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def statement_columns(statement_id: UUID) -> str | BaseResponse:
    """Say once what the columns of the bank's files hold."""
    actor = current_actor()
    with reading() as session:
        heads = queries.heads_of(session, statement_id=statement_id, seen_by=actor)
    form = ColumnsForm()
    for part in Part:
        form[part.value].choices = [
            SelectChoice("", "In no column"),
            *(SelectChoice(head, head) for head in heads),
        ]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.say_columns(
                    session, form.columns(), statement_id=statement_id, by=actor, at=clock.now()
                )
        except BadStatementError as refusal:
            form[Part.DAY.value].errors = [str(refusal)]
        else:
            flash("The columns are remembered for the next file.")
            return redirect(url_for("payments.statement", statement_id=statement_id))
    return render_template(
        "payments/statement_columns.html", form=form, parts=list(Part), statement_id=statement_id
    )


@payments.route("/payments/statements/<uuid:statement_id>")
@requires(Permission.PAY_PROVIDERS)
def statement(statement_id: UUID) -> str | BaseResponse:
    """Show what a statement says and what would come of it, before and after it is taken in."""
    with reading() as session:
        found = queries.statement_for(session, statement_id=statement_id, seen_by=current_actor())
        outs = queries.out_lines(session, statement_id=statement_id)
    if found.state is StatementState.COLUMNS:
        return redirect(url_for("payments.statement_columns", statement_id=statement_id))
    return render_template("payments/statement.html", statement=found, outs=outs)


@payments.route("/payments/statements/<uuid:statement_id>/take-in", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def take_in(statement_id: UUID) -> BaseResponse:
    """Take a statement in: book each payment that has a right reference."""
    at = clock.now()
    with transaction() as session:
        commands.take_in_statement(session, statement_id=statement_id, by=current_actor(), at=at)
    with reading() as session:
        line_ids = queries.lines_to_post(session, limit=AT_ONCE, statement_id=statement_id)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_line(session, line_id=line_id, at=at)
    flash(f"{done} {'payment is' if done == 1 else 'payments are'} paid in.")
    if settled := settle_now(statement_id, at, AT_ONCE):
        flash(f"The bank has answered for {settled} of your own payments.")
    return redirect(url_for("payments.statement", statement_id=statement_id))


@payments.route("/payments/statements/<uuid:statement_id>/drop", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def drop(statement_id: UUID) -> BaseResponse:
    """Put a statement away that was not taken in."""
    with transaction() as session:
        commands.drop_statement(
            session, statement_id=statement_id, by=current_actor(), at=clock.now()
        )
    flash("The statement is put away. Nothing of it was paid in.")
    return redirect(url_for("payments.money_in"))


@payments.route("/payments/lines/<uuid:line_id>", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def bank_line(line_id: UUID) -> str | BaseResponse:
    """Show one payment with those whose it may be, and book it for somebody."""
    form = MatchForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.match_line(
                    session,
                    line_id=line_id,
                    typed=form.typed.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except NobodyFoundError as refusal:
            form.typed.errors = [str(refusal)]
        else:
            flash("It is paid in. The person gets a letter that says so.")
            return redirect(url_for("payments.money_in"))
    return _line_page(line_id, form, NotOursForm())


@payments.route("/payments/lines/<uuid:line_id>/not-ours", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def not_ours(line_id: UUID) -> str | BaseResponse:
    """Say that a payment is not for the market."""
    form = NotOursForm()
    if not marked(line_id, form, commands.mark_not_ours):
        return _line_page(line_id, MatchForm(formdata=None), form)
    return redirect(url_for("payments.money_in"))


@payments.route("/payments/top-ups/<uuid:top_up_id>/settled", methods=["POST"])
@requires(Permission.PAY_PROVIDERS)
def settle_top_up(top_up_id: UUID) -> BaseResponse:
    """Note that a payment which needed a look was dealt with."""
    with transaction() as session:
        commands.settle_top_up(session, top_up_id=top_up_id, by=current_actor(), at=clock.now())
    flash("It is noted as dealt with.")
    return redirect(url_for("payments.money_in"))


def _line_page(line_id: UUID, form: MatchForm, other: NotOursForm) -> str:
    actor = current_actor()
    with reading() as session:
        line = queries.line_for(session, line_id=line_id, seen_by=actor)
        owners = queries.suggestions(session, line, council_id=actor.works_for)
    return render_template(
        "payments/bank_line.html", line=line, owners=owners, form=form, other=other
    )
