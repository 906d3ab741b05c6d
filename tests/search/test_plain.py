"""Words of sorrow and of every day are not put right, whatever they are like."""

import pytest

from marketplace.search.rules.plain import is_plain
from marketplace.search.rules.spelling import nearest, unknown_words
from marketplace.search.rules.vocabulary import Concept


@pytest.mark.parametrize("word", ["died", "since", "dying", "lost", "afraid", "alone", "hurt"])
def test_a_plain_word_meant_itself(word: str) -> None:
    known = {"dried": 3, "sing": 9, "drying": 2, "list": 5, "afield": 1, "along": 4, "hurst": 1}

    assert is_plain(word)
    assert nearest(word, known) is None


@pytest.mark.parametrize(("typed", "meant"), [("gardning", "gardening"), ("shoping", "shopping")])
def test_a_wrong_word_is_still_put_right(typed: str, meant: str) -> None:
    assert nearest(typed, {"gardening": 3, "shopping": 2}) == meant


def test_sorrow_is_not_called_a_word_that_we_do_not_know() -> None:
    said = [Concept((word,), frozenset({word})) for word in ("died", "since", "xylophone")]

    assert unknown_words(said) == ("xylophone",)
