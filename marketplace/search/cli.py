"""The ``flask search`` commands."""

import click
from flask.cli import AppGroup

from marketplace.database import db, transaction
from marketplace.kernel import clock
from marketplace.search import commands
from marketplace.search.adapters.choose import engine_of
from marketplace.web.site import settings

search_cli = AppGroup("search", help="Look after the search index.")


@search_cli.command("reindex")
def reindex() -> None:
    """Make the whole search index anew."""
    engine = engine_of(settings(), db.engine)
    with transaction() as session:
        commands.rebuild(session, engine, at=clock.now())
    click.echo(f"{engine.size()} entries can be found.")
