"""Own money on its way back: the person asks for it, a finance officer says that it was paid."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.forms.refunds import AskBackForm, PaidBackForm, WhoLeftForm
from marketplace.budgets.queries import OwedRow
from marketplace.budgets.views.blueprint import budgets
from marketplace.catalogue.errors import BadBankDetailsError
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money, total
from marketplace.web.site import settings


@budgets.route("/wallet/own-money", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def own_money_back() -> str | Response:
    """Ask for one's own money back, and see what is owed and what was paid."""
    actor, at, form = current_actor(), clock.now(), AskBackForm()
    if actor.acts_for_another:
        raise NotAllowedError(f"Only {actor.person_name} can ask for their own money back.")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                owed = commands.ask_own_money_back(session, form.wish(), by=actor, at=at)
        except BadBankDetailsError as refusal:
            form.account_number.errors = [str(refusal)]
        except BadLineError as refusal:
            form.account_name.errors = [str(refusal)]
        else:
            flash(_on_its_way(owed))
            return redirect(url_for("budgets.own_money_back"))
    with reading() as session:
        lines = queries.wallet(session, person_id=actor.buys_for, at=at).lines
        rows = queries.owed_to(session, person_id=actor.buys_for)
    return render_template(
        "budgets/own_money_back.html",
        form=form,
        free=total(line.available for line in lines if line.funder.is_private),
        nowhere=total(row.amount for row in rows if row.is_lost_without_account),
        takes_cards=settings().takes_cards,
        rows=rows,
    )


def _on_its_way(owed: Money) -> str:
    if settings().takes_cards:
        return (
            f"{owed} of your own money is on its way back to you: to the card that paid it, if we "
            "can, and the rest into this account."
        )
    return f"{owed} of your own money will be paid into this account."


@budgets.route("/payments/own-money")
@requires(Permission.PAY_PROVIDERS)
def owed_refunds() -> str:
    """Show a finance officer which people's own money is to be paid back, and where to."""
    with reading() as session:
        rows = queries.owed_by(session, council_id=current_actor().works_for)
    return render_template("budgets/owed_refunds.html", rows=rows)


@budgets.route("/payments/own-money/<uuid:refund_id>", methods=["GET", "POST"])
@requires(Permission.PAY_PROVIDERS)
def owed_refund(refund_id: UUID) -> str | Response:
    """Show what is to be paid back to one person, and note on which day the bank paid it."""
    with reading() as session:
        row = queries.owed_refund(
            session, refund_id=refund_id, council_id=current_actor().works_for
        )
    if row.has_left and row.is_lost_without_account:
        return _where_to(row)
    form = PaidBackForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.mark_refund_paid(
                    session,
                    refund_id=refund_id,
                    paid_on=form.day(),
                    by=current_actor(),
                    at=clock.now(),
                )
        except BadLineError as refusal:
            form.paid_on.errors = [str(refusal)]
        else:
            flash(f"{row.amount} is noted as paid.")
            return redirect(url_for("budgets.owed_refunds"))
    return render_template("budgets/owed_refund.html", form=form, row=row)


def _where_to(row: OwedRow) -> str | Response:
    """Ask into which account money of somebody who has left is paid: they cannot say it here."""
    form = WhoLeftForm()
    if form.validate_on_submit():
        wish = form.wish(row.id)
        try:
            with transaction() as session:
                commands.say_account_of_who_left(session, wish, by=current_actor(), at=clock.now())
        except BadBankDetailsError as refusal:
            form.account_number.errors = [str(refusal)]
        else:
            flash("The account is noted. Pay the money, then note on which day.")
            return redirect(url_for("budgets.owed_refund", refund_id=row.id))
    return render_template("budgets/owed_refund.html", form=form, row=row)
