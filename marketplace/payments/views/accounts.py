"""What a provider takes to its book-keeper: a statement of a time, and the same as files."""

from datetime import date, timedelta

from flask import Response, render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.payments.queries.accounts import accounts as accounts_of
from marketplace.payments.rules.accounts import (
    LINES_HEAD,
    XERO_HEAD,
    Accounts,
    lines_of,
    xero_lines_of,
)
from marketplace.payments.views.blueprint import payments
from marketplace.web.downloads import csv_answer
from marketplace.web.fields import read_day

LONG_DAYS_MAX = 3 * 366
_APRIL = 4


@payments.route("/earnings/accounts")
@requires(Permission.SEE_EARNINGS)
def accounts() -> str:
    """Show a provider what it was owed, invoiced and paid in a time, and offer it as files."""
    found, refusal = _asked()
    return render_template(
        "payments/accounts.html",
        accounts=found,
        refusal=refusal,
        typed_from=request.args.get("from", ""),
        typed_to=request.args.get("to", ""),
    )


@payments.route("/earnings/accounts.csv")
@requires(Permission.SEE_EARNINGS)
def accounts_file() -> Response:
    """Send every line of every paper, and every payment, as a table."""
    found, _ = _asked()
    return csv_answer(f"accounts-{_name(found)}.csv", LINES_HEAD, lines_of(found))


@payments.route("/earnings/sales-for-xero.csv")
@requires(Permission.SEE_EARNINGS)
def accounts_xero() -> Response:
    """Send invoices and credit notes in the columns in which Xero takes in sales."""
    found, _ = _asked()
    return csv_answer(f"sales-for-xero-{_name(found)}.csv", XERO_HEAD, xero_lines_of(found))


def _name(found: Accounts) -> str:
    return f"{found.from_on}-to-{found.last_on}"


def _asked() -> tuple[Accounts, str]:
    """Return the accounts of the days in the address; without them, of the tax year so far."""
    today = clock.local_day(clock.now())
    from_on, last_on, refusal = _days(today)
    with reading(of_one_instant=True) as session:
        found = accounts_of(
            session, provider_id=current_actor().works_for, from_on=from_on, last_on=last_on
        )
    return found, refusal


def _days(today: date) -> tuple[date, date, str]:
    usual = _tax_year(today), today
    try:
        typed = [request.args.get(name, "").strip() for name in ("from", "to")]
        from_on, last_on = (
            read_day(each) if each else day for each, day in zip(typed, usual, strict=True)
        )
    except ValueError as refusal:
        return *usual, str(refusal)
    if last_on < from_on:
        return *usual, "The last day comes before the first. Enter them the other way round."
    if last_on - from_on > timedelta(days=LONG_DAYS_MAX):
        return *usual, "That is more than three years. Ask for fewer days at a time."
    return from_on, last_on, ""


def _tax_year(today: date) -> date:
    begins = today.replace(month=_APRIL, day=6)
    return begins if begins <= today else begins.replace(year=begins.year - 1)
