"""Many offers at once: a table to take away, to change, and to send back."""

from flask import Response as Answer
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import ManyWritten
from marketplace.catalogue.forms import OffersFileForm, OffersTableForm
from marketplace.catalogue.rules import Unit
from marketplace.catalogue.rules.offer_tables import BETWEEN, HEAD, OfferTable, read_offers
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction, undo
from marketplace.kernel import clock
from marketplace.kernel.labels import labels
from marketplace.kernel.tables import BadTableError, table_text
from marketplace.web.downloads import csv_answer


@catalogue.route("/my-store/offers.csv")
@requires(Permission.KEEP_STORE)
def offers_table() -> Answer:
    """Send one's own offers as a table."""
    with reading() as session:
        rows = queries.rows_of_offers(session, by=current_actor())
    return csv_answer(f"offers-{clock.local_day(clock.now())}.csv", HEAD, rows)


@catalogue.route("/my-store/offers/many", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def many_offers() -> str:
    """Offer the table, take a filled one, and say what each of its lines would do."""
    form = OffersFileForm()
    if form.validate_on_submit():
        try:
            text = table_text(form.file.data.read())
            return _preview(text, read_offers(text))
        except BadTableError as refusal:
            form.file.errors = [str(refusal)]
    with reading() as session:
        categories = queries.categories(session)
    return render_template(
        "catalogue/many_offers.html",
        form=form,
        head=HEAD,
        units=list(Unit),
        categories=categories,
        days=list(labels("days").values()),
        times=list(labels("times").values()),
        between=BETWEEN,
    )


@catalogue.route("/my-store/offers/many/write", methods=["POST"])
@requires(Permission.KEEP_STORE)
def write_many_offers() -> str | Response:
    """Write what the good lines of a table say, or nothing if one of them is wrong."""
    form = OffersTableForm()
    text = form.table.data or ""
    try:
        table = read_offers(text)
    except BadTableError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("catalogue.many_offers"))
    with transaction() as session:
        done = commands.write_many(session, table.lines, by=current_actor(), at=clock.now())
        refused = form.which.data != "good" and (done.wrong or table.wrong)
        if refused:
            undo(session)
    if refused:
        flash("Nothing is changed, because some lines are wrong.", "warning")
        return _preview(text, table)
    flash(_said(done))
    return redirect(url_for("catalogue.my_store"))


def _preview(text: str, table: OfferTable) -> str:
    with transaction() as session:
        done = commands.write_many(session, table.lines, by=current_actor(), at=clock.now())
        undo(session)
    wrong = sorted((*table.wrong, *done.wrong))
    form = OffersTableForm(formdata=None, table=text)
    return render_template("catalogue/many_offers_check.html", form=form, done=done, wrong=wrong)


def _said(done: ManyWritten) -> str:
    return (
        f"{_offers(done.added)} added, {_offers(done.changed)} changed, "
        f"{_offers(len(done.same))} left as {'it was' if len(done.same) == 1 else 'they were'}."
    )


def _offers(count: int) -> str:
    return f"{count} offer" if count == 1 else f"{count} offers"
