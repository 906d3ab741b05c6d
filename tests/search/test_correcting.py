"""What somebody meant who typed a wrong letter: known words, before all in known phrases."""

from collections.abc import Mapping

import pytest

from marketplace.search.rules import Group, Vocabulary
from marketplace.search.rules.english import is_english
from marketplace.search.rules.spelling import Corrected, corrected

WORDS = Vocabulary(
    (
        Group(("stair lift", "lift up the stairs"), ("help with the stairs",)),
        Group(("attendance allowance", "benefits")),
        Group(("theatre", "plays")),
        Group(("steering",), ("stere",)),
    )
)
INDEX: Mapping[str, int] = {"gardening": 3, "steer": 9, "staff": 4, "xylophone": 1}


def put_right(typed: str, *unknown: str) -> Corrected | None:
    """Put a search right in which some words occur nowhere."""
    return corrected(typed, unknown or typed.split(), lambda _: INDEX, WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gardning", "gardening"),
        ("thaetre", "theatre"),
        ("atendance alowance", "attendance allowance"),
        ("attendanceallowance", "attendance allowance"),
        ("xylo phone", "xylophone"),
    ],
)
def test_surely_meant(typed: str, meant: str) -> None:
    assert put_right(typed) == Corrected(meant, surely=True)


def test_what_goes_with_the_next_word_is_meant_before_what_is_commoner() -> None:
    assert put_right("staer", "staer") == Corrected("steer", surely=True)
    assert put_right("staer lift", "staer") == Corrected("stair lift", surely=True)


def test_only_the_wrong_words_are_changed() -> None:
    found = put_right("My GARDNING, please", "gardning")

    assert found == Corrected("my gardening please", surely=True)


def test_short_words_are_like_too_many_others() -> None:
    assert put_right("stff", "stff") == Corrected("staff", surely=False)


def test_words_that_say_nothing_were_not_meant() -> None:
    assert put_right("thetre", "thetre") == Corrected("theatre", surely=True)


@pytest.mark.parametrize("word", ["front", "bridge", "origami", "marathon"])
def test_an_english_word_was_not_surely_another(word: str) -> None:
    assert is_english(word)
    found = put_right(word)
    assert found is None or not found.surely


@pytest.mark.parametrize("word", ["demenita", "bureavement", "alzmiers", "onilne"])
def test_what_is_no_english_word_is_known_to_be_none(word: str) -> None:
    assert not is_english(word)


def test_nothing_is_put_right_where_nothing_is_alike() -> None:
    assert put_right("qqqqqqqq") is None
    assert put_right("", "x") is None
