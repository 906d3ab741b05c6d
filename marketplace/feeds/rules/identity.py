"""Ids that stay: derived from what they name, so that they need no table and never change."""

from functools import cache
from uuid import UUID, uuid5

_OURS = UUID("6f1b8f0e-7a55-5d0c-9a41-2f2a3c9be3d1")
"""Ids of ours are told apart from everybody else's by this one. It may never change."""


def made_id(*parts: object) -> UUID:
    """Return the id of something that has no row of its own."""
    return uuid5(_OURS, "/".join(str(part) for part in parts))


@cache
def taxonomy_id(taxonomy: str) -> UUID:
    """Return the id of one of our taxonomies."""
    return made_id("taxonomy", taxonomy)


@cache
def term_id(taxonomy: str, slug: str) -> UUID:
    """Return the id of a term of one of our taxonomies."""
    return made_id("term", taxonomy, slug)


def place_link_id(service_id: UUID) -> UUID:
    """Return the id of a service at its location."""
    return uuid5(service_id, "at-location")
