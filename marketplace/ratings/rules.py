"""Scores and what they add up to, and the rules by which a rating may be hidden. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from marketplace.ratings.errors import BadRatingError

SCORE_MIN = 1
SCORE_MAX = 5
WORDS_LENGTH_MAX = 2000
REASON_LENGTH_MAX = 500
PRIOR_MEAN_TENTHS = 38
PRIOR_WEIGHT = 5
"""A store is treated as if it had five ratings of 3.8 before its first real one."""


class HidingRule(StrEnum):
    """Why a rating may be hidden. A low score is no reason."""

    NAMES_SOMEBODY = "names_somebody"
    INSULTS = "insults"
    NOT_ABOUT_SUPPORT = "not_about_support"
    ADVERTISING = "advertising"
    PRIVATE_DETAILS = "private_details"

    @property
    def label(self) -> str:
        """The rule in words."""
        return _RULES[self]


_RULES: Mapping[HidingRule, str] = MappingProxyType(
    {
        HidingRule.NAMES_SOMEBODY: "It names somebody",
        HidingRule.INSULTS: "It insults somebody",
        HidingRule.NOT_ABOUT_SUPPORT: "It is not about the support",
        HidingRule.ADVERTISING: "It advertises something",
        HidingRule.PRIVATE_DETAILS: "It tells private details",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody says of the support: three answers, a score, and words if they like."""

    on_time: bool
    to_standard: bool
    again: bool
    score: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What all visible ratings of a provider add up to."""

    count: int = 0
    mean_tenths: int | None = None
    shrunken_tenths: int | None = None
    """For ranking: few ratings count for less than many."""
    on_time_percent: int | None = None
    to_standard_percent: int | None = None
    again_percent: int | None = None
    spread: tuple[int, ...] = (0, 0, 0, 0, 0)
    """How many gave one star, two stars … five stars."""


def checked_answers(answers: Answers) -> Answers:
    """Return answers that can be kept.

    Raises:
        BadRatingError: the score is not 1 to 5, or there are too many words.
    """
    if not SCORE_MIN <= answers.score <= SCORE_MAX:
        raise BadRatingError("Choose a score from 1 to 5.")
    if len(answers.words) > WORDS_LENGTH_MAX:
        raise BadRatingError(f"Use at most {WORDS_LENGTH_MAX:,} characters.")
    return answers


def checked_words(typed: str, *, most: int, needed: str) -> str:
    """Return words that are there and not too long; ``needed`` is said if there are none.

    Raises:
        BadRatingError: there are none, or too many.
    """
    words = typed.strip()
    if not words:
        raise BadRatingError(needed)
    if len(words) > most:
        raise BadRatingError(f"Use at most {most:,} characters.")
    return words


def mean_tenths(sum_of_scores: int, count: int) -> int | None:
    """Return the plain mean in tenths, half a tenth rounded up; None without ratings."""
    return _rounded(10 * sum_of_scores, count) if count else None


def shrunken_tenths(sum_of_scores: int, count: int) -> int | None:
    """Return the mean drawn towards 3.8, in tenths, for ranking; None without ratings.

    One rating of five stars does not put a store above another with forty of 4.7.
    """
    if not count:
        return None
    return _rounded(10 * sum_of_scores + PRIOR_MEAN_TENTHS * PRIOR_WEIGHT, count + PRIOR_WEIGHT)


def percent(part: int, count: int) -> int | None:
    """Return a share in whole percent, half rounded up; None of nothing."""
    return _rounded(100 * part, count) if count else None


def _rounded(total: int, count: int) -> int:
    return (2 * total + count) // (2 * count)
