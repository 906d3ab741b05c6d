"""The blueprint of the search, and what its pages share."""

from uuid import UUID

from flask import Blueprint

from marketplace.access.guards import find_actor
from marketplace.catalogue.rules import per_unit
from marketplace.search.queries.kinds import kind_meant

search = Blueprint("search", __name__)
search.add_app_template_global(per_unit)
search.add_app_template_global(kind_meant)


def person_id() -> UUID | None:
    """Return whose prices are shown: the person who looks, or whom the one who looks supports."""
    actor = find_actor()
    return actor.person_id if actor else None
