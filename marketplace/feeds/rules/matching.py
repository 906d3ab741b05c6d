"""Whether something another catalogue names is here already: yes, perhaps, or no. Pure.

A guess that is wrong joins two groups that are not the same, and nobody can take them apart again.
So only what is written alike in name and place is taken for the same; what is merely like it is
asked about.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

LIKELY = 86
"""Of a hundred. Measured on pairs of names in the seed and in public registers."""
LIKELY_NEAR = 78
"""In the same place less likeness is enough to ask."""
_LEGAL = re.compile(r"\b(the|ltd|limited|cic|cio|plc|llp|uk|charity|trust|of|and|inc)\b")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


class Sameness(StrEnum):
    """How sure it is that two things are one."""

    SAME = "same"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Something that is in the market, as far as it takes to recognise it."""

    kind: str
    """``group``, ``listing`` or ``provider``."""
    id: UUID
    name: str
    postcode: str
    is_kept: bool
    """Somebody looks after it."""
    is_open: bool
    group_id: UUID | None = None
    slug: str = ""
    cqc_id: str = ""
    confirmed_at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """What is here, how sure it is, and how like."""

    here: Here
    sameness: Sameness
    likeness: int


def plain_name(name: str) -> str:
    """Return a name without what says nothing: small words, legal forms, signs."""
    text = _NOT_WORDS.sub(" ", name.casefold().replace("&", " and ").replace("'", ""))
    return " ".join(_LEGAL.sub(" ", text).split()) or text.strip()


class Index:
    """Finds what is like a name among what is here."""

    def __init__(self, rows: Iterable[Here]) -> None:
        self._by_name: dict[str, list[Here]] = {}
        self._by_district: dict[str, list[tuple[str, Here]]] = {}
        self._by_cqc: dict[str, Here] = {}
        for here in rows:
            self.add(here)

    def add(self, here: Here) -> None:
        """Note one more thing that is here."""
        name = plain_name(here.name)
        self._by_name.setdefault(name, []).append(here)
        self._by_district.setdefault(_district(here.postcode), []).append((name, here))
        if here.cqc_id:
            self._by_cqc[here.cqc_id] = here

    def find(self, name: str, postcode: str, *, cqc_id: str = "") -> Match | None:
        """Return what is the same, or what is most like it and worth a question."""
        if cqc_id:
            numbered = self._by_cqc.get(cqc_id)
            return Match(numbered, Sameness.SAME, 100) if numbered else None
        wanted = plain_name(name)
        named = self._by_name.get(wanted, [])
        for here in named:
            if _same_place(here.postcode, postcode):
                return Match(here, Sameness.SAME, 100)
        if named:
            return Match(named[0], Sameness.LIKELY, 95)
        return self._nearest(wanted, postcode)

    def _nearest(self, wanted: str, postcode: str) -> Match | None:
        near: Sequence[tuple[str, Here]] = self._by_district.get(_district(postcode), [])
        best, likeness = None, 0.0
        for name, here in near:
            score = fuzz.token_sort_ratio(wanted, name, score_cutoff=LIKELY_NEAR)
            limit = LIKELY_NEAR if _same_place(here.postcode, postcode) else LIKELY
            if score >= limit and score > likeness:
                best, likeness = here, score
        return Match(best, Sameness.LIKELY, round(likeness)) if best else None


def _district(postcode: str) -> str:
    return postcode.partition(" ")[0]


def _same_place(one: str, other: str) -> bool:
    """Tell whether two postcodes are one, as far as both say it."""
    if not (one and other):
        return one == other
    whole = " " in one and " " in other
    return one == other if whole else _district(one) == _district(other)
