"""The ``flask import oruk``, ``package`` and ``table`` commands: other catalogues, taken over.

Each shows what would change. Nothing is taken over without ``--go``. The whole of a source is read
and cleaned before the first entry is written; then an organisation with all its services is written
at a time, some of them in one transaction. So nothing is ever half imported, nobody waits long, and
an import that was stopped is simply run again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.feeds import commands
from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.adapters.oruk import read_feed, read_files
from marketplace.feeds.adapters.package import read_package
from marketplace.feeds.adapters.table import read_plain
from marketplace.feeds.adapters.web import Web
from marketplace.feeds.commands import NoteReading, PutSource
from marketplace.feeds.errors import BadFeedError
from marketplace.feeds.queries.market import market
from marketplace.feeds.queries.sources import mapping_of, source_id_at
from marketplace.feeds.rules.columns import read_said
from marketplace.feeds.rules.planning import Bundle, Deed, counts, plan
from marketplace.feeds.rules.reading import read_services
from marketplace.feeds.rules.said import FeedSaid
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.places.queries import district_at

BATCH = 100
"""Entries a transaction: whoever else writes waits no longer than for so many."""
SHOWN = 20
_ALL_GONE = (
    "It has no services at all, so nothing counts as gone. "
    "If that is right, run it again with --all-gone."
)

Command = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line, whatever the form of the source."""

    name: str
    licence: str
    website: str
    council: str
    go: bool
    may_end_all: bool = False


def asked_for(command: Callable[..., None]) -> Command:
    """Give a command the options that all of them have."""

    @click.option("--name", default="", help="What people call this catalogue.")
    @click.option("--licence", default="", help="Its licence, named beside each entry.")
    @click.option("--website", default="", help="Where people can look it up.")
    @click.option("--council", default="", help="The council whose people answer questions.")
    @click.option("--preview", is_flag=True, help="Only show what would change. This is the rule.")
    @click.option("--go", "--apply", "go", is_flag=True, help="Take over what is shown.")
    @click.option("--all-gone", is_flag=True, help="It is right that it has nothing any more.")
    @wraps(command)
    def with_options(
        *,
        preview: bool,
        go: bool,
        all_gone: bool,
        **rest: Any,  # noqa: ANN401 - click's own
    ) -> None:
        names = ("name", "licence", "website", "council")
        told = {name: rest.pop(name) for name in names}
        asked = Asked(go=go and not preview, may_end_all=all_gone, **told)
        try:
            command(asked=asked, **rest)
        except (BadFeedError, NotFoundError) as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return with_options


@click.command("oruk")
@click.argument("address")
@asked_for
def import_oruk(address: str, *, asked: Asked) -> None:
    """Take over an Open Referral UK feed: its address, a file, or a folder of saved pages."""
    if "://" in address:
        with _shown("Reading") as told:
            raw = read_feed(address, Web(), told=told)
    else:
        raw = read_files(_files(Path(address)))
    kept = address if "://" in address else f"file:{Path(address).name}"
    run(raw, PutSource(kind=SourceKind.ORUK, address=kept), asked)


@click.command("package")
@click.argument("path", type=click.Path(path_type=Path))
@asked_for
def import_package(path: Path, *, asked: Asked) -> None:
    """Take over an Open Referral data package (HSDS 1 to 3): a folder or zip file of tables."""
    run(read_package(path), PutSource(kind=SourceKind.PACKAGE, address=f"file:{path.name}"), asked)


@click.command("table")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--map", "pairs", multiple=True, help="What a column says, like name=Activity.")
@asked_for
def import_table(path: Path, *, pairs: tuple[str, ...], asked: Asked) -> None:
    """Take over a plain table (CSV); what its columns say is remembered for the next time."""
    address = f"file:{asked.name or path.name}"
    with reading() as session:
        source_id = source_id_at(session, address=address)
        remembered = mapping_of(session, source_id=source_id) if source_id else {}
    raw, mapping = read_plain(path, said=read_said(pairs), remembered=remembered)
    for name, column in mapping.items():
        click.echo(f"Column “{column}” is read as: {name}")
    source_id = run(raw, PutSource(kind=SourceKind.TABLE, address=address), asked)
    with transaction() as session:
        commands.remember_mapping(session, source_id=source_id, mapping=mapping)


def run(raw: RawFeed, source: PutSource, asked: Asked) -> UUID:
    """Show what taking a source over would change, and do it if that was asked for."""
    at = clock.now()
    feed = read_services(
        raw.services,
        on=clock.local_day(at),
        remarks=raw.remarks,
        complete=raw.complete,
        district_at=district_at,
    )
    source_id = _put_source(source, asked, raw)
    with reading() as session:
        here = market(session, source_id=source_id)
    bundles = plan(feed, here, at=at, may_end_all=asked.may_end_all)
    _show(feed, bundles)
    if here.known and feed.complete and not (feed.services or asked.may_end_all):
        click.echo(_ALL_GONE, err=True)
    if asked.go:
        done = _take(bundles, source_id)
        click.echo(f"Done: {_counted(done)}.")
    else:
        click.echo("Nothing was changed. To take this over, run it again with --go.")
    note = NoteReading(
        source_id=source_id,
        taken_over=asked.go,
        complete=feed.complete,
        counts={deed.value: number for deed, number in counts(bundles).items()},
        lines=_lines(bundles),
        remarks=[str(remark) for remark in feed.remarks],
    )
    with transaction() as session:
        commands.note_reading(session, note, at=at)
    return source_id


def _put_source(source: PutSource, asked: Asked, raw: RawFeed) -> UUID:
    with transaction() as session:
        council = councils.council_at(session, slug=asked.council) if asked.council else None
        wish = PutSource(
            kind=source.kind,
            address=source.address,
            name=asked.name or raw.publisher,
            website=asked.website,
            licence=asked.licence or raw.licence,
            council_id=council.id if council else None,
        )
        return commands.put_source(session, wish, at=clock.now())


def _take(bundles: Sequence[Bundle], source_id: UUID) -> Counter[Deed]:
    done: Counter[Deed] = Counter()
    length = sum(len(bundle.steps) for bundle in bundles)
    with click.progressbar(length=length, label="Taking over") as bar:
        for batch in _batches(bundles):
            with transaction() as session:
                done += commands.take(session, batch, source_id=source_id, at=clock.now())
            bar.update(sum(len(bundle.steps) for bundle in batch))
    return done


def _batches(bundles: Sequence[Bundle]) -> Iterator[list[Bundle]]:
    batch: list[Bundle] = []
    size = 0
    for bundle in bundles:
        batch.append(bundle)
        size += len(bundle.steps)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _show(feed: FeedSaid, bundles: Sequence[Bundle]) -> None:
    click.echo(f"Services that can be read: {len(feed.services):,}")
    click.echo(f"Organisations: {len(feed.organisations):,}")
    click.echo(f"What would be done: {_counted(counts(bundles))}.")
    if not feed.complete:
        click.echo("Some of it could not be read, so nothing counts as gone.", err=True)
    lines = _lines(bundles)
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  and {len(lines) - SHOWN:,} more.")
    for remark in feed.remarks[:SHOWN]:
        click.echo(f"Left out or cleaned: {remark}", err=True)
    if len(feed.remarks) > SHOWN:
        click.echo(f"Left out or cleaned: and {len(feed.remarks) - SHOWN:,} more.", err=True)


def _lines(bundles: Sequence[Bundle]) -> list[str]:
    """Return what changes, with what a person must look at first."""
    first = {Deed.ASKED: 0, Deed.ENDED: 1, Deed.KEPT: 2, Deed.CHANGED: 3, Deed.LINKED: 4}
    quiet = {Deed.SAME, Deed.LEFT_OUT, Deed.CONFIRMED}
    steps = [step for bundle in bundles for step in bundle.steps if step.deed not in quiet]
    steps.sort(key=lambda step: first.get(step.deed, 5))
    return [f"{step.deed.value}: {step.line}" for step in steps]


def _counted(done: Counter[Deed]) -> str:
    return ", ".join(f"{done[deed]:,} {deed.value}" for deed in Deed if done[deed]) or "nothing"


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.json"))
    if not path.is_file():
        raise BadFeedError("There is no such file or folder.")
    return [path]


@contextmanager
def _shown(label: str) -> Iterator[Callable[[int, int], None]]:
    with click.progressbar(length=1, label=label) as bar:

        def told(done: int, all_: int) -> None:
            bar.length = max(all_, 1)
            bar.update(done - bar.pos)

        yield told
