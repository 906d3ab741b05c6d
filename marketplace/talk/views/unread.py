"""How many conversations have something unread, for the menu of the pages where people begin."""

from collections.abc import Sequence
from datetime import datetime

from flask import g, request

from marketplace.access.guards import asks_ahead, find_actor
from marketplace.access.rules import Actor
from marketplace.database import reading
from marketplace.kernel.ready import Asked
from marketplace.talk import queries
from marketplace.talk.views.blueprint import talk

_STARTS = frozenset(
    {
        *("home.front", "home.portal", "budgets.wallet", "orders.work", "budgets.people"),
        "talk.inbox",
    }
)
"""Where people begin: only there the menu says it, so that no other page asks for more."""


@talk.app_context_processor
def say_unread() -> dict[str, int]:
    """Give the menu the number of conversations with something unread; 0 where it says none."""
    # The page that says something broke must not ask again what may have broken.
    if request.endpoint not in _STARTS or g.get("failed"):
        return {"unread": 0}
    actor = find_actor()
    if actor is None or not queries.may_have_any(actor):
        return {"unread": 0}
    with reading() as session:
        return {"unread": queries.unread(session, by=actor)}


def _ahead(actor: Actor, _at: datetime) -> Sequence[Asked]:
    return queries.asked_for_unread(actor) if queries.may_have_any(actor) else ()


for _start in _STARTS:
    asks_ahead(_start, _ahead)
