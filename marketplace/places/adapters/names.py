"""Towns and parts of cities by name, each placed by the district of its middle."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

NAMES = Path(__file__).parents[3] / "seed" / "places" / "names.csv"
_CONNECTING = frozenset(("on", "upon", "in", "by", "the", "le", "de", "la", "under", "and"))
_LIKE_ENOUGH = 0.75


@dataclass(frozen=True, slots=True)
class Named:
    """A place with a name: the county or city tells it from others of its name."""

    name: str
    area: str
    outcode: str

    @property
    def full_name(self) -> str:
        """Return the name that no other place has."""
        return f"{self.name}, {self.area}"


def places_named(typed: str) -> Sequence[Named]:
    """Return the places of a name, however it was typed; none if there is no such name."""
    return _by_name().get(_plain(typed), ())


def nearest_name(typed: str) -> str | None:
    """Return the name that somebody who mistyped one meant, if one is near enough."""
    asked = _plain(typed)
    if not asked:
        return None
    found = extractOne(
        asked,
        _by_name().keys(),
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=_LIKE_ENOUGH,
    )
    return None if found is None else _by_name()[found[0]][0].name


@cache
def _by_name() -> Mapping[str, Sequence[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = Named(row["name"], row["area"], row["outcode"])
            found[_plain(named.name)].append(named)
            found[_plain(named.full_name)].append(named)
    return found


def _plain(typed: str) -> str:
    """Return a name without what people leave out: signs, and the little words in the middle."""
    letters = "".join(
        letter if letter.isalnum() else " " for letter in typed.casefold().replace("'", "")
    )
    return " ".join(word for word in letters.split() if word not in _CONNECTING)
