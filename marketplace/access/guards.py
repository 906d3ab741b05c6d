"""Who may come in: every view says so, and a view that does not refuses to run."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access import commands, queries
from marketplace.access.commands.sign_ins import SEEN_EVERY, secret_hash
from marketplace.access.errors import WrongPasswordError
from marketplace.access.rules import (
    TRIES_MAX,
    TRIES_MAX_OF_NETWORK,
    Actor,
    Permission,
)
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.ready import Asked, Row, ask_ahead

P = ParamSpec("P")
R = TypeVar("R")

AskedOf = Callable[[Actor, datetime], Sequence[Asked]]
"""What a page will ask of the database for somebody at a time."""
PUBLIC = "public"
_TICKET = "_user_id"
"""Under which word Flask-Login keeps the ticket in the session."""
JOINED_KEY = "joined"
"""In the cookie of somebody who has just signed up, until their first page."""

_AHEAD: dict[str, list[AskedOf]] = {}
_LAST: dict[UUID, Actor] = {}
"""By sign-in, who it was that opened such a page last."""
_LAST_MAX = 1_000


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as Flask-Login wants to know it."""

    def __init__(self, ticket: str, actor: Actor) -> None:
        self.id = ticket
        self.actor = actor


class _Logins(LoginManager):  # type: ignore[misc]
    """Knows people by the secret in their cookie alone.

    A phone changes its network address between two pages.
    """

    def _session_protection_failed(self) -> bool:
        """Tell that it did not, and do not work out at every page which browser this is."""
        return False


def register(app: Flask) -> None:
    """Recognise who is asking, on every request to the application."""
    login = _Logins()
    login.user_loader(_recognise)
    # Templates are given what they need; none may look up by itself who is asking.
    login.init_app(app, add_context_processor=False)
    app.before_request(refuse_unguarded_views)


def ticket(sign_in_id: UUID, secret: str) -> str:
    """Return what the signed cookie keeps of a sign-in."""
    return f"{sign_in_id.hex}.{secret}"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody in, signed in or not."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | BaseResponse]]:
    """Let in whoever wears a hat that allows this; send the signed-out to sign in."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | BaseResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | BaseResponse:
            actor = find_actor()
            if actor is None:
                return _to_sign_in()
            if not actor.may(permission):
                raise NotAllowedError(_other_hat_needed(actor))
            return view(*args, **kwargs)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def find_actor() -> Actor | None:
    """Return who is asking, in the hat they wear; None if nobody is signed in."""
    # Flask-Login's stand-in for somebody unknown has no actor.
    actor: Actor | None = getattr(current_user, "actor", None)
    return actor


def current_actor() -> Actor:
    """Return who is asking; only in views that require a permission."""
    actor = find_actor()
    assert actor is not None, "this view must be guarded by @requires"
    return actor


def count_tries(purpose: str, email: str, at: datetime) -> None:
    """Count a try by e-mail and network address, before looking whether it is right.

    Raises:
        TooManyTriesError: there were too many lately.
    """
    limits = {
        email_key(purpose, email): TRIES_MAX,
        f"{purpose}/network/{request.remote_addr}": TRIES_MAX_OF_NETWORK,
    }
    with transaction() as db_session:
        commands.count_try(db_session, limits=limits, at=at)


def check_password_again(password: str, at: datetime) -> None:
    """Look whether whoever is signed in here knows the password.

    Raises:
        WrongPasswordError: they do not.
        TooManyTriesError: it was tried too often lately.
    """
    with reading() as db_session:
        email = queries.person(db_session, user_id=current_actor().user_id).email
    count_tries("sign-in", email, at)
    with reading() as db_session:
        try:
            commands.right_user(db_session, email=email, password=password)
        except WrongPasswordError:
            raise WrongPasswordError("That is not the password you use now.") from None


def email_key(purpose: str, email: str) -> str:
    """Return under which key tries with an e-mail address are counted."""
    return f"{purpose}/email/{email.strip().lower()}"


def refuse_unguarded_views() -> None:
    """Stop a request to a view that does not say who may come in."""
    if request.endpoint is None or request.endpoint == "static":
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "guard"):
        raise RuntimeError(f"{request.endpoint} does not say who may open it")


def claimed_sign_in() -> UUID | None:
    """Return the sign-in that the visitor's cookie names; nobody has looked whether it is good."""
    kept: str | None = session.get(_TICKET)
    return _parts(kept)[0] if kept else None


def find_actor_beside(asked: Asked) -> tuple[Actor | None, Row]:
    """Return who is asking, and what a statement for the sign-in they claim asks besides.

    Nobody need be signed in for the second: it says no more than what it was asked.
    """
    sign_in_id = claimed_sign_in()
    expected = _LAST.get(sign_in_id) if sign_in_id and request.method == "GET" else None
    more = _ahead(expected) if expected else []
    with reading() as db_session:
        g.sign_in = ask_ahead(db_session, asked, *more)
    beside = queries.beside_sign_in(g.sign_in)
    actor = find_actor()
    if actor is not None and sign_in_id is not None and request.endpoint in _AHEAD:
        _remember(sign_in_id, actor)
    return actor, beside


def asks_ahead(endpoint: str, asked: AskedOf) -> None:
    """Let what a page asks of the database be asked together with who it is that asks.

    What is asked is that of who it was the last time. Nobody is shown it unless the page, when all
    guards have let them in, asks just the same: so nothing depends on the guess but time.
    """
    _AHEAD.setdefault(endpoint, []).append(asked)


def _ahead(actor: Actor) -> list[Asked]:
    at = clock.now()
    return [each for asked in _AHEAD.get(request.endpoint or "", ()) for each in asked(actor, at)]


def _remember(sign_in_id: UUID, actor: Actor) -> None:
    if len(_LAST) >= _LAST_MAX:
        _LAST.clear()
    _LAST[sign_in_id] = actor


def _recognise(kept: str) -> SignedIn | None:
    sign_in_id, secret = _parts(kept)
    at = clock.now()
    hashed = secret_hash(secret)
    found: list[Row] | None = g.pop("sign_in", None)
    if found is None:
        with reading() as db_session:
            sign_in = queries.find_sign_in(
                db_session, sign_in_id=sign_in_id, secret_hash=hashed, at=at
            )
    else:
        sign_in = queries.living_sign_in(found, secret_hash=hashed, at=at)
    if sign_in is None or sign_in.actor is None:
        return None
    if at - sign_in.seen_at > SEEN_EVERY:
        with transaction() as db_session:
            commands.note_seen(db_session, sign_in_id=sign_in.id, at=at)
    return SignedIn(kept, sign_in.actor)


def _parts(kept: str) -> tuple[UUID, str]:
    id_text, _, secret = kept.partition(".")
    return UUID(id_text), secret


def _to_sign_in() -> Response | BaseResponse:
    # Only a page that was asked for can be come back to; a sent form cannot.
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("access.sign_in", next=here))


def _other_hat_needed(actor: Actor) -> str:
    if actor.acts_for_another:
        return f"{actor.person_name} has not given you permission to do this for them."
    role = actor.role.label.lower()
    return f"You cannot do this as {role}. If you have another role, switch to it first."
