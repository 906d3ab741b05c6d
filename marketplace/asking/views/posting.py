"""Asking the market, in four short pages that need no script and keep nothing on the server."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.asking import commands, queries
from marketplace.asking.commands import PostAsk, Preview
from marketplace.asking.errors import BadAskError, TooManyAsksError
from marketplace.asking.forms import (
    AskStep,
    CheckForm,
    NeedForm,
    WhereForm,
    WishesForm,
    ask_wish,
    say_where_it_belongs,
)
from marketplace.asking.rules import ASKS_MAX, TITLE_LENGTH_MAX
from marketplace.asking.views.blueprint import asking
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.web.steps import SEND, next_step, step_page

NEED, WHERE, WISHES, CHECK = ("need", "where", "wishes", "check")


@asking.route("/ask", methods=["GET", "POST"])
@requires(Permission.PROPOSE_ORDERS)
def ask() -> str | Response:
    """Ask what is needed, where and when, what is wished for; show what providers see; send it."""
    at = clock.now()
    need, where, wishes, check = NeedForm(), WhereForm(), WishesForm(), CheckForm()
    forms: dict[str, AskStep] = {NEED: need, WHERE: where, WISHES: wishes, CHECK: check}
    with reading() as session:
        where.offer(queries.category_names(session))
        days = queries.days_to_answer(session, person_id=current_actor().buys_for)
    step = next_step(forms)
    shown = None
    if step in {CHECK, SEND}:
        wish = ask_wish(need, where, wishes)
        try:
            if step == SEND:
                return _sent(wish, at)
        except (TooManyAsksError, TooManyTriesError) as refusal:
            check.form_errors.append(str(refusal))
            step = CHECK
        except BadAskError as refusal:
            step = say_where_it_belongs(forms, refusal)
        else:
            shown, step = _preview(forms, wish, at)
        if step == CHECK and shown is None:
            shown, step = _preview(forms, wish, at)
    guessed = _fill_in(need, where, wishes, step, until=local_day(at) + timedelta(days=days))
    return render_template(
        "asking/ask.html",
        page=step_page(forms, step),
        shown=shown,
        guessed=guessed,
    )


def _preview(
    forms: Mapping[str, AskStep], wish: PostAsk, at: datetime
) -> tuple[Preview | None, str]:
    """Return what providers would see, or the page on which something is not right."""
    try:
        with reading() as session:
            return commands.preview_ask(session, wish, by=current_actor(), at=at), CHECK
    except BadAskError as refusal:
        return None, say_where_it_belongs(forms, refusal)


def _sent(wish: PostAsk, at: datetime) -> Response:
    actor = current_actor()
    with transaction() as session:
        # In a transaction of its own: what is refused is counted too.
        count_try(session, limits={f"ask/{actor.user_id}": ASKS_MAX}, at=at)
    with transaction() as session:
        ask_id = commands.post_ask(session, wish, by=actor, at=at)
    flash("It is sent. We write to you when a provider answers.")
    return redirect(url_for("asking.show", ask_id=ask_id))


def _fill_in(
    need: NeedForm, where: WhereForm, wishes: WishesForm, step: str, *, until: object
) -> bool:
    """Fill in what we can guess on the page that comes; tell whether the kind is a guess."""
    if step == NEED and request.method == "GET":
        # Whoever comes from a search brings its words along.
        need.title.data = request.args.get("title", "")[:TITLE_LENGTH_MAX]
    if request.form.get("step") == step:
        return False  # what was typed on this page stays, right or wrong
    if step == WISHES and not any(wishes.answers_until.raw_data or ()):
        wishes.answers_until.data, wishes.answers_until.raw_data = until, None
    if step != WHERE:
        return False
    where.near.data = where.near.data or cookie.get("near", "")
    if where.category.data:
        return False
    # What words mean is known to the search, which stands above this room and lends it to pages.
    meant = current_app.jinja_env.globals.get("kind_meant")
    words = f"{need.title.data} {need.words.data}"
    where.category.data = meant(words) if callable(meant) else ""
    return bool(where.category.data)
