"""What the worker does for orders: deliveries, and orders, that nobody answers."""

from datetime import datetime

from marketplace.budgets.queries import expired_holds
from marketplace.database import reading, transaction
from marketplace.orders import commands, queries


def confirm_silent(at: datetime) -> int:
    """Do what is due for unanswered deliveries, one order a transaction; return for how many."""
    with reading() as session:
        order_ids = queries.unanswered_orders(session, at=at)
    done = 0
    for order_id in order_ids:
        with transaction() as session:
            done += commands.tell_and_confirm_order(session, order_id=order_id, at=at)
    return done


def close_unanswered(at: datetime) -> int:
    """Close orders whose money waited too long for an answer, one a transaction."""
    with reading() as session:
        order_ids = expired_holds(session, at=at)
    for order_id in order_ids:
        with transaction() as session:
            commands.close_unanswered(session, order_id=order_id, at=at)
    return len(order_ids)


def look_after_standing_orders(at: datetime) -> int:
    """Order the next weeks of standing orders, each week a transaction of its own; return how many.

    Stopped anywhere, what was ordered stays ordered, and the rest is ordered the next time.
    """
    with reading() as session:
        due = queries.standing_due(session, at=at)
    done = 0
    for standing_id, weeks in due:
        for week_on in weeks:
            with transaction() as session:
                done += commands.order_week(
                    session, standing_id=standing_id, week_on=week_on, at=at
                )
        with transaction() as session:
            done += commands.look_ahead(session, standing_id=standing_id, at=at)
    return done
