"""Scores and what they add up to."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ratings.errors import BadRatingError
from marketplace.ratings.rules import (
    Answers,
    HidingRule,
    checked_answers,
    checked_words,
    mean_tenths,
    percent,
    shrunken_tenths,
)

scores = st.lists(st.integers(1, 5), min_size=1, max_size=60)


class TestShrunkenMean:
    def test_of_nothing_is_nothing(self) -> None:
        assert shrunken_tenths(0, 0) is None

    def test_draws_one_rating_of_five_towards_3_8(self) -> None:
        # (5 × 3.8 + 5) / 6 = 4.0
        assert shrunken_tenths(5, 1) == 40

    def test_lets_forty_of_4_7_stand_above_one_of_five(self) -> None:
        # (5 × 3.8 + 188) / 45 = 4.6
        assert shrunken_tenths(188, 40) == 46

    @given(scores)
    def test_lies_between_the_mean_and_3_8(self, given_scores: list[int]) -> None:
        shrunken = shrunken_tenths(sum(given_scores), len(given_scores))
        mean = mean_tenths(sum(given_scores), len(given_scores))

        assert shrunken is not None
        assert mean is not None
        assert min(mean, 38) <= shrunken <= max(mean, 38)

    @given(scores, st.integers(1, 4))
    def test_never_falls_when_a_score_rises(self, given_scores: list[int], low: int) -> None:
        count = len(given_scores) + 1
        lower = shrunken_tenths(sum(given_scores) + low, count)
        higher = shrunken_tenths(sum(given_scores) + low + 1, count)

        assert lower is not None
        assert higher is not None
        assert lower <= higher


def test_a_mean_is_rounded_half_up() -> None:
    # 4 and 5 and 5 and 4 are 4.5; 4 4 5 are 4.33; 4 5 5 are 4.67.
    assert [mean_tenths(18, 4), mean_tenths(13, 3), mean_tenths(14, 3)] == [45, 43, 47]
    assert mean_tenths(0, 0) is None


def test_a_share_is_in_whole_percent() -> None:
    assert [percent(1, 3), percent(1, 8), percent(0, 0)] == [33, 13, None]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: checked_answers(Answers(on_time=True, to_standard=True, again=True, score=0)),
        lambda: checked_answers(Answers(on_time=True, to_standard=True, again=True, score=6)),
        lambda: checked_answers(
            Answers(on_time=True, to_standard=True, again=True, score=5, words="a" * 2001)
        ),
        lambda: checked_words("  ", most=10, needed="Write something."),
        lambda: checked_words("a" * 11, most=10, needed="Write something."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(BadRatingError):
        wrong()


def test_every_rule_has_its_words() -> None:
    assert all(rule.label for rule in HidingRule)
