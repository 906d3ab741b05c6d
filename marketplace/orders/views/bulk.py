"""Many visits at once: a table to take away, to fill in, and to send back."""

from flask import Response as Answer
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction, undo
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.tables import BadTableError, table_text
from marketplace.orders import commands, queries
from marketplace.orders.commands import ManyNoted
from marketplace.orders.forms import NoteTableForm, TableForm
from marketplace.orders.rules.bulk import ANSWERS, HEAD, NoteTable, read_table
from marketplace.orders.views.blueprint import orders
from marketplace.web.downloads import csv_answer


@orders.route("/work/week.csv")
@requires(Permission.TAKE_ORDERS)
def week_table() -> Answer:
    """Send the visits of this week that are not noted yet, as a table."""
    at = clock.now()
    with reading() as session:
        rows = list(queries.week_of_provider(session, provider_id=current_actor().works_for, at=at))
    return csv_answer(f"visits-{local_day(at)}.csv", HEAD, rows)


@orders.route("/work/week", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def week() -> str:
    """Offer the table, take a filled one, and say what each of its lines would do."""
    form = TableForm()
    if form.validate_on_submit():
        try:
            text = table_text(form.file.data.read())
            return _preview(text, read_table(text))
        except BadTableError as refusal:
            form.file.errors = [str(refusal)]
    return render_template("orders/week.html", form=form, answers=list(ANSWERS))


@orders.route("/work/week/note", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def note_week() -> str | Response:
    """Note what the good lines of a table say, or nothing if one of them is wrong."""
    form = NoteTableForm()
    text = form.table.data or ""
    try:
        table = read_table(text)
    except BadTableError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("orders.week"))
    with transaction() as session:
        noted = commands.note_many(session, table.lines, by=current_actor(), at=clock.now())
        refused = form.which.data != "good" and (noted.wrong or table.wrong)
        if refused:
            undo(session)
    if refused:
        flash("Nothing is noted, because some lines are wrong.", "warning")
        return _preview(text, table)
    flash(_said(noted))
    return redirect(url_for("orders.day"))


def _preview(text: str, table: NoteTable) -> str:
    with transaction() as session:
        noted = commands.note_many(session, table.lines, by=current_actor(), at=clock.now())
        undo(session)
    wrong = sorted((*table.wrong, *noted.wrong))
    form = NoteTableForm(formdata=None, table=text)
    return render_template(
        "orders/week_check.html", form=form, noted=noted, wrong=wrong, empty=table.empty
    )


def _said(noted: ManyNoted) -> str:
    count, same = len(noted.done), len(noted.same)
    said = f"{count} {'visit is' if count == 1 else 'visits are'} noted."
    if same:
        said += f" {same} {'was' if same == 1 else 'were'} noted before."
    return said
