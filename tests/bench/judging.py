"""Does the right thing come up? Everyday searches with what was judged to be right for each.

The judged searches stand in ``judged/queries.csv``: what is typed, the titles that answer it, and
titles that are also good. They were written from what people ask for, not from the vocabulary.
"""

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from marketplace.database import db, transaction
from marketplace.kernel import clock
from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import open_engine
from marketplace.search.queries import entries
from marketplace.search.rules import Entry, Query
from marketplace.seeding import councils as portals
from marketplace.seeding import shops
from marketplace.seeding.cast import Cast
from tests.bench.databases import Place, using
from tests.bench.figures import print_table

JUDGED = Path(__file__).parent / "judged" / "queries.csv"
RIGHT, ALSO = 3, 1
"""What an answer is worth: one that is right, and one that is also good."""
DEEP = 10
FIRST = 3
SUCCESS_MIN = 0.9
HEAD = ("", "searches", "right in first 3", "right at the top", "nDCG@10", "nothing found")


@dataclass(frozen=True, slots=True)
class Judged:
    """One search, and what each title is worth as an answer to it."""

    typed: str
    worth: dict[str, int]


def judged_searches(path: Path = JUDGED) -> list[Judged]:
    """Read the judged searches."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Judged(
                row["typed"],
                dict.fromkeys(_titles(row["also"]), ALSO)
                | dict.fromkeys(_titles(row["right"]), RIGHT),
            )
            for row in csv.DictReader(file)
        ]


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how well each engine answers; tell whether all reach the aim."""
    with using(app, places[0]):
        market = _market()
    searches = judged_searches()
    rows, good = [], True
    for name, place in _engines(places):
        with using(app, place):
            engine = open_engine(name, folder=place.var / f"judged-{name}", database=db.engine)
            engine.rebuild(market)
            row, success = _judge(name, engine, market, searches)
        rows.append(row)
        good = good and success >= SUCCESS_MIN
    print_table("Everyday searches, on the stores and groups of the demonstration", HEAD, rows)
    if not good:
        print(f"  *** LESS THAN {SUCCESS_MIN:.0%} HAVE A RIGHT ANSWER AMONG THE FIRST {FIRST} ***")
    return good


def _engines(places: Sequence[Place]) -> list[tuple[str, Place]]:
    on_disk = [("whoosh", places[0]), ("tantivy", places[0])]
    return on_disk + [("postgres", place) for place in places if place.is_postgres]


def _market() -> list[Entry]:
    with transaction() as session:
        cast = Cast(clock.now())
        portals.add_categories(session)
        portals.add_councils(session, cast)
        shops.add_providers(session, cast)
        shops.add_groups(session, cast)
    with transaction() as session:
        return list(entries(session, changed=None, at=clock.now()))


def _judge(
    name: str, engine: Engine, market: Sequence[Entry], searches: Sequence[Judged]
) -> tuple[tuple[object, ...], float]:
    titles = {entry.id: entry.title for entry in market}
    unknown = {title for search in searches for title in search.worth} - set(titles.values())
    assert not unknown, f"judged, but not in the market: {sorted(unknown)}"
    found = {
        search.typed: [
            titles[hit.id]
            for hit in engine.search(Query(on=clock.local_day(clock.now()), text=search.typed)).ids
        ]
        for search in searches
    }
    in_first = _share(searches, lambda search: _is_right(search, found[search.typed][:FIRST]))
    at_top = _share(searches, lambda search: _is_right(search, found[search.typed][:1]))
    gain = sum(_ndcg(search, found[search.typed]) for search in searches) / len(searches)
    nothing = sum(not found[search.typed] for search in searches)
    for search in searches:
        if not _is_right(search, found[search.typed][:FIRST]):
            print(f"  {name}: {search.typed!r} gives {found[search.typed][:FIRST]}")
    row = (name, len(searches), f"{in_first:.1%}", f"{at_top:.1%}", f"{gain:.3f}", nothing)
    return row, in_first


def _share(searches: Sequence[Judged], fits: Callable[[Judged], bool]) -> float:
    return sum(map(fits, searches)) / len(searches)


def _is_right(search: Judged, titles: Sequence[str]) -> bool:
    return any(search.worth.get(title) == RIGHT for title in titles)


def _ndcg(search: Judged, titles: Sequence[str]) -> float:
    gained = _gain([search.worth.get(title, 0) for title in titles[:DEEP]])
    best = _gain(sorted(search.worth.values(), reverse=True)[:DEEP])
    return min(gained / best, 1.0)  # a title may stand for more than one entry


def _gain(worths: Sequence[int]) -> float:
    return sum(worth / math.log2(place + 2) for place, worth in enumerate(worths))


def _titles(cell: str) -> list[str]:
    return [title.strip() for title in cell.split("|") if title.strip()]
