"""How long a search takes on the demonstration, and with a public register imported on top."""

import itertools
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from marketplace.database import db, transaction
from marketplace.kernel import clock
from marketplace.places.queries import find_point
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import open_engine
from marketplace.search.commands import rebuild
from marketplace.search.rules import Query
from tests.bench.databases import Place, analyse, copy, using
from tests.bench.figures import milliseconds, percentile, print_table
from tests.bench.machine import warn_unless, watching

REGISTER = Path(__file__).parents[3] / "shared" / "data" / "registers" / "rqia-services.csv"
WORDS = (
    "help getting washed",
    "company",
    "somebody to go to the cinema with",
    "gardening",
    "drumming",
    "night sitter",
    "cook",
    "dementia",
    "day centre",
    "nursing home",
    "lift to hospital",
    "cleening",
    "learning disability",
    "swimming for women",
    "xyzzy",
    "",
)
NEAR = ("BD8", "LS6", "NR1", "BT1", None)
TIMES = 3
HEAD = ("", "can be found", "p50 ms", "p95 ms", "page p50 ms", "page p95 ms")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long it takes on each engine; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    sqlite = places[0]
    with using(app, sqlite):
        run(app, "setup")
    for what, prepare in (("demonstration", None), ("with the register", _import)):
        if prepare and not REGISTER.exists():
            print(f"\n*** {REGISTER} is not there: the register is left out ***")
            continue
        for place in places:
            with using(app, place):
                _fill(app, place, sqlite, prepare)
                with watching() as watch:
                    rows.append(_times(app, place, what))
            rows.append(watch.row(len(HEAD)))
            quiet = quiet and not watch.too_busy
    print_table(f"Search: {len(WORDS)} wordings × {len(NEAR)} places × {TIMES}", HEAD, rows)
    print(
        "  p50, p95: the engine alone, with filters counted. page: /find through the application\n"
        "  in this process (cards, prices, counting the search), gunicorn and network not.\n"
        "  sqlite searches with Whoosh, postgres with its own full text."
    )
    warn_unless(quiet=quiet)
    return quiet


def _fill(app: Flask, place: Place, sqlite: Place, prepare: Callable[[Flask], None] | None) -> None:
    if prepare:
        prepare(app)
    elif place is not sqlite:
        copy(sqlite)
    with transaction() as session:
        rebuild(session, _engine(place), at=clock.now())
    analyse()


def _import(app: Flask) -> None:
    run(app, "import", "register", str(REGISTER), "--go")


def _engine(place: Place) -> Engine:
    name = "postgres" if place.is_postgres else "whoosh"
    return open_engine(name, folder=place.var / "index", database=db.engine)


def _times(app: Flask, place: Place, what: str) -> tuple[object, ...]:
    engine, client = _engine(place), app.test_client()
    today = clock.local_day(clock.now())
    alone, paged = [], []
    for words, near in list(itertools.product(WORDS, NEAR)) * TIMES:
        point = find_point(near) if near else None
        query = Query(on=today, text=words, near=point, within_metres=32_000 if point else None)
        alone.append(milliseconds(lambda: engine.search(query)))  # noqa: B023
        asked = {"q": words, "near": near or ""}
        paged.append(milliseconds(lambda: client.get("/find", query_string=asked)))  # noqa: B023
    return (
        f"{place.engine}, {what}",
        f"{engine.size():,}",
        *(f"{percentile(took, part):.1f}" for took in (alone, paged) for part in (50, 95)),
    )


def run(app: Flask, *words: str) -> None:
    """Run one of the application's commands."""
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
