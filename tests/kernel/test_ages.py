"""For which ages something is."""

import pytest

from marketplace.kernel.ages import ANY_AGE, AgeBand, Ages, BadAgesError, ages
from marketplace.kernel.labels import labels


class TestAges:
    @pytest.mark.parametrize(
        ("limits", "words", "bands"),
        [
            ((None, None), "", {"children", "young", "adults", "older"}),
            ((18, None), "18 and over", {"young", "adults", "older"}),
            ((26, None), "26 and over", {"adults", "older"}),
            ((65, None), "65 and over", {"older"}),
            ((None, 13), "Up to 13", {"children"}),
            ((None, 17), "Up to 17", {"children", "young"}),
            ((None, 18), "Up to 18", {"children", "young", "adults"}),
            ((5, 11), "5 to 11", {"children"}),
            ((14, 25), "14 to 25", {"young", "adults"}),
            ((18, 18), "18 only", {"young", "adults"}),
        ],
    )
    def test_say_their_words_and_bands(
        self, limits: tuple[int | None, int | None], words: str, bands: set[str]
    ) -> None:
        said = Ages(*limits)

        assert said.words == words
        assert said.bands == bands
        assert bool(said) is bool(words)

    def test_from_nought_on_is_no_limit(self) -> None:
        assert ages(0, None) == ANY_AGE

    @pytest.mark.parametrize("limits", [(-1, None), (None, 121), (20, 19), (None, -1)])
    def test_refuse_what_cannot_be(self, limits: tuple[int | None, int | None]) -> None:
        with pytest.raises(BadAgesError):
            ages(*limits)

    def test_every_band_has_words(self) -> None:
        assert list(labels("ages")) == [band.value for band in AgeBand]
