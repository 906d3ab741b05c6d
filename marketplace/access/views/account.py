"""One's account: where one is signed in, and the password."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.errors import TooManyTriesError, WeakPasswordError, WrongPasswordError
from marketplace.access.forms import ChangePasswordForm
from marketplace.access.guards import check_password_again, count_tries, current_actor, requires
from marketplace.access.rules import Permission
from marketplace.access.views.blueprint import (
    access,
    begin,
    secret_key,
)
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@access.route("/account")
@requires(Permission.SIGNED_IN)
def account() -> str:
    """Show one's name and address, and where one is signed in."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        data_of = queries.whose_data(session, actor=actor, at=at)
        person = queries.person(session, user_id=actor.user_id)
        confirmed = queries.is_confirmed(session, user_id=actor.user_id)
        places = queries.sign_ins_of(session, user_id=actor.user_id, at=at)
    return render_template(
        "access/account.html",
        person=person,
        confirmed=confirmed,
        places=places,
        data_of=data_of,
        here=actor.sign_in_id,
    )


@access.route("/account/sign-ins/<uuid:sign_in_id>/end", methods=["POST"])
@requires(Permission.SIGNED_IN)
def end_sign_in(sign_in_id: UUID) -> Response:
    """Sign one browser out."""
    with transaction() as session:
        commands.end_sign_in(session, sign_in_id=sign_in_id, by=current_actor(), at=clock.now())
    flash("That device is signed out.")
    return redirect(url_for("access.account"))


@access.route("/account/sign-ins/end-others", methods=["POST"])
@requires(Permission.SIGNED_IN)
def end_other_sign_ins() -> Response:
    """Sign out everywhere but here."""
    with transaction() as session:
        commands.end_other_sign_ins(session, by=current_actor(), at=clock.now())
    flash("You are signed out everywhere but here.")
    return redirect(url_for("access.account"))


@access.route("/account/confirm-again", methods=["POST"])
@requires(Permission.SIGNED_IN)
def confirm_again() -> Response:
    """Send the letter with the confirming link once more."""
    at = clock.now()
    actor = current_actor()
    with reading() as session:
        email = queries.person(session, user_id=actor.user_id).email
    try:
        count_tries("confirm", email, at)
    except TooManyTriesError:
        abort(429)
    with transaction() as session:
        commands.send_confirmation(session, user_id=actor.user_id, secret_key=secret_key(), at=at)
    flash("We have sent the letter again.")
    return redirect(url_for("access.account"))


@access.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def password() -> str | Response:
    """Change one's password, and with it sign out everywhere else."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change(form)
        except (WrongPasswordError, TooManyTriesError) as refusal:
            form.current.errors = [str(refusal)]
        except WeakPasswordError as refusal:
            form.password.errors = [str(refusal)]
        else:
            flash("Your new password is set. You are signed out everywhere else.")
            return redirect(url_for("access.account"))
    return render_template("access/password.html", form=form)


def _change(form: ChangePasswordForm) -> None:
    at, actor = clock.now(), current_actor()
    check_password_again(form.current.data, at)
    with transaction() as session:
        commands.change_password(session, user_id=actor.user_id, password=form.password.data, at=at)
    begin(actor.user_id, at)
