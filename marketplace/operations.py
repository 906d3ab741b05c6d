"""What operators run: set up, check everything, and the worker beside the web processes."""

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import FrameType

import click
from flask import Flask

from marketplace.audit import queries as audit
from marketplace.database import db, migrate, reading
from marketplace.kernel import clock
from marketplace.outbox import tasks as outbox

WORKER_PAUSE_SECONDS = 2.0

Job = Callable[[datetime], int]
"""Does what is due at an instant and returns how much that was; safe to stop anywhere."""

JOBS: Sequence[Job] = (outbox.send_letters,)


def register(app: Flask) -> None:
    """Add the operators' commands to the application."""
    for command in (setup, worker, check):
        app.cli.add_command(command)


@click.command("setup")
def setup() -> None:
    """Bring the database to the newest form; running it twice changes nothing."""
    migrate()
    click.echo("The database is ready.")


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(*, once: bool) -> None:
    """Send letters, pay instalments, keep the index: everything that is due, again and again."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    while not stop.is_set():
        done = sum(job(clock.now()) for job in JOBS)
        if once:
            return
        if not done:
            stop.wait(WORKER_PAUSE_SECONDS)
    db.engine.dispose()


@click.command("check")
def check() -> None:
    """Prove the audit trail and the books; exit with 1 and say what is wrong if anything is."""
    with reading() as session:
        wrong = list(audit.broken_chains(session))
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("Everything adds up.")
