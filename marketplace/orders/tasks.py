"""What the worker does for orders: tells and confirms deliveries nobody answers."""

from datetime import datetime

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
