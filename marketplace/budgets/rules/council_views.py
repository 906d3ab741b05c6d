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
        """The choice in words, as the person makes it."""
        return _WORDS[self][0]

    @property
    def seen(self) -> str:
        """What is seen, in the middle of a sentence."""
        return _WORDS[self][1]


_WORDS: Mapping[Shows, tuple[str, str]] = MappingProxyType(
    {
        Shows.TOTALS: ("Only the total", "only the total"),
        Shows.CATEGORIES: (
            "The total for each kind of support",
            "the total for each kind of support",
        ),
        Shows.LINES: ("Each thing that was bought", "each thing that was bought"),
    }
)
