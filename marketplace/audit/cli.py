"""The ``flask audit`` commands."""

import click
from flask.cli import AppGroup

from marketplace.audit import queries
from marketplace.database import reading

audit_cli = AppGroup("audit", help="Look after the audit trail.")


@audit_cli.command("check")
def check() -> None:
    """Exit with 1 and name the chains if any row was changed, added or taken out."""
    with reading(of_one_instant=True) as session:
        wrong = list(queries.broken_chains(session))

    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("The audit trail is whole.")
