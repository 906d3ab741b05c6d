"""Where a provider is paid, and the link that says whether a change of that is right."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadBankDetailsError
from marketplace.catalogue.forms import BankForm
from marketplace.catalogue.rules import BANK_CHANGE_WAITS_DAYS
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock, sort_codes


@catalogue.route("/my-store/bank", methods=["GET", "POST"])
@requires(Permission.SEE_EARNINGS)
def bank() -> str | Response:
    """Ask where the provider is paid."""
    actor, at, tables = current_actor(), clock.now(), sort_codes.installed()
    with reading() as session:
        found = queries.bank_standings(session, [actor.works_for]).get(actor.works_for)
    values = (
        {
            "sort_code": found.details.sort_code,
            "account_number": found.details.account_number,
            "account_name": found.details.account_name,
        }
        if found
        else {}
    )
    form = BankForm(data=values)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.set_bank_details(
                    session,
                    sort_code=form.sort_code.data,
                    account_number=form.account_number.data,
                    account_name=form.account_name.data,
                    by=actor,
                    at=at,
                    tables=tables,
                )
        except BadBankDetailsError as refusal:
            wrong = (
                form.account_number if "account number" in str(refusal).lower() else form.sort_code
            )
            wrong.errors = [str(refusal)]
        else:
            flash("Your bank details are saved.")
            return redirect(url_for("catalogue.my_store"))
    return render_template(
        "catalogue/bank.html",
        form=form,
        standing=found,
        is_held=found is not None and found.is_held(clock.local_day(at)),
        days=BANK_CHANGE_WAITS_DAYS,
        checks_digits=tables is not None,
    )


@catalogue.route("/bank-details/<token>")
@public
def bank_change(token: str) -> str:
    """Ask, at the address that was known before, whether changed bank details are right."""
    with reading() as session:
        found = queries.bank_change(session, token_hash=commands.hash_of_token(token))
    return render_template("catalogue/bank_change.html", change=found, token=token)


@catalogue.route("/bank-details/<token>/right", methods=["POST"])
@public
def bank_change_right(token: str) -> Response:
    """Take the answer that changed bank details are right."""
    return _answer(token, agrees=True)


@catalogue.route("/bank-details/<token>/wrong", methods=["POST"])
@public
def bank_change_wrong(token: str) -> Response:
    """Take the answer that changed bank details are wrong."""
    return _answer(token, agrees=False)


def _answer(token: str, *, agrees: bool) -> Response:
    with transaction() as session:
        commands.answer_bank_change(session, token=token, agrees=agrees, at=clock.now())
    flash("Thank you. Your answer is kept.")
    return redirect(url_for("catalogue.bank_change", token=token))
