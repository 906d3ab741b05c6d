"""Entries for tests: one at a time by keyword, or a whole market from a seed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

from marketplace.places.rules import Point
from marketplace.search.adapters import Engine
from marketplace.search.rules import Entry, EntryKind, Facet, Query, Results, Sort

TODAY = date(2026, 3, 4)
LEEDS = Point(430_000, 433_000)

_WORDS = (
    "wash washing shower bathing dressing meals dinner shopping cleaning garden gardening hedge "
    "lifts driving company chat walk cinema music drumming dementia autism night sleeping respite "
    "break forms letters bank swimming gym horse painting choir football cooking lunch club café "
    "Zoë befriending hoist wheelchair ramp nurse massage hair dog cat help support care service"
)
WORDS = _WORDS.split()


def entry(title: str = "Help at home", **fields: Any) -> Entry:  # noqa: ANN401
    """Return an entry with a title, and whatever else the test is about."""
    base = Entry(id=uuid4(), kind=EntryKind.OFFER, title=title)
    return replace(base, **fields)


def ask(finder: Engine, text: str = "", **wish: Any) -> Results:  # noqa: ANN401
    """Return what an engine answers today."""
    return finder.search(Query(text=text, on=TODAY, **wish))


def write_and_read_at_once(finder: Engine, *, each: int) -> None:
    """Let so many threads add five paintings each, while as many always find the only choir."""
    failures: list[Exception] = []

    def work(name: str) -> None:
        try:
            for number in range(5):
                if name.startswith("writer"):
                    finder.add([entry(f"Painting {name} {number}")])
                assert ask(finder, "choir").total == 1
        except Exception as failure:  # noqa: BLE001 - a thread has nowhere else to say it
            failures.append(failure)

    threads = [
        Thread(target=work, args=(f"{role}{number}",))
        for role in ("writer", "reader")
        for number in range(each)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def titles(finder: Engine, entries: list[Entry], text: str = "", **wish: Any) -> list[str]:  # noqa: ANN401
    """Return the titles an engine finds among some entries, in its order."""
    named = {one.id: one.title for one in entries}
    return [named[hit.id] for hit in ask(finder, text, **wish).ids]


def everything(finder: Engine, query: Query) -> dict[UUID, int | None]:
    """Return all that a search finds, page after page, and how far away it is."""
    found: dict[UUID, int | None] = {}
    page = 1
    while True:
        results = finder.search(replace(query, page=page, page_size=50))
        found |= {hit.id: hit.distance_metres for hit in results.ids}
        if page * 50 >= results.total:
            return found
        page += 1


def market(size: int, random: Random) -> list[Entry]:
    """Return so many entries of all kinds."""
    return [_any_entry(random) for _ in range(size)]


def any_query(random: Random) -> Query:
    """Return a search for anything, narrowed down by anything."""
    chosen = {
        facet: frozenset(random.choices(values, k=2))
        for facet, values in CHOICES.items()
        if random.random() < 0.15
    }
    near = Point(430_000 + random.randrange(30_000), 433_000 + random.randrange(30_000))
    return Query(
        on=TODAY,
        text=" ".join(random.choices(WORDS, k=random.choice([0, 1, 1, 2, 2, 3]))),
        near=random.choice([None, near]),
        within_metres=random.choice([None, 2_000, 10_000]),
        selected=chosen,
        council=random.choice([None, "north", "south"]),
        sort=random.choice(list(Sort)),
    )


def priced_query(random: Random, entries: Sequence[Entry]) -> Query:
    """Return any search of somebody who has agreed prices for a third of some entries."""
    own = {one.id: random.choice([0, 5_00, 12_00, 29_99, 45_00]) for one in entries[::3]}
    return replace(any_query(random), own_prices=own)


CHOICES = {
    Facet.CATEGORY: ["home", "meals", "garden", "out"],
    Facet.KIND: [kind.value for kind in EntryKind],
    Facet.PRICE_BAND: ["free", "under_10", "10_15", "15_20", "20_30", "over_30"],
    Facet.DAY: ["mon", "tue", "sat", "sun"],
    Facet.TIME: ["morning", "evening", "night"],
    Facet.LANGUAGE: ["Polish", "British Sign Language", "Urdu"],
    Facet.AGE: ["children", "young", "adults", "older"],
    Facet.CHECKED: ["yes"],
    Facet.SPACE: ["yes"],
}


def _any_entry(random: Random) -> Entry:
    def some(facet: Facet) -> frozenset[str]:
        return frozenset(random.choices(CHOICES[facet], k=random.randint(0, 2)))

    placed = random.random() < 0.9
    return Entry(
        id=UUID(int=random.getrandbits(128)),
        kind=random.choice(list(EntryKind)),
        title=" ".join(random.choices(WORDS, k=3)),
        by=random.choice(["Ann", "Brook Care", "Zoë's kitchen"]),
        words=" ".join(random.choices(WORDS, k=12)),
        category=random.choice(CHOICES[Facet.CATEGORY]),
        councils=frozenset(random.choice([[], ["north"], ["north", "south"]])),
        easting=430_000 + random.randrange(30_000) if placed else None,
        northing=433_000 + random.randrange(30_000) if placed else None,
        reach_metres=random.choice([None, 1_000, 8_000]),
        price_pence=random.choice([None, 0, 9_99, 10_00, 14_50, 19_99, 30_00]),
        free=random.random() < 0.1,
        days=some(Facet.DAY),
        times=some(Facet.TIME),
        languages=some(Facet.LANGUAGE),
        checked=random.random() < 0.5,
        has_space=random.random() < 0.5,
        rating_tenths=random.choice([None, 31, 44]),
        stale=random.random() < 0.1,
        from_register=random.random() < 0.1,
        ages=some(Facet.AGE),
    )
