"""How much of their own money's spending a person shows to a council. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Shows(StrEnum):
    """What a council sees of money that is not its own."""

    TOTALS = "totals"
    CATEGORIES = "categories"
    LINES = "lines"

    @property
    def label(self) -> str:
        """The choice in words."""
        return _WORDS[self]


_WORDS: Mapping[Shows, str] = MappingProxyType(
    {
        Shows.TOTALS: "Only the total",
        Shows.CATEGORIES: "The total for each kind of support",
        Shows.LINES: "Each thing I bought",
    }
)
