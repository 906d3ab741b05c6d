"""What operators run: set up, check everything, and the worker beside the web processes."""

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import FrameType

import click
from flask import Flask
from flask.cli import with_appcontext

from marketplace.access.adapters.passwords import passwords
from marketplace.asking import tasks as asking_tasks
from marketplace.audit import queries as audit
from marketplace.budgets import queries as budgets
from marketplace.budgets import tasks as budget_tasks
from marketplace.calendars import tasks as calendar_tasks
from marketplace.catalogue import tasks as catalogue_tasks
from marketplace.community import tasks as community_tasks
from marketplace.database import db, migrate, reading, transaction
from marketplace.kernel import clock
from marketplace.orders import queries as orders
from marketplace.orders import tasks as order_tasks
from marketplace.outbox import tasks as outbox
from marketplace.payments import queries as payments
from marketplace.payments import tasks as payment_tasks
from marketplace.retention import keep_to_rules
from marketplace.search import tasks as search
from marketplace.search.adapters.choose import engine_of
from marketplace.search.commands import rebuild
from marketplace.seeding import load, people
from marketplace.seeding.cast import PASSWORD
from marketplace.seeding.searches import add_searches
from marketplace.wallet import queries as wallet
from marketplace.web.site import settings
from marketplace.web.telling import tell

WORKER_PAUSE_SECONDS = 2.0

Job = Callable[[datetime], int]
"""Does what is due at an instant and returns how much that was; safe to stop anywhere."""

JOBS: Sequence[Job] = (
    outbox.send_letters,
    budget_tasks.pay_instalments,
    budget_tasks.count_weeks,
    budget_tasks.tell_alerts,
    order_tasks.confirm_silent,
    order_tasks.pass_on_silent,
    order_tasks.look_after_stops,
    order_tasks.close_unanswered,
    order_tasks.look_after_standing_orders,
    order_tasks.count_load,
    payment_tasks.post_bank_lines,
    payment_tasks.propose_runs,
    payment_tasks.give_back_to_cards,
    payment_tasks.take_regular_payments,
    payment_tasks.send_transfers,
    payment_tasks.act_on_kept_events,
    asking_tasks.tell_of_asks,
    asking_tasks.look_after_asks,
    catalogue_tasks.end_full_times,
    catalogue_tasks.keep_sale_days,
    catalogue_tasks.remind_of_evidence,
    calendar_tasks.remind,
    community_tasks.nudge_keepers,
    community_tasks.pass_on_reports,
    community_tasks.tell_search_what_aged,
    community_tasks.keep_days_ahead,
    search.keep_index,
    search.refresh_index,
    keep_to_rules,
)


def register(app: Flask) -> None:
    """Add the operators' commands to the application."""
    for command in (setup, demo_people, worker, check):
        app.cli.add_command(command)


@click.command("setup")
def setup() -> None:
    """Bring the database to the newest form; fill an empty demonstration. Twice changes nothing."""
    migrate()
    _write_days_ahead()
    click.echo("The database is ready.")
    if settings().in_production:
        return
    with reading() as session:
        empty = load.is_empty(session)
    if empty:
        _fill()
        _write_days_ahead()


@click.command("demo-people")
def demo_people() -> None:
    """Say who can sign in to the demonstration."""
    click.echo(f"The password of all of them: {PASSWORD}")
    for who, email in people.who_can_sign_in():
        click.echo(f"  {email:<42} {who}")


def _write_days_ahead() -> None:
    """Write down the coming days of entries from before there was a place for them."""
    while community_tasks.keep_days_ahead(clock.now()):
        pass


def _fill() -> None:
    click.echo("Filling it with a year of invented support. This takes a minute.")
    # Everybody's password stands in the program: a dear hash of it would protect nothing.
    passwords.use(cheap=True)
    with transaction() as session:
        cast = load.load(session, now=clock.now(), progress=click.echo)
        engine = engine_of(settings(), db.engine)
        rebuild(session, engine, at=cast.now)
        add_searches(session, cast, engine.search, secret=settings().secret_key)
    passwords.use(cheap=settings().cheap_passwords)
    click.echo(f"Done. {engine.size()} things can be found.")


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(*, once: bool) -> None:
    """Send letters, pay instalments, keep the index: everything that is due, again and again."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    # What the market is made of is not looked through again each time rubbish is collected.
    gc.collect()
    gc.freeze()
    while not stop.is_set():
        done = sum(job(clock.now()) for job in JOBS)
        if once:
            return
        if not done:
            stop.wait(WORKER_PAUSE_SECONDS)
    db.engine.dispose()


@click.command("check")
@with_appcontext
def check() -> None:
    """Prove the audit trail and the books; exit with 1 and say what is wrong if anything is."""
    with reading(of_one_instant=True) as session:
        wrong = [
            *audit.broken_chains(session),
            *wallet.problems(session),
            *budgets.problems(session),
            *orders.problems(session),
            *payments.problems(session),
        ]
    advice = engine_of(settings(), db.engine).advice()
    tell(wrong, unless_wrong="Everything adds up.", advice=advice)
