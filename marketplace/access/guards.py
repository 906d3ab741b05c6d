"""Who may come in: every view says so, and a view that does not refuses to run."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotAllowedError

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"


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
    actor: Actor | None = g.get("actor")
    return actor


def current_actor() -> Actor:
    """Return who is asking; only in views that require a permission."""
    actor = find_actor()
    assert actor is not None, "this view must be guarded by @requires"
    return actor


def refuse_unguarded_views() -> None:
    """Stop a request to a view that does not say who may come in."""
    if request.endpoint is None or request.endpoint == "static":
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "guard"):
        raise RuntimeError(f"{request.endpoint} does not say who may open it")


def _to_sign_in() -> Response | BaseResponse:
    # Only a page that was asked for can be come back to; a sent form cannot.
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("access.sign_in", next=here))


def _other_hat_needed(actor: Actor) -> str:
    if actor.acts_for_another:
        return f"{actor.person_name} has not given you permission to do this for them."
    return f"You cannot do this as {actor.role.label.lower()}. If you have another role, switch to it first."
