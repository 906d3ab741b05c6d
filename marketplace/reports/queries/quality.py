"""Prices, what became of visits, and how fast providers were paid."""

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from marketplace.orders.rules import NoteKind
from marketplace.payments.models import PaymentInvoice
from marketplace.payments.rules import Performance, performance
from marketplace.ratings.models import Rating
from marketplace.reports.queries.spending import Spending
from marketplace.reports.rules import Row, Scope, share, spread


def hourly_prices(spent: Spending) -> list[Row]:
    """Return the middle price of an hour in each category, and where the middle half lies."""
    rows = []
    for category, people in sorted(spent.people_by_the_hour.items()):
        found = spread(spent.prices[category])
        rows.append(Row(category, people, (found.median, found.lower, found.upper)))
    return rows


def visits(spent: Spending) -> list[Row]:
    """Return what providers said became of visits, and the share of each answer."""
    whole = sum(times for _, times in spent.notes.values())
    return [
        Row(kind.label, people, (times, share(times, whole)))
        for kind in NoteKind
        for people, times in [spent.notes.get(kind, (0, 0))]
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
