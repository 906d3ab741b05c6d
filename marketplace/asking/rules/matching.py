"""Which providers are told of an ask. Small and large on equal terms: nothing here knows a size."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from marketplace.places.rules import Point, distance

TOLD_A_DAY = 40
"""So many providers are told of one ask on one day; the others on the days that follow."""
ENOUGH_ANSWERS = 5
"""Once so many have answered, nobody more is told."""
NEAR_METRES = 16_093
"""Ten miles: so far somebody may go to a place, or be reached by who does not say how far."""


class Wish(StrEnum):
    """Something somebody may wish for beside the support itself."""

    DAYS = "days"
    TIMES = "times"
    START = "start"
    LANGUAGE = "language"
    GENDER = "gender"
    FOR_WHOM = "for_whom"
    BUDGET = "budget"

    @property
    def label(self) -> str:
        """The wish in words, as an answer says that it can be met."""
        return {
            "days": "Days",
            "times": "Times of day",
            "start": "First day",
            "language": "Language",
            "gender": "Who should come",
            "for_whom": "Who it is for",
            "budget": "Money",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for, and where."""

    category: str
    district: str
    point: Point | None
    days: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    gender: str = ""
    for_whom: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selling:
    """What one offer of a provider says. What it does not say is empty, and counts as maybe."""

    provider_id: UUID
    category: str
    point: Point | None
    reach_metres: int | None
    covers: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    for_whom: frozenset[str] = frozenset()


MUST = frozenset({Wish.LANGUAGE, Wish.GENDER, Wish.FOR_WHOM})
"""Who says that they cannot do this is not told. Days and times can be talked about."""


def covers_area(wanted: Wanted, selling: Selling) -> bool:
    """Tell whether an offer is to be had where somebody lives."""
    if wanted.district in selling.covers:
        return True
    if wanted.point is None or selling.point is None:
        return False
    reach = NEAR_METRES if selling.reach_metres is None else selling.reach_metres
    return distance(wanted.point, selling.point) <= reach


def cannot_do(wanted: Wanted, selling: Selling) -> frozenset[Wish]:
    """Return the wishes of which an offer says something else."""
    compared = (
        (Wish.DAYS, wanted.days, selling.days),
        (Wish.TIMES, wanted.times, selling.times),
        (Wish.LANGUAGE, wanted.languages, selling.languages),
        (Wish.GENDER, frozenset({wanted.gender} - {""}), selling.genders),
        (Wish.FOR_WHOM, wanted.for_whom, selling.for_whom),
    )
    return frozenset(
        wish for wish, asked, said in compared if asked and said and asked.isdisjoint(said)
    )


def matches(wanted: Wanted, selling: Selling) -> bool:
    """Tell whether the provider of an offer is told of an ask."""
    return (
        selling.category == wanted.category
        and covers_area(wanted, selling)
        and not MUST & cannot_do(wanted, selling)
    )


def matching(wanted: Wanted, offers: Iterable[Selling]) -> frozenset[UUID]:
    """Return the providers who are to be told: any one of their offers is enough."""
    return frozenset(each.provider_id for each in offers if matches(wanted, each))


def told_today(
    providers: Iterable[UUID], *, told: Collection[UUID], on: date, most: int = TOLD_A_DAY
) -> list[UUID]:
    """Return who is told on a day: those not told yet, in that day's order, up to a number.

    The order is drawn anew each day and knows nothing but the day, so over many days everybody is
    among the first as often as everybody else.
    """
    waiting = set(providers) - set(told)
    return sorted(waiting, key=lambda each: (_lot(each, on), each))[:most]


def _lot(provider_id: UUID, on: date) -> bytes:
    return hashlib.sha256(provider_id.bytes + on.isoformat().encode()).digest()
