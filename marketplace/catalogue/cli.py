"""The ``flask import`` commands: what the market takes over from public files."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.catalogue import commands
from marketplace.catalogue.adapters.registers import BadLine, RegisterFile, read_register
from marketplace.catalogue.errors import BadRegisterError
from marketplace.catalogue.rules import ImportResult, RegisterEntry
from marketplace.database import transaction
from marketplace.kernel import clock

SHOWN_ROWS = 5
SHOWN_BAD_LINES = 20
BATCH = 250
"""Services a transaction: whoever else writes waits no longer than for so many."""

import_cli = AppGroup("import", help="Take over data from public files.")


@import_cli.command("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--go", is_flag=True, help="Import. Without it, only show what would be imported.")
def register(file: Path, *, go: bool) -> None:
    """Import care services from a CQC or RQIA register, each as a store nobody looks after yet."""
    try:
        found = read_register(file.read_bytes())
    except BadRegisterError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    _preview(found)
    if not go:
        click.echo("Nothing was imported. To import, run this again with --go.")
        return
    results = _import(found.entries)
    counts = ", ".join(f"{results[result]:,} {result}" for result in ImportResult)
    click.echo(f"Imported: {counts}.")


def _preview(found: RegisterFile) -> None:
    click.echo(f"Register: {found.register.upper()}")
    click.echo(f"Rows: {found.rows:,}")
    click.echo(f"Care and support: {len(found.entries):,}")
    click.echo(f"Skipped, because they are something else: {found.not_support:,}")
    click.echo(f"Skipped, because they are in the file twice: {len(found.twice):,}")
    click.echo(f"Cannot be read: {len(found.bad):,}")
    for entry in found.entries[:SHOWN_ROWS]:
        categories = ", ".join(entry.categories)
        click.echo(f"  {entry.name}, {entry.postcode or 'no postcode'} ({categories})")
    _list("In the file twice", found.twice)
    _list("Cannot be read", found.bad)


def _list(title: str, lines: Sequence[BadLine]) -> None:
    for bad in lines[:SHOWN_BAD_LINES]:
        click.echo(f"{title}: line {bad.line}: {bad.why}", err=True)
    if len(lines) > SHOWN_BAD_LINES:
        click.echo(f"{title}: and {len(lines) - SHOWN_BAD_LINES:,} more lines.", err=True)


def _import(entries: Sequence[RegisterEntry]) -> Counter[ImportResult]:
    results: Counter[ImportResult] = Counter()
    with click.progressbar(length=len(entries), label="Importing") as bar:
        for some in _batches(entries):
            with transaction() as session:
                at = clock.now()
                results.update(commands.import_entry(session, entry, at=at) for entry in some)
            bar.update(len(some))
    return results


def _batches(entries: Sequence[RegisterEntry]) -> Iterator[Sequence[RegisterEntry]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]
