"""The blueprint of the lists, and what its pages share."""

from flask import Blueprint

from marketplace.access.guards import find_actor
from marketplace.access.rules import Actor, Permission

shortlists = Blueprint("shortlists", __name__)


def keeper() -> Actor | None:
    """Return who is asking, if they keep lists for themselves or for somebody they support."""
    actor = find_actor()
    return actor if actor is not None and actor.may(Permission.KEEP_LISTS) else None
