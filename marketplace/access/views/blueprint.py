"""The room's blueprint, and what several of its pages share."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, current_app, g, request, session, url_for
from flask_login import login_user

from marketplace.access import commands, queries
from marketplace.access.guards import SignedIn, ticket
from marketplace.access.rules import (
    Actor,
    Permission,
    Role,
    device_words,
)
from marketplace.database import transaction
from marketplace.web.site import settings

access = Blueprint("access", __name__)

_HOMES: dict[Role, str] = {
    Role.PERSON: "budgets.wallet",
    Role.PROVIDER_OWNER: "orders.work",
    Role.PROVIDER_MANAGER: "orders.work",
    Role.PROVIDER_WORKER: "orders.work",
    Role.COMMISSIONER: "reports.dashboard",
    Role.PRACTITIONER: "budgets.people",
    Role.FINANCE_OFFICER: "payments.index",
    Role.MODERATOR: "catalogue.moderate_providers",
    Role.ADMINISTRATOR: "councils.index",
    Role.SAFEGUARDING_OFFICER: "talk.concerns",
}
_KEPT = ("portal", "joined")
"""What the cookie keeps when somebody signs in or out: in whose portal the visitor is."""


def home_of(actor: Actor) -> str:
    """Return the address of the page that somebody in this hat wants first."""
    endpoint = _HOMES.get(actor.role, "")
    if actor.role is Role.SUPPORTER and actor.may(Permission.SEE_WALLET):
        endpoint = "budgets.wallet"
    return url_for(endpoint) if endpoint in current_app.view_functions else front_url()


def front_url() -> str:
    """Return the address of the front: of the portal the visitor is in, or of the whole market."""
    portal = g.get("portal")
    if portal is None:
        return url_for("home.front")
    return url_for("home.portal", council_slug=portal.slug)


def begin(user_id: UUID, at: datetime) -> str:
    """Sign this browser in with a new cookie; return the address of the page to begin with.

    Somebody who is here for their work alone begins in the hat of that work. Somebody who supports
    others is asked first whom this is about.
    """
    with transaction() as db_session:
        sign_in_id, secret = commands.begin_sign_in(
            db_session,
            user_id=user_id,
            device=device_words(request.user_agent.string),
            at=at,
        )
        own, *others = queries.hats_of(db_session, user_id=user_id, at=at)
        actor = own
        if len(others) == 1 and others[0].organisation_id is not None:
            actor = commands.wear_hat(
                db_session,
                sign_in_id=sign_in_id,
                role=others[0].role,
                hat_id=others[0].works_for,
                by=own,
                at=at,
            )
    renew_cookie()
    login_user(SignedIn(ticket(sign_in_id, secret), actor))
    if actor is own and any(hat.acts_for_another for hat in others):
        return url_for("access.hats")
    return home_of(actor)


def renew_cookie() -> None:
    """Empty the cookie, so that nothing from before signing in or out goes on."""
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True


def secret_key() -> str:
    """Return the key that signs links."""
    return settings().secret_key
