"""The ``flask orders`` commands."""

import click
from flask.cli import AppGroup

from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.orders import commands, queries
from marketplace.web.telling import tell

orders_cli = AppGroup("orders", help="Look after orders and deliveries.")


@orders_cli.command("confirm-silent")
def confirm_silent() -> None:
    """Tell about, and confirm, deliveries that nobody has answered."""
    at = clock.now()
    with reading(of_one_instant=True) as session:
        due = queries.unanswered_orders(session, at=at)
    done = 0
    for order_id in due.to_tell:
        with transaction() as session:
            done += commands.tell_silent_order(session, order_id=order_id, at=at)
    for number, order_ids in enumerate(due.batches(), start=1):
        with transaction() as session:
            done += commands.confirm_silent_orders(session, order_ids=order_ids, at=at)
        click.echo(due.progress(number))
    click.echo(f"Orders told about or confirmed: {done}.")


@orders_cli.command("check")
def check() -> None:
    """Exit with 1 and say what is wrong, if holds, visits and invoices do not fit together."""
    with reading(of_one_instant=True) as session:
        wrong = queries.problems(session)
    tell(wrong, unless_wrong="Every hold belongs to a visit, and no invoice is missing.")
