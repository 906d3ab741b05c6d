"""One page of a longer list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

PAGE_SIZE = 20
PAGE_MAX = 10_000
"""Nobody reads further; a page number beyond it is read as this one."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, which page they are, and how many rows there are in all."""

    rows: Sequence[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


def page_number(typed: str | None) -> int:
    """Read a page number from an address; anything else is the first page."""
    if typed is None or not typed.isascii() or not typed.isdigit():
        return 1
    return min(max(1, int(typed[:9])), PAGE_MAX)
