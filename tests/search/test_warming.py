"""A process asks what is asked most before anybody asks it."""

from random import Random

from marketplace.search.adapters import Engine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.warming import warm
from marketplace.search.rules import Query, Suggestion
from tests.search.conftest import OpenFinder
from tests.search.market import TODAY, ask, entry, market


class TestCommonWords:
    def test_the_words_of_most_entries_come_first(self, finder: Engine) -> None:
        finder.add([entry("Painting and choir"), entry("Painting"), entry("Painting football")])

        assert finder.common_words(1) == ["painting"]
        assert set(finder.common_words(9)) == {"painting", "choir", "football"}

    def test_an_idea_that_has_no_word_of_its_own_is_none(self, finder: Engine) -> None:
        finder.add([entry("Shower")])

        assert finder.common_words(9) == ["shower"]

    def test_there_are_none_in_an_empty_index(self, finder: Engine) -> None:
        finder.rebuild([])

        assert finder.common_words(9) == []


class TestGettingReady:
    def test_answers_are_the_same_as_without(self, finder: Engine, open_finder: OpenFinder) -> None:
        finder.rebuild(market(60, Random(3)))
        cold = open_finder(everyday_words())
        words = finder.common_words(9)

        assert warm(finder, on=TODAY) > len(words)
        for word in words:
            query = Query(on=TODAY, text=word)
            assert finder.search(query) == cold.search(query)
            assert finder.suggest(word[:3]) == cold.suggest(word[:3])

    def test_what_is_written_afterwards_is_found_and_counted(self, finder: Engine) -> None:
        finder.rebuild([entry("Painting")])
        warm(finder, on=TODAY)

        finder.add([entry("Painting for two"), entry("Shower")])

        assert ask(finder, "painting").total == 2
        assert Suggestion("painting", 2) in finder.suggest("pain")
        assert ask(finder, "personal care").total == 1

    def test_what_was_nowhere_is_counted_once_it_is_there(self, finder: Engine) -> None:
        finder.rebuild([entry("Painting")])
        assert finder.suggest("personal") == ()

        finder.add([entry("Shower"), entry("Personal stereo")])

        counts = {each.text: each.count for each in finder.suggest("personal")}
        assert counts["personal care"] == 1
        assert counts["personal"] == 1

    def test_stops_when_its_time_is_over(self, finder: Engine) -> None:
        finder.rebuild(market(60, Random(3)))

        assert warm(finder, on=TODAY, seconds=0) == 0
