"""Prices, what became of visits, and how fast providers were paid."""

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import Unit
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import NoteKind
from marketplace.payments.models import PaymentInvoice
from marketplace.payments.rules import Performance, performance
from marketplace.ratings.models import Rating
from marketplace.reports.queries.spending import in_scope
from marketplace.reports.rules import Row, Scope, share, spread


def hourly_prices(session: Session, scope: Scope) -> list[Row]:
    """Return the middle price of an hour in each category, and where the middle half lies."""
    by_the_hour = [*in_scope(scope), OrderLine.unit == Unit.HOUR]
    priced = session.execute(
        select(OrderLine.category, type_coerce(OrderLine.unit_price, BigInteger), func.count())
        .join(Order, Order.id == OrderLine.order_id)
        .where(*by_the_hour)
        .group_by(OrderLine.category, OrderLine.unit_price)
    )
    prices: dict[str, list[tuple[int, int]]] = {}
    for category, pence, times in priced:
        prices.setdefault(category, []).append((pence, times))
    people = session.execute(
        select(OrderLine.category, func.count(Order.person_id.distinct()))
        .join(Order, Order.id == OrderLine.order_id)
        .where(*by_the_hour)
        .group_by(OrderLine.category)
    )
    rows = []
    for category, count in people:
        found = spread(prices[category])
        rows.append(Row(category, count, (found.median, found.lower, found.upper)))
    return rows


def visits(session: Session, scope: Scope) -> list[Row]:
    """Return what providers said became of visits, and the share of each answer."""
    rows = session.execute(
        select(Visit.note_kind, func.count(Order.person_id.distinct()), func.count())
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(*in_scope(scope), Visit.note_kind.is_not(None))
        .group_by(Visit.note_kind)
    )
    found = {kind: (people, times) for kind, people, times in rows if kind is not None}
    whole = sum(times for _, times in found.values())
    return [
        Row(kind.label, people, (times, share(times, whole)))
        for kind in NoteKind
        for people, times in [found.get(kind, (0, 0))]
    ]


def on_time(session: Session, scope: Scope) -> Row:
    """Return how many people who rated their support in the period say it was on time."""
    people, count, good = session.execute(
        select(
            func.count(Rating.person_id.distinct()),
            func.count(),
            func.sum(case((Rating.on_time, 1), else_=0)),
        ).where(
            Rating.council_id == scope.council_id,
            Rating.written_at >= scope.period.starts_at,
            Rating.written_at < scope.period.ends_at,
            Rating.hidden_at.is_(None),
        )
    ).one()
    return Row("On time, people say", people, (share(good or 0, count),))


def paid_after(session: Session, scope: Scope) -> list[tuple[int, int, int]]:
    """Return after how many days invoices were paid: days, how many, of these in time."""
    in_time = func.sum(case((PaymentInvoice.paid_on <= PaymentInvoice.promised_on, 1), else_=0))
    rows = session.execute(
        select(PaymentInvoice.days, func.count(), in_time)
        .where(
            PaymentInvoice.council_id == scope.council_id,
            PaymentInvoice.paid_on >= scope.period.starts_on,
            PaymentInvoice.paid_on < scope.period.ends_before,
            type_coerce(PaymentInvoice.total, BigInteger) > 0,
        )
        .group_by(PaymentInvoice.days)
        .order_by(PaymentInvoice.days)
    )
    return [(days or 0, count, good) for days, count, good in rows]


def how_fast(rows: list[tuple[int, int, int]]) -> Performance:
    """Return what all these payments add up to."""
    return performance(rows)
