"""For which ages something is, as its owner says, and the bands people look for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.errors import DomainError

AGE_MAX = 120
NO_LIMIT_FROM = 99
"""Other catalogues say this, or more, where they mean that there is no limit."""


class BadAgesError(DomainError):
    """These ages cannot be."""


class AgeBand(StrEnum):
    """The ages people look for. Two of them may share a year."""

    CHILDREN = "children"
    YOUNG = "young"
    ADULTS = "adults"
    OLDER = "older"


_YEARS: Mapping[AgeBand, range] = MappingProxyType(
    {
        AgeBand.CHILDREN: range(14),
        AgeBand.YOUNG: range(14, 26),
        AgeBand.ADULTS: range(18, 65),
        AgeBand.OLDER: range(65, AGE_MAX + 1),
    }
)


@dataclass(frozen=True, slots=True)
class Ages:
    """From which age to which, both counted in; None is no limit on that side."""

    youngest: int | None = None
    oldest: int | None = None

    def __bool__(self) -> bool:
        """Tell whether there is a limit."""
        return self.youngest is not None or self.oldest is not None

    @property
    def words(self) -> str:
        """The ages as people read them; empty if there is no limit."""
        if self.youngest is None:
            return "" if self.oldest is None else f"Up to {self.oldest}"
        if self.oldest is None:
            return f"{self.youngest} and over"
        if self.youngest == self.oldest:
            return f"{self.youngest} only"
        return f"{self.youngest} to {self.oldest}"

    @property
    def bands(self) -> frozenset[str]:
        """The bands of whom at least some may come: all of them where no limit is said."""
        first = self.youngest or 0
        last = AGE_MAX if self.oldest is None else self.oldest
        return frozenset(
            band.value for band, years in _YEARS.items() if first < years.stop and last >= years[0]
        )


ANY_AGE = Ages()


def ages(youngest: int | None, oldest: int | None) -> Ages:
    """Return ages that can be; from nought on is no limit.

    Raises:
        BadAgesError: nobody is so old, or the oldest is younger than the youngest.
    """
    for age in (youngest, oldest):
        if age is not None and not 0 <= age <= AGE_MAX:
            raise BadAgesError(f"An age is a number from 0 to {AGE_MAX}.")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise BadAgesError("The oldest age has to be the same as the youngest, or more.")
    return Ages(youngest or None, oldest)
