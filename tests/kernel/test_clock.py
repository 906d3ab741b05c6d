"""Lengths of time in words."""

import pytest

from marketplace.kernel.clock import length_words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (150, "2 hours 30 minutes"),
    ],
)
def test_a_length_is_written_in_words(minutes: int, words: str) -> None:
    assert length_words(minutes) == words
