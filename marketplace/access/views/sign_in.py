"""Signing in and out."""

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_login import logout_user
from werkzeug.wrappers import Response

from marketplace.access import commands
from marketplace.access.errors import TooManyTriesError, WrongPasswordError
from marketplace.access.forms import SignInForm
from marketplace.access.guards import count_tries, email_key, find_actor, public
from marketplace.access.rules import own_path
from marketplace.access.views.blueprint import (
    access,
    begin,
    front_url,
    home_of,
    renew_cookie,
)
from marketplace.database import transaction
from marketplace.kernel import clock

PURPOSE = "sign-in"


@access.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response:
    """Ask who it is, then lead them where they wanted to go."""
    wanted = own_path(request.args.get("next"))
    form = SignInForm()
    if form.validate_on_submit():
        at = clock.now()
        try:
            count_tries(PURPOSE, form.email.data, at)
            user_id = _right_user(form)
        except TooManyTriesError as refusal:
            form.email.errors = [str(refusal)]
        except WrongPasswordError as refusal:
            form.password.errors = [str(refusal)]
        else:
            first = begin(user_id, at)
            return redirect(wanted or first)
    already = find_actor()
    if already is not None and request.method == "GET":
        return redirect(wanted or home_of(already))
    return render_template("access/sign_in.html", form=form, wanted=wanted)


@access.route("/sign-out", methods=["POST"])
@public
def sign_out() -> Response:
    """Sign this browser out."""
    actor = find_actor()
    if actor is not None and actor.sign_in_id is not None:
        with transaction() as session:
            commands.end_sign_in(session, sign_in_id=actor.sign_in_id, by=actor, at=clock.now())
    logout_user()
    renew_cookie()
    flash("You are signed out.")
    return redirect(front_url())


def _right_user(form: SignInForm) -> UUID:
    with transaction() as session:
        user_id = commands.right_user(session, email=form.email.data, password=form.password.data)
        commands.forget_tries(session, keys=(email_key(PURPOSE, form.email.data),))
    return user_id
