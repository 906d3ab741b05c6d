"""All engines side by side, and each beside the bare library doing the same.

Synthetic entries, 10,000 and 100,000 of them, are made so that searching them is hard: sixty words
in all, so that each is in every tenth to every second entry, and all of them within thirty
kilometres. The real ones are the demonstration with a public register on top.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from flask import Flask
from sqlalchemy import text

from marketplace.database import db, reading
from marketplace.kernel import clock
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import open_engine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.warming import warm
from marketplace.search.queries import entries as entries_of
from marketplace.search.rules import Entry, Query
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import median, milliseconds, percentile, print_table
from tests.bench.finding import REGISTER, run
from tests.bench.machine import warn_unless, watching
from tests.bench.searching_bare import HAS_TANTIVY, Bare, BarePostgres, BareTantivy, BareWhoosh
from tests.search.market import LEEDS, TODAY, WORDS, any_query, entry, market

SMALL, LARGE = 10_000, 100_000
SEARCHES = 120
WRITES = 20
HEAD = ("", "p50 ms", "p95 ms", "first time p95", "bare p50", "bare p95", "ratio p50", "p95")
HEAD_BUILT = (
    "",
    "built in s",
    "MB",
    "written and found again, ms",
    "p95 ms",
    "ready in s",
    "asked",
)


class Asked(NamedTuple):
    """One sort of question."""

    what: str
    searches: Sequence[Query | str]


@dataclass(frozen=True)
class Rival:
    """An engine and the bare library under it, filled with the same entries."""

    name: str
    engine: Engine
    bare: Bare
    seconds: float
    size: Callable[[], int]


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long everything takes with 10,000 entries and with the real ones."""
    quiet = _compare(app, places, f"{SMALL:,} synthetic entries", market(SMALL, Random(1)))
    return _compare(app, places, "Real entries", _real(app, places[0])) and quiet


def measure_large(app: Flask, places: list[Place]) -> bool:
    """Print how long everything takes with 100,000 entries."""
    return _compare(app, places, f"{LARGE:,} synthetic entries", market(LARGE, Random(1)))


def _compare(app: Flask, places: list[Place], what: str, entries: list[Entry]) -> bool:
    rows: list[tuple[object, ...]] = []
    built: list[tuple[object, ...]] = []
    quiet = True
    asked = _asked(entries)
    for rival in _rivals(app, places, what, entries):
        print(f"  {rival.name} is filled: {rival.seconds:.0f} s", flush=True)
        with watching() as watch:
            ready = _ready(rival)
            rows.extend((f"{rival.name}: {each.what}", *_times(rival, each)) for each in asked)
            built.append((*_built(rival), *ready))
        rows.append(watch.row(len(HEAD)))
        quiet = quiet and not watch.too_busy
    print_table(f"{what} ({len(entries):,}), {SEARCHES} of each sort of question", HEAD, rows)
    print_table("Building and writing", HEAD_BUILT, built)
    print(
        "  Every search gives a page of 20 and the counts of all facets. First time: the\n"
        "  first that this process is asked so, after it got ready as each process of the web\n"
        "  server does (gunicorn.conf.py); all other columns are of the second. Bare: the\n"
        "  library asked directly for the same filters, counts and ways to go on with what was\n"
        "  typed (tests/bench/searching_bare.py); to bare Whoosh and Tantivy near is a square.\n"
        f"  Whoosh is made for {SMALL:,} entries and is left out beyond."
    )
    warn_unless(quiet=quiet)
    return quiet


def _rivals(app: Flask, places: list[Place], what: str, entries: list[Entry]) -> Iterator[Rival]:
    folder = places[0].var / what.replace(" ", "-")
    folder.mkdir()
    words = everyday_words()
    for place in places:
        if place.is_postgres:
            with using(app, place):
                yield _postgres(place, folder, entries)
    if all(place.is_postgres for place in places):
        return  # asked for PostgreSQL alone
    names = ["whoosh"] if len(entries) <= 2 * SMALL else []
    if HAS_TANTIVY:
        names.append("tantivy")
    else:
        print("*** The package tantivy is not installed: it is left out ***")
    for name in names:
        engine = open_engine(name, folder=folder / name, database=db.engine)
        assert type(engine).__name__.casefold().startswith(name)
        began = time.monotonic()
        engine.rebuild(entries)
        seconds = time.monotonic() - began
        bare = BareWhoosh if name == "whoosh" else BareTantivy
        beside = bare(folder / f"bare-{name}", words, entries)
        yield Rival(name, engine, beside, seconds, lambda at=folder / name: _octets(at))  # type: ignore[misc]


def _postgres(place: Place, folder: Path, entries: list[Entry]) -> Rival:
    engine = open_engine("postgres", folder=folder, database=db.engine)
    began = time.monotonic()
    engine.rebuild(entries)
    seconds = time.monotonic() - began
    analyse()
    address = place.url.replace("postgresql+psycopg://", "postgresql://")

    def size() -> int:
        tables = "pg_total_relation_size('search_entries') + pg_total_relation_size('search_words')"
        with db.engine.connect() as connection:
            return int(connection.scalars(text(f"SELECT {tables}")).one())

    return Rival("postgres", engine, BarePostgres(address, everyday_words()), seconds, size)


def _asked(entries: list[Entry]) -> list[Asked]:
    random = Random(7)
    words = WORDS if len(entries) % SMALL == 0 else _words_of(entries, random)
    texts = [" ".join(random.choices(words, k=random.choice([1, 1, 2]))) for _ in range(SEARCHES)]
    anything = iter(lambda: any_query(random), None)
    narrowed = islice((each for each in anything if each.chosen), SEARCHES)
    filtered = [
        replace(each, text=said if each.text else "")
        for each, said in zip(narrowed, texts, strict=True)
    ]
    near = [
        Query(
            on=TODAY,
            text=random.choice(["", *words]),
            near=replace(LEEDS, easting=LEEDS.easting + random.randrange(30_000)),
            within_metres=random.choice([2_000, 5_000, 8_000, 16_000]),
        )
        for _ in range(SEARCHES)
    ]
    typed = [word[: random.choice([2, 3, 4])] for word in random.choices(words, k=SEARCHES)]
    return [
        Asked("filtered, with counts", filtered),
        Asked("words", [Query(on=TODAY, text=said) for said in texts]),
        Asked("near", near),
        Asked("everything", [Query(on=TODAY, page=page) for page in range(1, 21)]),
        Asked("autocomplete", typed),
    ]


def _words_of(entries: list[Entry], random: Random) -> list[str]:
    said = [word for each in random.sample(entries, 200) for word in each.title.split()]
    return [word for word in said if word.isalpha() and len(word) > 2]


def _times(rival: Rival, asked: Asked) -> tuple[object, ...]:
    first: list[float] = []
    again: list[float] = []
    bare: list[float] = []
    for took in (first, again):
        took.extend(milliseconds(_ask(rival.engine, each)) for each in asked.searches)
    for _ in range(2):
        bare = [milliseconds(_ask(rival.bare, each)) for each in asked.searches]
    ours = [percentile(again, part) for part in (50, 95)]
    theirs = [percentile(bare, part) for part in (50, 95)]
    return (
        *(f"{each:.1f}" for each in (*ours, percentile(first, 95), *theirs)),
        *(f"{one / other:.2f}" for one, other in zip(ours, theirs, strict=True)),
    )


def _ready(rival: Rival) -> tuple[object, ...]:
    began = time.monotonic()
    asked = warm(rival.engine, on=TODAY)
    return f"{time.monotonic() - began:.1f}", asked


def _ask(whom: Engine | Bare, asked: Query | str) -> Callable[[], object]:
    if isinstance(asked, str):
        return lambda: whom.suggest(asked)
    return lambda: whom.search(asked)


def _built(rival: Rival) -> tuple[object, ...]:
    took = []
    octets = rival.size()
    for number in range(WRITES):
        one = entry(f"Quincunx{number}")

        def write_and_find(one: Entry = one) -> None:
            rival.engine.add([one])
            assert rival.engine.search(Query(on=TODAY, text=one.title)).total == 1

        took.append(milliseconds(write_and_find))
    return (
        rival.name,
        f"{rival.seconds:.1f}",
        f"{octets / 1e6:.0f}",
        f"{median(took):.1f}",
        f"{percentile(took, 95):.1f}",
    )


def _octets(folder: Path) -> int:
    beside = (each for each in folder.parent.glob(f"{folder.name}*"))
    files = (path for each in beside for path in each.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files)


def _real(app: Flask, place: Place) -> list[Entry]:
    with using(app, place):
        run(app, "setup")
        if REGISTER.exists():
            run(app, "import", "register", str(REGISTER), "--go")
        else:
            print(f"\n*** {REGISTER} is not there: the register is left out ***")
        with reading(of_one_instant=True) as session:
            return list(entries_of(session, changed=None, at=clock.now()))
