"""The ``flask budgets`` commands."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from marketplace.budgets import commands, queries
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.telling import tell

budgets_cli = AppGroup("budgets", help="Look after funding lines, limits and holds.")


@budgets_cli.command("check")
def check() -> None:
    """Exit with 1 and say what is wrong, if lines, holds, limits and ledger do not fit."""
    with reading(of_one_instant=True) as session:
        wrong = queries.problems(session)
    tell(wrong, unless_wrong="Lines, holds and limits fit the ledger.")


@budgets_cli.command("pay-instalments")
def pay_instalments() -> None:
    """Pay every instalment that is due today; stopped or run twice, it pays nothing twice."""
    at = clock.now()
    on = clock.local_day(at)
    with reading(of_one_instant=True) as session:
        due = queries.count_due_lines(session, on=on)
    lines, paid = 0, 1
    with _progress(due) as tell:
        while paid:
            with transaction() as session:
                paid = commands.pay_due_instalments(session, on=on, at=at)
            lines += paid
            tell(paid)
    click.echo(f"Paid into {lines} funding lines.")


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], object]]:
    """Draw a bar on a terminal; anywhere else the last line says it all."""
    if not length or not sys.stdout.isatty():
        yield int
        return
    with click.progressbar(length=length, label="Paying instalments") as bar:
        yield bar.update
