"""Addresses, colours and districts of a portal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.councils import rules
from marketplace.councils.errors import (
    BadColourError,
    BadDistrictError,
    PoorContrastError,
    SlugTakenError,
)


class TestPortalSlug:
    def test_is_written_small(self) -> None:
        assert rules.portal_slug(" Green-Valley ") == "green-valley"

    @pytest.mark.parametrize("typed", ["ab", "-abc", "abc-", "a b c", "x" * 41, "ünder", "", "a/b"])
    def test_that_is_no_plain_word_is_refused(self, typed: str) -> None:
        with pytest.raises(SlugTakenError, match="small letters"):
            rules.portal_slug(typed)

    @pytest.mark.parametrize("typed", sorted(rules.RESERVED_SLUGS - {"new"}))
    def test_of_our_own_pages_is_refused(self, typed: str) -> None:
        with pytest.raises(SlugTakenError):
            rules.portal_slug(typed)


class TestColours:
    @pytest.mark.parametrize(
        ("colour", "contrast"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54)]
    )
    def test_have_the_contrast_that_the_guidelines_say(self, colour: str, contrast: float) -> None:
        assert rules.contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)

    def test_just_dark_enough_is_enough(self) -> None:
        assert rules.brand_colour("#767676") == "#767676"

    def test_just_too_light_is_refused(self) -> None:
        with pytest.raises(PoorContrastError, match=r"a contrast of 4\.5"):
            rules.brand_colour("#777777")

    @pytest.mark.parametrize("typed", ["1d5c63", "#1d5c6", "#1d5c6g", "teal", "#1d5c63;}", ""])
    def test_that_are_no_six_digits_are_refused(self, typed: str) -> None:
        with pytest.raises(BadColourError):
            rules.accent_colour(typed)

    @given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
    def test_of_words_can_always_be_read(self, colour: str) -> None:
        readable = rules.readable_on_white(colour)

        assert rules.contrast_with_white(readable) >= 5
        assert readable == colour or rules.contrast_with_white(colour) < 5


class TestDistricts:
    def test_are_read_from_a_list_each_once(self) -> None:
        assert rules.districts_in("ls6, LS7\nbd1 EC1A ls6") == ("LS6", "LS7", "BD1", "EC1A")

    @pytest.mark.parametrize("typed", ["Leeds", "LS6 1AB", "6LS", "LS166"])
    def test_that_are_none_are_refused(self, typed: str) -> None:
        with pytest.raises(BadDistrictError):
            rules.districts_in(typed)
