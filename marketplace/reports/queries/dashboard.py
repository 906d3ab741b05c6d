"""The tables of the dashboard, protected, with how each was counted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.payments.rules import Performance
from marketplace.reports.queries import demand, market, quality
from marketplace.reports.queries.spending import Spending, given_back, spending
from marketplace.reports.rules import (
    Hidden,
    Row,
    Scope,
    ShownRow,
    Table,
    hidden_last,
    period,
    protect,
    table_of,
)

_MONEY_HEAD = ("People", "Orders", "Set aside now", "Confirmed")
_PLACED = "Orders placed in the period for which money was set aside, and what became of them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Everything on the page of the market."""

    scope: Scope
    categories: Mapping[str, str]
    """Every category's name by its slug, to choose from."""
    tables: Mapping[str, Table]
    how_fast: Performance
    searches_in_vain: int


def scope_of(
    session: Session,
    *,
    council_id: UUID,
    since: date | None = None,
    until: date | None = None,
    category: str = "",
    today: date,
) -> Scope:
    """Return what to look at: the days and category asked for, and the council's threshold.

    Raises:
        BadPeriodError: the days are no period we can report on.
    """
    return Scope(
        council_id=council_id,
        period=period(since, until, today=today),
        category=category,
        threshold=market.threshold_of(session, council_id),
    )


def dashboard(session: Session, scope: Scope) -> Dashboard:
    """Return all tables of a council's market."""
    spent = spending(session, scope)
    names = market.category_names(session)
    paid = quality.paid_after(session, scope)
    searches, in_vain = market.unmet(session, scope)
    tables = (
        _headline(session, scope, spent),
        _categories(scope, spent, names),
        _outcomes(scope, spent),
        _months(scope, spent),
        _prices(scope, spent, names),
        _providers(session, scope),
        _searches(scope, searches),
        _refusals(session, scope),
        _visits(scope, spent),
        _payments(scope, paid),
    )
    return Dashboard(
        scope=scope,
        categories=names,
        tables=MappingProxyType({table.key: table for table in tables}),
        how_fast=quality.how_fast(paid),
        searches_in_vain=in_vain,
    )


def table(session: Session, scope: Scope, *, key: str) -> Table:
    """Return one table of the reports; the key is one of ``TABLES``."""
    return TABLES[key](session, scope)


def _headline(session: Session, scope: Scope, spent: Spending) -> Table:
    orders, held, confirmed = spent.all.values
    people = spent.all.people
    back = given_back(session, scope)
    rows = [
        *protect([Row("People with orders", people, ())], threshold=scope.threshold),
        *(
            _without_people(Row(label, people, (value,)), scope)
            for label, value in (
                ("Orders", orders),
                ("Set aside now", held),
                ("Confirmed", confirmed),
            )
        ),
        *([] if scope.category else [_without_people(back, scope)]),
        _without_people(quality.on_time(session, scope), scope),
    ]
    return table_of(scope, "headline", "In all", _PLACED, ("What", "How many or how much"), rows)


def _categories(scope: Scope, spent: Spending, names: Mapping[str, str]) -> Table:
    rows = hidden_last(protect(_named(spent.categories, names), threshold=scope.threshold))
    head = ("Category", *_MONEY_HEAD)
    return table_of(scope, "categories", "Spending by category", _PLACED, head, rows)


def _outcomes(scope: Scope, spent: Spending) -> Table:
    about = (
        f"{_PLACED} An outcome is in a person’s own words. It is named here only if at least "
        f"{scope.threshold} people share the words."
    )
    rows = hidden_last(protect(spent.outcomes, threshold=scope.threshold))
    head = ("Outcome", *_MONEY_HEAD)
    return table_of(scope, "outcomes", "Spending by outcome", about, head, rows)


def _months(scope: Scope, spent: Spending) -> Table:
    rows = protect(spent.months, threshold=scope.threshold)
    return table_of(
        scope, "months", "Orders by month", _PLACED, ("Month placed", *_MONEY_HEAD), rows
    )


def _prices(scope: Scope, spent: Spending, names: Mapping[str, str]) -> Table:
    about = (
        "Prices of what was ordered by the hour. The middle price: half of the orders cost less. "
        "The middle half of all orders lies between the other two."
    )
    rows = protect(_named(quality.hourly_prices(spent), names), threshold=scope.threshold)
    head = ("Category", "People", "Middle price", "From", "To")
    return table_of(scope, "prices", "Prices of an hour", about, head, rows)


def _providers(session: Session, scope: Scope) -> Table:
    about = (
        "Stores that applied to the council or were checked by it. New: since the start of the "
        "quarter in which the period ends."
    )
    head = ("Kind", "Providers", "Share", "Checked", "New this quarter")
    rows = protect(market.providers(session, scope), threshold=scope.threshold)
    return table_of(scope, "providers", "Providers", about, head, rows)


def _searches(scope: Scope, rows: Iterable[Row]) -> Table:
    about = (
        "Searches in the council’s portal that found nothing. The words are kept only once enough "
        "people have searched for them."
    )
    shown = protect(list(rows), threshold=scope.threshold)
    head = ("Words", "Times")
    return table_of(scope, "searches", "Searches that found nothing", about, head, shown)


def _refusals(session: Session, scope: Scope) -> Table:
    about = "Orders that people wanted to place and that their money or a limit did not allow."
    rows = protect(market.refusals(session, scope), threshold=scope.threshold)
    head = ("Why", "People", "Times", "Money wanted")
    return table_of(scope, "refusals", "Orders that were refused", about, head, rows)


def _visits(scope: Scope, spent: Spending) -> Table:
    about = f"{_PLACED} What providers said became of each visit."
    rows = protect(quality.visits(spent), threshold=scope.threshold)
    head = ("What happened", "People", "Visits", "Share")
    return table_of(scope, "visits", "What became of visits", about, head, rows)


def _payments(scope: Scope, paid: list[tuple[int, int, int]]) -> Table:
    about = "Invoices paid in the period, by the days from confirmation to payment."
    rows = [
        Row(f"{days} day" if days == 1 else f"{days} days", None, (count, in_time))
        for days, count, in_time in paid
    ]
    head = ("Paid after", "Invoices", "Of these in time")
    shown = protect(rows, threshold=scope.threshold)
    return table_of(scope, "payments", "From confirmation to payment", about, head, shown)


def _without_people(row: Row, scope: Scope) -> ShownRow:
    """Protect one figure by the people it rests on, and leave their number out."""
    (shown,) = protect([row], threshold=scope.threshold)
    return replace(shown, values=shown.values[1:], hidden=shown.hidden and Hidden.PROTECTS)


def _named(rows: Iterable[Row], names: Mapping[str, str]) -> list[Row]:
    return [Row(names.get(row.label, row.label), row.people, row.values) for row in rows]


TABLES: Mapping[str, Callable[[Session, Scope], Table]] = MappingProxyType(
    {
        "headline": lambda session, scope: _headline(session, scope, spending(session, scope)),
        "categories": lambda session, scope: _categories(
            scope, spending(session, scope), market.category_names(session)
        ),
        "outcomes": lambda session, scope: _outcomes(scope, spending(session, scope)),
        "months": lambda session, scope: _months(scope, spending(session, scope)),
        "prices": lambda session, scope: _prices(
            scope, spending(session, scope), market.category_names(session)
        ),
        "providers": _providers,
        "searches": lambda session, scope: _searches(scope, market.unmet(session, scope)[0]),
        "refusals": _refusals,
        "visits": lambda session, scope: _visits(scope, spending(session, scope)),
        "payments": lambda session, scope: _payments(scope, quality.paid_after(session, scope)),
        **demand.TABLES,
    }
)
