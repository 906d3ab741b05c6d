"""Closing one's account: what goes, what stays, what is in the way; then a second look."""

from datetime import datetime

from flask import flash, redirect, render_template, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from marketplace.access.errors import TooManyTriesError, WrongPasswordError
from marketplace.access.guards import check_password_again, current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.home import commands, queries
from marketplace.home.errors import NotYetError
from marketplace.home.forms import CloseForm
from marketplace.home.queries import Obstacle
from marketplace.home.views.blueprint import home
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError


@home.route("/my-data/close")
@requires(Permission.SIGNED_IN)
def close() -> str:
    """Say what closing the account takes away, what stays and why, and what is in the way."""
    obstacles = _obstacles(clock.now())
    with reading() as db_session:
        pools = queries.pools_to_leave(db_session, user_id=current_actor().user_id)
    return render_template("home/close.html", obstacles=obstacles, pools=pools)


@home.route("/my-data/close/now", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def close_now() -> str | Response:
    """Ask for the password, then close the account."""
    at, form = clock.now(), CloseForm()
    if _obstacles(at):
        return redirect(url_for("home.close"))
    if form.validate_on_submit():
        try:
            _close(form.password.data, at)
        except (WrongPasswordError, TooManyTriesError) as refusal:
            form.password.errors = [str(refusal)]
        except NotYetError:
            return redirect(url_for("home.close"))
        else:
            logout_user()
            session.clear()
            flash("Your account is closed. Thank you for having been here.")
            return redirect(url_for("home.front"))
    return render_template("home/close_now.html", form=form)


def _obstacles(at: datetime) -> list[Obstacle]:
    actor = current_actor()
    if actor.acts_for_another:
        raise NotAllowedError(
            f"Only {actor.person_name} can close their account. "
            "To close yours, change to your own role."
        )
    with reading() as db_session:
        return queries.obstacles_to_closing(db_session, user_id=actor.user_id, at=at)


def _close(password: str, at: datetime) -> None:
    check_password_again(password, at)
    with transaction() as db_session:
        commands.close_account(db_session, user_id=current_actor().user_id, at=at)
