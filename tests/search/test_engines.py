"""All engines find the same, however they are asked."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine as Database

from marketplace.search.adapters import Engine
from marketplace.search.adapters.choose import open_engine
from tests.search.conftest import empty
from tests.search.market import any_query, ask, everything, market, priced_query

pytestmark = pytest.mark.postgres

All = tuple[Engine, ...]


@pytest.fixture
def engines(index_database: Database, tmp_path: Path) -> Iterator[All]:
    """Return all engines, filled with the same 300 entries."""
    empty(index_database)
    entries = market(300, Random(11))
    names = ("whoosh", "postgres", *(["tantivy"] if find_spec("tantivy") else []))
    made = tuple(
        open_engine(name, folder=tmp_path / "index", database=index_database) for name in names
    )
    for finder in made:
        finder.rebuild(entries)
        finder.remove(one.id for one in entries[:20])
        finder.add(entries[10:15])
    yield made
    empty(index_database)


def test_a_hundred_searches_find_count_and_offer_the_same(engines: All) -> None:
    one, *others = engines
    random = Random(5)
    entries = market(300, Random(11))
    found_something = 0
    for number in range(100):
        query = priced_query(random, entries) if number % 4 == 0 else any_query(random)
        first, found = one.search(query), everything(one, query)
        found_something += bool(first.total)
        for other in others:
            second = other.search(query)
            assert first.total == second.total, (other, query)
            assert first.counts == second.counts, (other, query)
            assert (first.ignored, first.widened) == (second.ignored, second.widened), query
            assert found == everything(other, query), (other, query)
    assert found_something > 50


@pytest.mark.parametrize("typed", ["gardning", "drumimng", "wheelchar", "cinemma", "seimming"])
def test_all_understand_a_slip_alike(engines: All, typed: str) -> None:
    answers = {ask(finder, typed).did_you_mean for finder in engines}

    assert len(answers) == 1
    assert answers != {None}


@pytest.mark.parametrize("typed", ["ga", "sw", "help wi", "personal", "painting ch"])
def test_all_go_on_alike(engines: All, typed: str) -> None:
    offered = {finder.suggest(typed) for finder in engines}

    assert len(offered) == 1
    assert offered != {()}
