"""Both engines find the same, however they are asked."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine as Database

from marketplace.search.adapters import Engine
from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine
from tests.search.conftest import empty
from tests.search.market import any_query, ask, everything, market

pytestmark = pytest.mark.postgres

Pair = tuple[Engine, Engine]


@pytest.fixture
def pair(index_database: Database, tmp_path: Path) -> Iterator[Pair]:
    """Return both engines, filled with the same 300 entries."""
    empty(index_database)
    entries = market(300, Random(11))
    both = (
        WhooshEngine(tmp_path / "index", everyday_words()),
        PostgresEngine(index_database, everyday_words()),
    )
    for finder in both:
        finder.rebuild(entries)
        finder.remove(one.id for one in entries[:20])
        finder.add(entries[10:15])
    yield both
    empty(index_database)


def test_a_hundred_searches_find_count_and_offer_the_same(pair: Pair) -> None:
    one, other = pair
    random = Random(5)
    found_something = 0
    for _ in range(100):
        query = any_query(random)
        first, second = one.search(query), other.search(query)
        found_something += bool(first.total)
        assert first.total == second.total, query
        assert first.counts == second.counts, query
        assert (first.ignored, first.widened) == (second.ignored, second.widened), query
        assert everything(one, query) == everything(other, query), query
    assert found_something > 50


@pytest.mark.parametrize("typed", ["gardning", "drumimng", "wheelchar", "shopin", "seimming"])
def test_both_understand_a_slip_alike(pair: Pair, typed: str) -> None:
    answers = {ask(finder, typed).did_you_mean for finder in pair}

    assert len(answers) == 1
    assert answers != {None}


@pytest.mark.parametrize("typed", ["ga", "sw", "help wi", "personal", "painting ch"])
def test_both_go_on_alike(pair: Pair, typed: str) -> None:
    one, other = (finder.suggest(typed) for finder in pair)

    assert one == other != ()
