"""The files that say where postcodes are."""

from typing import Protocol

from marketplace.places.rules import Point, Postcode


class Gazetteer(Protocol):
    """Knows where some postcodes are."""

    def find(self, postcode: Postcode) -> Point | None:
        """Return where a postcode is, or nothing if this one does not know."""
        ...

    def covers(self, postcode: Postcode) -> bool:
        """Return whether this one would know the postcode if there were one."""
        ...
