"""What is typed about an ask, in which words it is shown, and what providers do not see of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from marketplace.asking.errors import BadAskError

TITLE_LENGTH_MAX = 80
WORDS_LENGTH_MAX = 3_000
REASON_LENGTH_MAX = 1_000
OPEN_ASKS_MAX = 10
"""So many things one person may have asked for at a time."""
ASKS_MAX, ANSWERS_MAX = 5, 30
"""So many one account may send in a quarter of an hour."""
LEFT_OUT = "[left out]"
"""What providers read where something stood by which somebody could be found."""
_NAME_LENGTH_MIN = 3


class Often(StrEnum):
    """How often somebody wants support."""

    ONCE = "once"
    WEEKLY = "weekly"
    SEVERAL = "several"
    DAILY = "daily"
    NOW_AND_THEN = "now_and_then"
    UNSURE = "unsure"

    @property
    def label(self) -> str:
        """The answer in words."""
        return _OFTEN[self]


_OFTEN: Mapping[Often, str] = MappingProxyType(
    {
        Often.ONCE: "Just once",
        Often.WEEKLY: "Once a week",
        Often.SEVERAL: "Several times a week",
        Often.DAILY: "Every day",
        Often.NOW_AND_THEN: "Now and then",
        Often.UNSURE: "I do not know yet",
    }
)


class BudgetPer(StrEnum):
    """For what somebody's money is meant."""

    HOUR = "hour"
    WEEK = "week"
    ALL = "all"

    @property
    def label(self) -> str:
        """The words after an amount."""
        return {"hour": "an hour", "week": "a week", "all": "in all"}[self.value]


_LONG_NUMBER = r"\+?\(?\d(?:[\s().\-/]{0,2}\d){8,}"
_POSTCODE = r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?[\s\-.]{0,2}\d[A-Za-z]{2}\b"
_EMAIL = r"[^\s@<>()]+\s?@\s?[^\s@<>()]+\.[A-Za-z]{2,}"
_STREETS = (
    *("street", "st", "road", "rd", "lane", "avenue", "ave", "close", "drive", "way", "court"),
    *("place", "terrace", "grove", "gardens", "crescent", "square", "walk", "view", "mews", "row"),
)
_ADDRESS = rf"\b\d{{1,4}}[A-Za-z]?,?\s+(?:[A-Za-z’'\-]+\s+){{1,3}}(?:{'|'.join(_STREETS)})\b"

_PERSONAL: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "an e-mail address": re.compile(_EMAIL),
        "a postcode": re.compile(_POSTCODE),
        "a phone number or another long number": re.compile(_LONG_NUMBER),
        "an address": re.compile(_ADDRESS, re.IGNORECASE),
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Words as providers see them, and what was left out of them, in words."""

    words: str
    left_out: tuple[str, ...] = ()


def as_seen(words: str, *, names: Iterable[str]) -> Seen:
    """Return words without what would tell who somebody is, or where exactly they live.

    ``names`` are those of the person and of whoever writes for them; each part of them counts,
    written with a capital as names are.
    """
    found = []
    for kind, pattern in _PERSONAL.items():
        words, times = pattern.subn(LEFT_OUT, words)
        if times:
            found.append(kind)
    named = _names(names)
    if named is not None:
        words, times = named.subn(LEFT_OUT, words)
        if times:
            found.append("a name")
    return Seen(words, tuple(found))


def together(*seen: Seen) -> tuple[str, ...]:
    """Return all that was left out of several texts, each kind once."""
    return tuple(dict.fromkeys(kind for each in seen for kind in each.left_out))


def checked_line(typed: str, *, needed: str, most: int, field: str) -> str:
    """Return words that are there and not too long.

    Raises:
        BadAskError: there are none where ``needed`` says so, or too many.
    """
    words = typed.strip()
    if needed and not words:
        raise BadAskError(needed, field=field)
    if len(words) > most:
        raise BadAskError(
            f"Use at most {most:,} characters. You have used {len(words):,}.", field=field
        )
    return words


def _names(names: Iterable[str]) -> re.Pattern[str] | None:
    whole = {" ".join(name.split()) for name in names} - {""}
    parts = {
        part
        for name in whole
        for part in re.split(r"[\s,]+", name)
        if len(part) >= _NAME_LENGTH_MIN and part[:1].isupper()
    }
    if not whole:
        return None
    # A whole name however it is written; a part of it as names are, for it may be a word too.
    ways = [rf"(?i:{_anyhow(name)})" for name in sorted(whole, key=len, reverse=True)]
    ways += [re.escape(way) for part in sorted(parts) for way in (part, part.upper())]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


def _anyhow(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())
