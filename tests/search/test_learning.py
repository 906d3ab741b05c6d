"""A process that has just begun learns in one go what many entries have."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, text

from marketplace.search.adapters.postgres import PostgresEngine
from marketplace.search.adapters.postgres.learning import COMMON
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.warming import warm
from marketplace.search.rules import Query, Suggestion
from tests.search.conftest import empty
from tests.search.market import TODAY, WORDS, ask, entry, market
from tests.statements import statements

pytestmark = pytest.mark.postgres

MANY = 1_200
STARTS = sorted({word[:letters].casefold() for word in WORDS for letters in (2, 3, 4)})


@pytest.fixture(scope="module")
def filled(index_database: Database) -> Iterator[Database]:
    """Return a database with an index in which many entries have each word."""
    empty(index_database)
    PostgresEngine(index_database, everyday_words()).rebuild(market(MANY, Random(5)))
    yield index_database
    empty(index_database)


@contextmanager
def looked_up(database: Database) -> Iterator[list[str]]:
    """Note every idea for which the database goes through the entries."""
    ideas: list[str] = []

    def note(*told: Any) -> None:  # noqa: ANN401
        if "tokens @@" in told[2]:
            ideas.extend(told[3]["ideas"])

    event.listen(database, "before_cursor_execute", note)
    try:
        yield ideas
    finally:
        event.remove(database, "before_cursor_execute", note)


def having(database: Database, idea: str) -> int:
    """Return how many entries have an idea."""
    there = text("SELECT count(*) FROM search_entries WHERE tokens @@ CAST(:idea AS tsquery)")
    with database.connect() as connection:
        return int(connection.scalars(there, {"idea": idea}).one())


class TestWhatManyHave:
    def test_no_common_beginning_is_looked_up_among_the_entries(self, filled: Database) -> None:
        begun = PostgresEngine(filled, everyday_words())
        begun.learn([])

        with looked_up(filled) as ideas:
            for start in STARTS:
                begun.suggest(start)

        assert ideas
        assert max(having(filled, idea) for idea in set(ideas)) < COMMON

    def test_no_common_word_is_looked_up_among_the_entries(self, filled: Database) -> None:
        begun = PostgresEngine(filled, everyday_words())
        common = begun.common_words(len(WORDS))
        begun.learn(common)

        with looked_up(filled) as ideas:
            for word in common:
                ask(begun, word)

        assert ideas == []

    def test_answers_are_those_of_who_learned_nothing(self, filled: Database) -> None:
        begun, cold = (PostgresEngine(filled, everyday_words()) for _ in range(2))
        begun.learn(WORDS)

        for start in STARTS:
            assert begun.suggest(start) == cold.suggest(start)
        for word in WORDS:
            query = Query(on=TODAY, text=word)
            assert begun.search(query) == cold.search(query)

    def test_learns_anew_what_it_knows_without_forgetting(self, filled: Database) -> None:
        begun, cold = (PostgresEngine(filled, everyday_words()) for _ in range(2))
        ask(begun, "painting")

        begun.learn(WORDS)
        begun.learn(WORDS)

        assert ask(begun, "painting") == ask(cold, "painting")

    def test_costs_the_same_number_of_statements_however_many_words(self, filled: Database) -> None:
        with statements() as few:
            PostgresEngine(filled, everyday_words()).learn(WORDS[:2])
        with statements() as many:
            PostgresEngine(filled, everyday_words()).learn(WORDS)

        assert len(few) == len(many)


def test_what_is_written_and_taken_out_later_is_counted_right(index_database: Database) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    paintings = [entry("Painting") for _ in range(250)]
    finder.rebuild(paintings)
    begun = PostgresEngine(index_database, everyday_words())
    begun.learn(["painting"])

    finder.add([entry("Painting for two")])
    finder.remove([paintings[0].id, paintings[1].id])

    assert ask(begun, "painting").total == 249
    assert Suggestion("painting", 249) in begun.suggest("pain")


def test_nothing_waits_to_be_put_into_the_index_after_a_rebuild_or_a_tidying(
    index_database: Database,
) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    again = text("SELECT gin_clean_pending_list('ix_search_entries_tokens')")

    finder.rebuild([entry("Painting") for _ in range(20)])
    with index_database.begin() as connection:
        assert connection.scalars(again).one() == 0

    finder.add([entry("Choir")])
    finder.tidy(TODAY)
    with index_database.begin() as connection:
        assert connection.scalars(again).one() == 0


def test_an_empty_index_teaches_nothing(index_database: Database) -> None:
    empty(index_database)
    finder = PostgresEngine(index_database, everyday_words())
    finder.rebuild([])

    finder.learn(["painting"])

    assert warm(finder, on=TODAY) == 0
    assert finder.suggest("pain") == ()
