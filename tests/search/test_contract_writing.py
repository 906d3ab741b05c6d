"""What every engine does alike when its index is written."""

from uuid import uuid4

import pytest

from marketplace.search.adapters import Engine
from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.errors import SearchRestingError
from marketplace.search.rules import Facet, Group, Vocabulary
from tests.search.conftest import OpenFinder
from tests.search.market import ask, entry


class TestWriting:
    def test_a_new_index_is_empty_and_wants_to_be_filled(self, finder: Engine) -> None:
        assert finder.size() == 0
        assert finder.needs_rebuild()

    def test_a_later_entry_takes_the_place_of_an_earlier_one(self, finder: Engine) -> None:
        first = entry("Painting")
        finder.add([first])
        finder.add([entry("Choir", id=first.id)])

        assert (ask(finder, "painting").total, ask(finder, "choir").total) == (0, 1)
        assert finder.size() == 1

    def test_of_two_with_one_id_in_one_go_the_last_one_counts(self, finder: Engine) -> None:
        first = entry("Painting")
        finder.add([first, entry("Choir", id=first.id)])

        assert (finder.size(), ask(finder, "choir").total) == (1, 1)

    def test_what_is_removed_is_found_and_counted_no_more(self, finder: Engine) -> None:
        gone, stays = entry("Choir", category="out"), entry("Choir", category="home")
        finder.add([gone, stays])

        finder.remove([gone.id, uuid4()])

        results = ask(finder, "choir")
        assert [hit.id for hit in results.ids] == [stays.id]
        assert results.counts[Facet.CATEGORY] == {"home": 1}

    def test_adding_and_removing_nothing_is_no_error(self, finder: Engine) -> None:
        finder.add([])
        finder.remove([])

        assert finder.size() == 0

    def test_rebuilding_replaces_everything(self, finder: Engine) -> None:
        finder.add([entry("Painting") for _ in range(3)])

        finder.rebuild(entry("Choir") for _ in range(2))

        assert (finder.size(), ask(finder, "painting").total) == (2, 0)
        assert not finder.needs_rebuild()

    def test_another_process_sees_what_was_written(
        self, finder: Engine, open_finder: OpenFinder
    ) -> None:
        other = open_finder(everyday_words())
        finder.rebuild([entry("Choir")])

        assert ask(other, "choir").total == 1
        other.add([entry("Choir")])
        assert ask(finder, "choir").total == 2

    def test_an_index_made_with_other_words_wants_to_be_filled_again(
        self, finder: Engine, open_finder: OpenFinder
    ) -> None:
        finder.rebuild([entry("Choir")])

        assert open_finder(Vocabulary((Group(("choir", "singing")),))).needs_rebuild()


class TestResting:
    def test_a_new_index_rests_until_it_is_filled(self, finder: Engine) -> None:
        assert not finder.ready()
        assert finder.suggest("choir") == ()
        with pytest.raises(SearchRestingError, match="coming back"):
            ask(finder, "choir")

        finder.rebuild([entry("Choir")])

        assert finder.ready()
        assert ask(finder, "choir").total == 1

    def test_an_empty_market_does_not_rest(self, finder: Engine) -> None:
        finder.rebuild([])

        assert finder.ready()
        assert not finder.needs_rebuild()
        assert ask(finder, "choir").total == 0

    def test_a_market_that_became_empty_does_not_rest(self, finder: Engine) -> None:
        last = entry("Choir")
        finder.rebuild([last])
        finder.remove([last.id])

        assert finder.ready()
        assert ask(finder).total == 0

    def test_an_index_made_with_other_words_answers_until_it_is_made_anew(
        self, finder: Engine, open_finder: OpenFinder
    ) -> None:
        finder.rebuild([entry("Choir")])

        other = open_finder(Vocabulary((Group(("choir", "singing")),)))

        assert (other.ready(), other.needs_rebuild()) == (True, True)
        assert ask(other, "choir").total == 1

    def test_no_engine_wants_anything_of_its_operator_while_it_is_small(
        self, finder: Engine
    ) -> None:
        finder.rebuild([entry("Choir")])

        assert finder.advice() is None
