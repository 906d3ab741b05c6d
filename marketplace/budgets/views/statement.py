"""What happened to a person's money: a page, a sheet for paper, files to keep."""

from datetime import date, datetime
from uuid import UUID

from flask import Response, render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import queries
from marketplace.budgets.adapters.pdf import printer
from marketplace.budgets.forms.statement import StatementForm
from marketplace.budgets.queries import Statement, StatementWish
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.web.downloads import csv_answer
from marketplace.web.site import settings
from marketplace.web.templating import day


@budgets.route("/wallet/statement")
@requires(Permission.SEE_WALLET)
def statement() -> str:
    """Show what happened to the money, newest first, with what was left after each."""
    form = StatementForm(request.args)
    good = form.validate()
    with reading() as session:
        found = queries.statement(
            session,
            person_id=current_actor().buys_for,
            wish=form.wish() if good else queries.ALL,
            older_than=place_in(request.args.get("older", "")),
        )
    form.offer(found.choices)
    return render_template(
        "budgets/statement.html",
        form=form,
        statement=found,
        older=older_words(found),
        chosen=form.chosen(),
        is_first="older" not in request.args,
    )


@budgets.route("/wallet/statement/sheet")
@requires(Permission.SEE_WALLET)
def statement_sheet() -> str:
    """Show the whole of a period on a sheet for paper."""
    wish, found = _whole()
    return render_template(
        "budgets/statement_sheet.html",
        statement=found,
        whose=current_actor().person_name,
        period=_period(wish, clock.now()),
        chosen=request.args.to_dict(),
    )


@budgets.route("/wallet/statement.csv")
@requires(Permission.SEE_WALLET)
def statement_csv() -> Response:
    """Send the whole of a period as a table for a spreadsheet."""
    _, found = _whole()
    head = ["Day", "What happened", "Which money", "To spend", "Set aside", "Left to spend"]
    rows = [
        (local_day(row.at), row.words, row.money, row.to_spend, row.set_aside, row.left)
        for row in found.lines
    ]
    return csv_answer("statement.csv", head, rows)


@budgets.route("/wallet/statement.pdf")
@requires(Permission.SEE_WALLET)
def statement_pdf() -> Response:
    """Send the whole of a period as a file for paper that screen readers can read."""
    at = clock.now()
    wish, found = _whole()
    values = {
        "title": f"Statement for {current_actor().person_name}",
        "market": settings().market_name,
        "period": _period(wish, at),
        "about": "What came in and went out, the oldest first.",
        "before": str(found.before),
        "after": str(found.after),
        "lines": [
            [day(row.at), row.words, _signed(row.to_spend), _signed(row.set_aside), str(row.left)]
            for row in found.lines
        ],
    }
    answer = Response(printer(values, at=at), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="statement.pdf"'
    return answer


def older_words(found: Statement) -> str:
    """Return the part of an address where the next page begins; empty if there is none."""
    return f"{found.older_than[0].isoformat()}~{found.older_than[1]}" if found.older_than else ""


def _whole() -> tuple[StatementWish, Statement]:
    form = StatementForm(request.args)
    wish = form.wish() if form.validate() else queries.ALL
    with reading() as session:
        found = queries.whole_statement(session, person_id=current_actor().buys_for, wish=wish)
    return wish, found


def _period(wish: StatementWish, at: datetime) -> str:
    until: date = wish.to_on or local_day(at)
    if wish.from_on is None:
        return f"Everything until {day(until)}"
    return f"From {day(wish.from_on)} until {day(until)}"


def _signed(amount: Money) -> str:
    return f"+{amount}" if amount.pence > 0 else str(amount) if amount else ""


def place_in(typed: str) -> tuple[datetime, UUID] | None:
    """Return where in a statement a page begins; None if an address was made up."""
    """Read where a page begins; anything else is the first page."""
    at, _, transfer_id = typed.partition("~")
    try:
        read = datetime.fromisoformat(at)
        return (read, UUID(transfer_id)) if read.tzinfo else None
    except ValueError:
        return None
