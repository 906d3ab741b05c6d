"""How many conversations have something unread, for the menu of the pages where people begin."""

from flask import g, request

from marketplace.access.guards import find_actor
from marketplace.database import reading
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
    # A supporter's wallet asks as much as it may already; they read it on the other pages.
    if actor.acts_for_another and request.endpoint == "budgets.wallet":
        return {"unread": 0}
    with reading() as session:
        return {"unread": queries.unread(session, by=actor)}
