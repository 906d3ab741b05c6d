"""Who may be in danger is told who helps at once; who is not is left in peace."""

import pytest

from marketplace.search.adapters.vocabulary import signs_of_danger
from marketplace.search.rules.danger import Danger, dangers
from marketplace.search.rules.words import words


@pytest.mark.parametrize(
    ("typed", "danger"),
    [
        ("suicidal", Danger.MYSELF),
        ("I don’t want to live any more", Danger.MYSELF),
        ("help, I want to DIE", Danger.MYSELF),
        ("self-harm group", Danger.MYSELF),
        ("suicdal", Danger.MYSELF),
        ("domestic voilence", Danger.OTHERS),
        ("domestic abuse", Danger.OTHERS),
        ("my son hits me", Danger.OTHERS),
        ("somebody is stealing from me", Danger.OTHERS),
        ("I’m scared of my carer", Danger.OTHERS),
    ],
)
def test_is_seen_in_what_is_typed(typed: str, danger: Danger) -> None:
    assert dangers(typed, signs_of_danger()) == {danger}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "touch screen",
        "a hit song",
        "my back hurts",
        "refugees",
        "drum beats",
        "end of life",
        "domestic help",
        "xxxxxx",
    ],
)
def test_is_not_seen_where_there_is_none(typed: str) -> None:
    assert dangers(typed, signs_of_danger()) == frozenset()


def test_every_sign_is_written_as_it_is_compared() -> None:
    for phrases in signs_of_danger().values():
        assert [phrase for phrase in phrases if phrase != " ".join(words(phrase))] == []
