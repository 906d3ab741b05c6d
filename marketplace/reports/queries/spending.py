"""People, orders and money: in all, by category, by outcome and by month, in one statement."""

from collections.abc import Mapping, Sequence
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

from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_instant
from marketplace.kernel.money import Money
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.rules import OPEN_VISITS, InvoiceKind, VisitState
from marketplace.reports.rules import Row, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Rows of (orders, set aside, confirmed) by what they are grouped by; prices and notes too."""

    all: Row
    categories: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    months: tuple[Row, ...]
    prices: Mapping[str, Sequence[tuple[int, int]]]
    """What was ordered by the hour, by category: pence, how many times."""
    people_by_the_hour: Mapping[str, int]
    notes: Mapping[str, tuple[int, int]]
    """What providers said of visits: how many people, how many visits."""


Part = Select[str, str, int, int, int, int]
"""One way of counting: its name, the label of each row, people, orders, set aside, confirmed."""


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
    """Return how many people ordered how much, at which prices, and what became of it."""
    facts = _facts(scope)
    rows: Result[str, str, int, int, int, int] = session.execute(
        union_all(
            _part("all", literal(""), facts, grouped=False),
            _part("category", facts.c.category, facts),
            _part("month", cast(facts.c.month, String), facts),
            *_by_outcome(facts, scope.threshold),
            _prices(facts),
            _part("hour", facts.c.category, facts).where(facts.c.unit == Unit.HOUR),
            _notes(facts),
        )
    )
    found: dict[str, list[tuple[str, int, int, int, int]]] = {}
    for kind, label, people, orders, held, confirmed in rows:
        found.setdefault(kind, []).append((label, people, orders, held, confirmed))
    money = {kind: [_row(*counted) for counted in group] for kind, group in found.items()}
    prices: dict[str, list[tuple[int, int]]] = {}
    for category, _, times, pence, _ in found.get("price", ()):
        prices.setdefault(category, []).append((pence, times))
    return Spending(
        all=money["all"][0],
        categories=_dearest_first(money.get("category", ())),
        outcomes=_outcomes(money),
        months=_months(scope, money.get("month", ())),
        prices=prices,
        people_by_the_hour={category: people for category, people, *_ in found.get("hour", ())},
        notes={kind: (people, times) for kind, people, times, *_ in found.get("note", ())},
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
    """Return one row for each visit that counts: joined once, read many times."""
    confirmed = Visit.state == VisitState.CONFIRMED
    waiting = Visit.state.in_(OPEN_VISITS)
    return (
        select(
            Order.person_id,
            Order.number.label("order_number"),
            OrderLine.category,
            OrderLine.outcome,
            OrderLine.unit,
            type_coerce(OrderLine.unit_price, BigInteger).label("unit_price"),
            Visit.number.label("visit_number"),
            cast(Visit.note_kind, String).label("note_kind"),
            _month(scope).label("month"),
            case((waiting, type_coerce(Visit.amount, BigInteger)), else_=0).label("held"),
            case((confirmed, type_coerce(Visit.due, BigInteger)), else_=0).label("paid"),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Visit, Visit.line_id == OrderLine.id)
        .where(*in_scope(scope))
        .cte("facts")
        # Without the word each reading joins the tables again.
        .prefix_with("MATERIALIZED")
    )


def _by_outcome(facts: CTE, threshold: int) -> list[Part]:
    """Count by outcome. They are people's own words: named only if several people share them."""
    shared = (
        select(facts.c.outcome, func.count(facts.c.person_id.distinct()).label("people"))
        .group_by(facts.c.outcome)
        .cte("shared")
    )
    sentence = case((shared.c.people >= threshold, facts.c.outcome), else_="")
    return [
        _part("outcome", sentence, facts)
        .join(shared, shared.c.outcome == facts.c.outcome)
        .where(facts.c.outcome != ""),
        _part("no outcome", literal(""), facts, grouped=False).where(facts.c.outcome == ""),
    ]


def _prices(facts: CTE) -> Part:
    """Count the prices of an hour, each order line once."""
    return (
        select(
            literal("price"),
            facts.c.category.label("label"),
            literal(0),
            func.count(),
            facts.c.unit_price,
            literal(0),
        )
        .where(facts.c.unit == Unit.HOUR, facts.c.visit_number == 1)
        .group_by(facts.c.category, facts.c.unit_price)
    )


def _notes(facts: CTE) -> Part:
    """Count what providers said became of visits."""
    return (
        select(
            literal("note"),
            facts.c.note_kind.label("label"),
            func.count(facts.c.person_id.distinct()),
            func.count(),
            literal(0),
            literal(0),
        )
        .where(facts.c.note_kind.is_not(None))
        .group_by(facts.c.note_kind)
    )


def _month(scope: Scope) -> ColumnElement[int]:
    """Return which month of the period an order is in, by the clock of the people."""
    ends = [local_instant(month, 0, 0) for month in scope.period.months[1:]]
    if not ends:
        return literal(0)
    return case(
        *((Order.placed_at < end, place) for place, end in enumerate(ends)), else_=len(ends)
    )


def _part(kind: str, label: ColumnElement[str], facts: CTE, *, grouped: bool = True) -> Part:
    part = select(
        literal(kind),
        label.label("label"),
        func.count(facts.c.person_id.distinct()),
        func.count(facts.c.order_number.distinct()),
        _added(facts.c.held),
        _added(facts.c.paid),
    ).select_from(facts)
    return part.group_by(label) if grouped else part


def _added(amount: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)


def _row(label: str, people: int, orders: int, held: int, confirmed: int) -> Row:
    return Row(label, people, (orders, Money(held), Money(confirmed)))


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
