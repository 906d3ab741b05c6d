"""Guesses at what a sentence means."""

import pytest

from marketplace.search.adapters.meaning import PACKAGE, Meanings, meanings
from marketplace.search.rules import Group, Vocabulary

pytest.importorskip(PACKAGE, reason="pip install 'marketplace[semantic]' to suggest by meaning")


@pytest.fixture(scope="module")
def ideas() -> Meanings:
    found = meanings()
    assert found is not None
    return found


class TestMeaning:
    @pytest.mark.parametrize(
        ("typed", "idea"),
        [
            ("I cannot manage the stairs any more", "adaptations"),
            ("forgetting where I put things", "dementia"),
            ("the letters make no sense to me", "post and letters"),
            ("my back aches and I want somebody to massage it", "massage"),
            ("scared of falling on the ice", "falls"),
        ],
    )
    def test_a_sentence_in_other_words_is_near_its_idea(
        self, ideas: Meanings, typed: str, idea: str
    ) -> None:
        assert idea in ideas.near(typed)

    @pytest.mark.parametrize("typed", ["", "   ", "xyzzy", "\x00", "💐", "x" * 5_000, "'; DROP --"])
    def test_what_means_nothing_gives_no_idea(self, ideas: Meanings, typed: str) -> None:
        assert ideas.near(typed) == ()

    def test_gives_no_more_than_was_asked_for(self, ideas: Meanings) -> None:
        assert len(ideas.near("I cannot manage the stairs any more", limit=1)) == 1

    def test_gives_each_idea_once_by_its_first_phrase(self) -> None:
        few = Meanings(Vocabulary((Group(("choir", "singing together"), ("sing",)),)))

        assert few.near("singing together with others") == ("choir",)
