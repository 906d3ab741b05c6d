"""What groups and entries are, and how far either can be trusted. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

MARKED_AFTER = timedelta(weeks=26)
DROPPED_AFTER = timedelta(weeks=52)
NUDGED_AFTER = timedelta(days=150)
"""Five months: a month before an entry is marked, its keepers are asked whether it is right."""
INVITATION_LASTS = timedelta(days=30)
NUDGE_LASTS = timedelta(days=90)
"""How long the link in a nudge works."""
REPORTS_OF_NETWORK_MAX = 30
"""Reports from one network address in a quarter of an hour: a whole library may share it."""
REPORTS_OF_ENTRY_MAX = 10
"""Reports about one entry in a quarter of an hour."""
REPORT_WAITS_DAYS = 7
"""Where no council says how many days its keepers have to answer."""
NAME_LENGTH_MAX = 120
TEXT_LENGTH_MAX = 4000
LINE_LENGTH_MAX = 300
REASON_LENGTH_MAX = 2000
KEEPERS_MAX = 20
LISTINGS_MAX = 300
"""Entries of one group; nobody types more."""


class ListingKind(StrEnum):
    """What sort of entry it is."""

    ACTIVITY = "activity"
    EVENT = "event"
    ADVICE = "advice"
    VOLUNTEERING = "volunteering"
    TIME_BANK = "time_bank"

    @property
    def label(self) -> str:
        """The kind in words."""
        return _KIND_WORDS[self][0]

    @property
    def hint(self) -> str:
        """What belongs under it, for who adds one."""
        return _KIND_WORDS[self][1]

    @property
    def has_times(self) -> bool:
        """Tell whether it takes place at certain times."""
        return self in {ListingKind.ACTIVITY, ListingKind.EVENT}


_KIND_WORDS: Mapping[ListingKind, tuple[str, str]] = MappingProxyType(
    {
        ListingKind.ACTIVITY: (
            "Activity or club",
            "It takes place again and again: every Tuesday, or each first Sunday.",
        ),
        ListingKind.EVENT: ("One-off event", "It takes place on one day only."),
        ListingKind.ADVICE: (
            "Advice or information",
            "A helpline, a drop-in or a page with good answers.",
        ),
        ListingKind.VOLUNTEERING: (
            "Volunteering",
            "Something you would like people to help with.",
        ),
        ListingKind.TIME_BANK: (
            "Time bank offer",
            "An hour of help given, for an hour of help some other day.",
        ),
    }
)


class ListingState(StrEnum):
    """Whether something still takes place."""

    OPEN = "open"
    ENDED = "ended"


class GroupState(StrEnum):
    """Whether people can see a group and what it runs."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state in words."""
        return _STATE_WORDS[self]


_STATE_WORDS: Mapping[GroupState, str] = MappingProxyType(
    {
        GroupState.WAITING: "Waits to be looked at",
        GroupState.SHOWN: "Shown to everybody",
        GroupState.HIDDEN: "Hidden",
        GroupState.CLOSED: "Closed",
    }
)


class HidingRule(StrEnum):
    """Why a council may hide a group. There are no other reasons."""

    NO_GROUP = "no_group"
    ADVERT = "advert"
    UNTRUE = "untrue"
    UNSAFE = "unsafe"
    HATE = "hate"
    TWICE = "twice"

    @property
    def label(self) -> str:
        """The rule in words."""
        return _RULE_WORDS[self]


_RULE_WORDS: Mapping[HidingRule, str] = MappingProxyType(
    {
        HidingRule.NO_GROUP: "It runs nothing for others",
        HidingRule.ADVERT: "It is an advert for something else",
        HidingRule.UNTRUE: "What it says is not true",
        HidingRule.UNSAFE: "People may not be safe there",
        HidingRule.HATE: "It attacks people for who they are",
        HidingRule.TWICE: "It is here already, under another name",
    }
)


class ClaimState(StrEnum):
    """What became of somebody's wish to look after a group."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


class ReportAnswer(StrEnum):
    """What whoever looks after an entry says to a report about it."""

    MENDED = "mended"
    RIGHT = "right"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The answer in words, as it is chosen."""
        return _ANSWER_WORDS[self][0]

    @property
    def told(self) -> str:
        """The answer in words, as the one who reported reads it."""
        return _ANSWER_WORDS[self][1]


_ANSWER_WORDS: Mapping[ReportAnswer, tuple[str, str]] = MappingProxyType(
    {
        ReportAnswer.MENDED: ("It was wrong, and is mended now", "It was wrong. It is mended now."),
        ReportAnswer.RIGHT: ("It is right as it is", "They looked, and it is right as it is."),
        ReportAnswer.ENDED: (
            "It no longer takes place: end the entry",
            "It no longer takes place. The entry is gone.",
        ),
    }
)


class Freshness(StrEnum):
    """How far an entry can be trusted, by when somebody last said it is still right."""

    FRESH = "fresh"
    MARKED = "marked"
    DROPPED = "dropped"


def freshness(confirmed_at: datetime, at: datetime) -> Freshness:
    """Return how far an entry can be trusted (L2222 names staleness as the failure)."""
    age = at - confirmed_at
    if age > DROPPED_AFTER:
        return Freshness.DROPPED
    return Freshness.MARKED if age > MARKED_AFTER else Freshness.FRESH
