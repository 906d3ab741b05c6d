"""Ids for many rows that are written together."""

from collections.abc import Iterator
from itertools import count
from uuid import UUID, uuid4

_COUNTED_BITS = 32


def ids_in_a_row() -> Iterator[UUID]:
    """Return new ids that follow each other, beginning anywhere.

    An index takes them in on a few of its pages. Ids made each by itself would change a page each,
    and the more rows there are already, the more pages there would be to read and to write.
    """
    first = uuid4().int >> _COUNTED_BITS << _COUNTED_BITS
    return (UUID(int=first + number) for number in count())
