"""What providers do not see of the words: what would tell who somebody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.asking.errors import BadAskError
from marketplace.asking.rules import LEFT_OUT, as_seen, checked_line, together

NAMES = {"Ada Quill", "Sam O'Hara-Hill"}
AROUND = st.text(st.sampled_from("ab cd.,!? \n"), max_size=30)
PHONES = ["01632 960777", "07700 900123", "+44 7700 900 123", "(01632) 960-777", "485 777 3456"]
POSTCODES = ["LS6 2AB", "ls62ab", "BD1 1AA", "SW1A 1AA", "Ls6  2aB"]
EMAILS = ["ada@mail.example", "a.quill+x@post.mail.example", "ADA@MAIL.EXAMPLE"]
ADDRESSES = ["14 Heron Street", "2b St Mary's Road", "7, Old Mill Lane"]
WRITTEN = ["Ada", "Quill", "ADA", "Ada Quill", "ada quill", "Sam", "O'Hara-Hill"]


@given(
    before=AROUND,
    after=AROUND,
    personal=st.sampled_from([*PHONES, *POSTCODES, *EMAILS, *ADDRESSES, *WRITTEN]),
)
def test_what_tells_who_somebody_is_is_never_seen(before: str, after: str, personal: str) -> None:
    seen = as_seen(f"{before} {personal} {after}", names=NAMES)

    assert personal not in seen.words
    assert LEFT_OUT in seen.words
    assert seen.left_out


@pytest.mark.parametrize(
    "words",
    [
        "I would like to swim on Tuesdays at 10.30, for £12.50 an hour.",
        "From 4 March 2026 to 6 April, about 20 hours a week.",
        "The adage of the quills: adagio, slowly.",
        "I am 84. I live in LS6 with 2 cats.",
        "Bus 56 or 6 stops here. Room 101, twice.",
        "",
    ],
)
def test_what_does_not_is_seen_as_it_was_written(words: str) -> None:
    assert as_seen(words, names=NAMES).words == words
    assert as_seen(words, names=NAMES).left_out == ()


def test_says_what_was_left_out_each_kind_once() -> None:
    title = as_seen("Ring 01632 960777", names=NAMES)
    words = as_seen("I am Ada. Ring 01632 960777 or ada@mail.example", names=NAMES)

    assert together(title, words) == (
        "a phone number or another long number",
        "an e-mail address",
        "a name",
    )
    assert words.words == f"I am {LEFT_OUT}. Ring {LEFT_OUT} or {LEFT_OUT}"


def test_a_name_that_is_not_known_hides_nothing() -> None:
    assert as_seen("Rose likes roses", names={""}).words == "Rose likes roses"


def test_words_are_there_and_not_too_long() -> None:
    assert checked_line(" a ", needed="Say it.", most=1, field="words") == "a"
    with pytest.raises(BadAskError, match="Say it"):
        checked_line("  ", needed="Say it.", most=1, field="words")
    with pytest.raises(BadAskError, match="at most 1 characters") as refused:
        checked_line("ab", needed="Say it.", most=1, field="title")
    assert refused.value.field == "title"
