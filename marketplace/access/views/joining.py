"""Signing up, confirming one's address, forgetting one's password."""

from datetime import datetime
from uuid import UUID

from flask import flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.errors import EmailTakenError, TooManyTriesError, WeakPasswordError
from marketplace.access.forms import ForgotForm, ResetForm, SignUpForm
from marketplace.access.guards import JOINED_KEY, count_tries, find_actor, public
from marketplace.access.rules import own_path
from marketplace.access.views.blueprint import access, begin, secret_key
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@access.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> str | Response:
    """Ask for a name, an address and a password, then sign the newcomer in."""
    wanted = own_path(request.args.get("next"))
    form = SignUpForm()
    if form.validate_on_submit():
        at = clock.now()
        try:
            count_tries("sign-up", form.email.data, at)
            user_id = _join(form, at)
        except (EmailTakenError, TooManyTriesError) as refusal:
            form.email.errors = [str(refusal)]
        except WeakPasswordError as refusal:
            form.password.errors = [str(refusal)]
        else:
            session[JOINED_KEY] = g.get("portal") is not None
            first = begin(user_id, at)
            flash("Welcome! We have sent you a letter by e-mail. Open the link in it soon.")
            return redirect(wanted or first)
    return render_template("access/sign_up.html", form=form, wanted=wanted)


@access.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> str | Response:
    """Ask for one press of a button: programs that look into letters press none."""
    if request.method == "GET":
        return render_template("access/confirm.html")
    with transaction() as db_session:
        commands.confirm_by_link(db_session, link=token, secret_key=secret_key(), at=clock.now())
    flash("Thank you. We know now that this is your e-mail address.")
    return redirect(url_for("access.account" if find_actor() else "access.sign_in"))


@access.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> str | Response:
    """Send a link for a new password; the answer is the same whoever asks."""
    form = ForgotForm()
    if form.validate_on_submit():
        at = clock.now()
        try:
            count_tries("forgot", form.email.data, at)
        except TooManyTriesError as refusal:
            form.email.errors = [str(refusal)]
        else:
            with transaction() as db_session:
                commands.send_reset(
                    db_session, email=form.email.data, secret_key=secret_key(), at=at
                )
            return redirect(url_for("access.forgot_sent"))
    return render_template("access/forgot.html", form=form)


@access.route("/forgot/sent")
@public
def forgot_sent() -> str:
    """Say that a letter is on its way, if there is such an account."""
    return render_template("access/forgot_sent.html")


@access.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> str | Response:
    """Ask for a new password; the link works once."""
    with reading() as db_session:
        queries.check_reset_link(db_session, link=token, secret_key=secret_key())
    form = ResetForm()
    if form.validate_on_submit():
        try:
            _set_password(token, form)
        except WeakPasswordError as refusal:
            form.password.errors = [str(refusal)]
        else:
            flash("Your new password is set. Sign in with it.")
            return redirect(url_for("access.sign_in"))
    return render_template("access/reset.html", form=form)


def _join(form: SignUpForm, at: datetime) -> UUID:
    with transaction() as db_session:
        user_id = commands.create_user(
            db_session,
            email=form.email.data,
            name=form.name.data,
            password=form.password.data,
            at=at,
        )
        commands.send_confirmation(db_session, user_id=user_id, secret_key=secret_key(), at=at)
    return user_id


def _set_password(token: str, form: ResetForm) -> None:
    with transaction() as db_session:
        commands.set_password_by_link(
            db_session,
            link=token,
            password=form.password.data,
            secret_key=secret_key(),
            at=clock.now(),
        )
