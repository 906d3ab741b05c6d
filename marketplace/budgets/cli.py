"""The ``flask budgets`` commands."""

import click
from flask.cli import AppGroup

from marketplace.budgets import commands, queries
from marketplace.database import reading, transaction
from marketplace.kernel import clock

budgets_cli = AppGroup("budgets", help="Look after funding lines, limits and holds.")


@budgets_cli.command("check")
def check() -> None:
    """Exit with 1 and say what is wrong, if lines, holds, limits and ledger do not fit."""
    with reading() as session:
        wrong = queries.problems(session)

    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("Lines, holds and limits fit the ledger.")


@budgets_cli.command("pay-instalments")
def pay_instalments() -> None:
    """Pay every instalment that is due today; running it twice pays nothing twice."""
    at = clock.now()
    lines, paid = 0, 1
    while paid:
        with transaction() as session:
            paid = commands.pay_due_instalments(session, on=clock.local_day(at), at=at)
        lines += paid
    click.echo(f"Paid into {lines} funding lines.")
