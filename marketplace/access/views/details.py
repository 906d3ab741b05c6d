"""Putting one's own details right: name and e-mail address."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands, queries
from marketplace.access.errors import SameEmailError, TooManyTriesError, WrongPasswordError
from marketplace.access.forms import EmailForm, NameForm
from marketplace.access.guards import (
    check_password_again,
    count_tries,
    current_actor,
    find_actor,
    public,
    requires,
)
from marketplace.access.rules import Permission
from marketplace.access.views.blueprint import access, secret_key
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@access.route("/account/name", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def name() -> str | Response:
    """Change one's own name."""
    actor, form = current_actor(), NameForm()
    if form.validate_on_submit():
        with transaction() as session:
            commands.change_name(
                session, user_id=actor.user_id, name=form.name.data, at=clock.now()
            )
        flash("Your name is changed.")
        return redirect(url_for("access.account"))
    if not form.is_submitted():
        form.name.data = actor.name
    return render_template("access/name.html", form=form)


@access.route("/account/email", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def email() -> str | Response:
    """Ask for another e-mail address; nothing changes before somebody there says yes."""
    actor, form = current_actor(), EmailForm()
    if form.validate_on_submit():
        try:
            _ask(form)
        except (WrongPasswordError, TooManyTriesError) as refusal:
            form.current.errors = [str(refusal)]
        except SameEmailError as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash(f"We have written to {form.email.data}. Open the link in that letter.")
            return redirect(url_for("access.account"))
    with reading() as session:
        now = queries.person(session, user_id=actor.user_id).email
    return render_template("access/email.html", form=form, now=now)


@access.route("/confirm/new-address/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> str | Response:
    """Ask for one press of a button, then change the address."""
    if request.method == "GET":
        return render_template("access/confirm.html")
    with transaction() as session:
        commands.change_email_by_link(session, link=token, secret_key=secret_key(), at=clock.now())
    flash("Your e-mail address is changed. Use the new one to sign in.")
    return redirect(url_for("access.account" if find_actor() else "access.sign_in"))


def _ask(form: EmailForm) -> None:
    at, actor = clock.now(), current_actor()
    check_password_again(form.current.data, at)
    count_tries("change-address", form.email.data, at)
    with transaction() as session:
        commands.ask_for_email(
            session,
            user_id=actor.user_id,
            email=form.email.data,
            secret_key=secret_key(),
            at=at,
        )
