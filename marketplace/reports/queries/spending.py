"""People, orders and money: in all, by category, by outcome and by month, in one statement."""

from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Result,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_instant
from marketplace.kernel.money import Money
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.rules import OPEN_VISITS, InvoiceKind, VisitState
from marketplace.reports.rules import Row, Scope


@dataclass(frozen=True, slots=True)
class Spending:
    """Rows of (orders, set aside, confirmed) by what they are grouped by."""

    all: Row
    categories: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    months: tuple[Row, ...]


def in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """Return which orders count: the council pays, they were placed then, money was set aside."""
    chosen = [
        Order.council_id == scope.council_id,
        Order.placed_at >= scope.period.starts_at,
        Order.placed_at < scope.period.ends_at,
        Order.held_at.is_not(None),
    ]
    return [*chosen, OrderLine.category == scope.category] if scope.category else chosen


def spending(session: Session, scope: Scope) -> Spending:
    """Return how many people ordered how much, and what became of the money."""
    facts = _facts(scope)
    shared = (
        select(facts.c.outcome, func.count(facts.c.person_id.distinct()).label("people"))
        .group_by(facts.c.outcome)
        .cte("shared")
    )
    enough = shared.c.people >= scope.threshold
    # An outcome is in the person's own words: they are shown only if several people share them.
    sentence = case((enough, facts.c.outcome), else_="")
    rows: Result[str, str, int, int, int, int] = session.execute(
        union_all(
            _part("all", literal(""), facts, grouped=False),
            _part("category", facts.c.category, facts),
            _part("month", cast(facts.c.month, String), facts),
            _part("outcome", sentence, facts)
            .join(shared, shared.c.outcome == facts.c.outcome)
            .where(facts.c.outcome != ""),
            _part("no outcome", literal(""), facts, grouped=False).where(facts.c.outcome == ""),
        )
    )
    found: dict[str, list[Row]] = {}
    for kind, label, people, orders, held, confirmed in rows:
        row = Row(label, people, (orders, Money(held), Money(confirmed)))
        found.setdefault(kind, []).append(row)
    return Spending(
        all=found["all"][0],
        categories=_dearest_first(found.get("category", ())),
        outcomes=_outcomes(found),
        months=_months(scope, found.get("month", ())),
    )


def given_back(session: Session, scope: Scope) -> Row:
    """Return what providers gave back of these orders with credit notes, whatever the category."""
    people, total = session.execute(
        select(
            func.count(Invoice.person_id.distinct()),
            _added(type_coerce(Invoice.total, BigInteger)),
        )
        .join(Order, Order.id == Invoice.order_id)
        .where(
            Invoice.kind == InvoiceKind.CREDIT_NOTE,
            Invoice.council_id == scope.council_id,
            Order.placed_at >= scope.period.starts_at,
            Order.placed_at < scope.period.ends_at,
        )
    ).one()
    return Row("Given back", people, (Money(total),))


def _facts(scope: Scope) -> CTE:
    confirmed = Visit.state == VisitState.CONFIRMED
    waiting = Visit.state.in_(OPEN_VISITS)
    return (
        select(
            Order.person_id,
            Order.id.label("order_id"),
            OrderLine.category,
            OrderLine.outcome,
            _month(scope).label("month"),
            _added(case((waiting, type_coerce(Visit.amount, BigInteger)), else_=0)).label("held"),
            _added(case((confirmed, type_coerce(Visit.due, BigInteger)), else_=0)).label("paid"),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Visit, Visit.line_id == OrderLine.id)
        .where(*in_scope(scope))
        .group_by(OrderLine.id, Order.id)
        .cte("facts")
        # Counted once, read five times: without the word each reading counts again.
        .prefix_with("MATERIALIZED")
    )


def _month(scope: Scope) -> ColumnElement[int]:
    """Return which month of the period an order is in, by the clock of the people."""
    ends = [local_instant(month, 0, 0) for month in scope.period.months[1:]]
    if not ends:
        return literal(0)
    return case(
        *((Order.placed_at < end, place) for place, end in enumerate(ends)), else_=len(ends)
    )


def _part(
    kind: str, label: ColumnElement[str], facts: CTE, *, grouped: bool = True
) -> Select[str, str, int, int, int, int]:
    part = select(
        literal(kind),
        label.label("label"),
        func.count(facts.c.person_id.distinct()),
        func.count(facts.c.order_id.distinct()),
        _added(facts.c.held),
        _added(facts.c.paid),
    ).select_from(facts)
    return part.group_by(label) if grouped else part


def _added(amount: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)


def _dearest_first(rows: list[Row] | tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (-_spent(row), row.label)))


def _spent(row: Row) -> int:
    return sum(value.pence for value in row.values if isinstance(value, Money))


def _outcomes(found: dict[str, list[Row]]) -> tuple[Row, ...]:
    shared = [row for row in found.get("outcome", ()) if row.label]
    own = [
        Row("In words that fewer people share", row.people, row.values)
        for row in found.get("outcome", ())
        if not row.label
    ]
    none = [
        Row("No outcome named", row.people, row.values)
        for row in found.get("no outcome", ())
        if row.people
    ]
    return (*_dearest_first(shared), *own, *none)


def _months(scope: Scope, rows: list[Row] | tuple[Row, ...]) -> tuple[Row, ...]:
    by_place = {int(row.label): row for row in rows}
    nothing = Row("", 0, (0, Money(0), Money(0)))
    return tuple(
        Row(f"{month:%B %Y}", row.people, row.values)
        for place, month in enumerate(scope.period.months)
        for row in [by_place.get(place, nothing)]
    )
