"""References on bank transfers: every single slip is noticed, and the nearest is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments.rules import (
    LENGTH,
    LETTERS,
    is_reference,
    nearly_in,
    new_reference,
    references_in,
    written,
)

REFERENCES = st.integers(0, len(LETTERS) ** (LENGTH - 1) - 1).map(new_reference)
PLACES = st.integers(0, LENGTH - 1)
ANYTHING = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@given(reference=REFERENCES)
def test_a_reference_is_right_and_is_found_however_it_is_written(reference: str) -> None:
    first, second = reference[:4], reference[4:]
    written_so = (
        f"{first}-{second}",
        f"{first} {second}",
        reference.lower(),
        f"FASTER PAYMENT {reference} FROM MUM",
        f"ref:{first.lower()}-{second.lower()}.",
    )

    assert is_reference(reference)
    assert all(references_in(text) == [reference] for text in written_so)


@given(reference=REFERENCES, place=PLACES, letter=ANYTHING)
def test_one_wrong_character_is_noticed(reference: str, place: int, letter: str) -> None:
    wrong = reference[:place] + letter + reference[place + 1 :]

    assert is_reference(wrong) == (wrong == reference)


@given(reference=REFERENCES, place=st.integers(0, LENGTH - 2))
def test_two_neighbours_that_changed_places_are_noticed(reference: str, place: int) -> None:
    wrong = _swapped(reference, place)

    assert is_reference(wrong) == (wrong == reference)


@given(reference=REFERENCES, place=PLACES, letter=ANYTHING)
def test_one_slip_leads_back_to_the_reference(reference: str, place: int, letter: str) -> None:
    slips = [
        reference[:place] + letter + reference[place + 1 :],
        reference[:place] + reference[place + 1 :],
        _swapped(reference, min(place, LENGTH - 2)),
        reference[:place] + letter + reference[place:],
    ]

    for slip in slips:
        text = f"PAY {slip} NOW"
        assert reference in [*references_in(text), *nearly_in(text)], slip


@given(text=st.text(max_size=300))
def test_any_words_can_be_looked_through(text: str) -> None:
    assert all(map(is_reference, [*references_in(text), *nearly_in(text)]))


@pytest.mark.parametrize("text", ["", "MK7Q", "MK7Q4XHT9", "OOOOOOOO", "        "])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert not is_reference(text)
    assert references_in(text) == []


def test_no_reference_has_a_character_that_is_taken_for_another() -> None:
    assert set(LETTERS).isdisjoint("ABEILOSUZ0158")
    assert len(LETTERS) == 23


def test_a_reference_is_read_in_two_halves() -> None:
    assert written(new_reference(0)) == "CCCC-CCCC"


def _swapped(reference: str, place: int) -> str:
    first, second = reference[place], reference[place + 1]
    return reference[:place] + second + first + reference[place + 2 :]
