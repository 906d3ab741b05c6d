"""Adding a group in three short pages that need no script and keep nothing on the server."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access import queries as access_queries
from marketplace.access.guards import current_actor, find_actor, public, requires
from marketplace.access.rules import Actor, Permission
from marketplace.community import commands, queries
from marketplace.community.errors import BadEntryError
from marketplace.community.forms import CheckForm, WhereForm, WhoForm, group_wish
from marketplace.community.views.blueprint import community
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.steps import SEND, StepForm, next_step, step_page

WHO, WHERE, CHECK = ("who", "where", "check")


@community.route("/groups/add", methods=["GET", "POST"])
@public
def add_group() -> str | Response:
    """Ask who the group is and where; then add it, with the one who asks as its keeper."""
    actor = find_actor()
    if actor is None:
        return redirect(url_for("access.sign_up", next=url_for("community.add_group")))
    who, where, check = WhoForm(), WhereForm(), CheckForm()
    forms: dict[str, StepForm] = {WHO: who, WHERE: where, CHECK: check}
    step = next_step(forms)
    if step == SEND:
        try:
            return _add(who, where, actor)
        except BadEntryError as refusal:
            check.form_errors.append(str(refusal))
            step = CHECK
    if step == WHERE and not where.email.data:
        with reading() as session:
            where.email.data = access_queries.person(session, user_id=actor.user_id).email
    return render_template(
        "community/add_group.html",
        page=step_page(forms, step),
        answers=_in_words(who, where),
    )


@community.route("/groups/mine")
@requires(Permission.SIGNED_IN)
def my_groups() -> str:
    """Show the groups somebody looks after."""
    actor = current_actor()
    with reading() as session:
        rows = queries.groups_of(session, user_id=actor.user_id)
        trusted = queries.partnerships_of(session, user_id=actor.user_id)
    return render_template("community/my_groups.html", rows=rows, trusted=trusted)


def _add(who: WhoForm, where: WhereForm, actor: Actor) -> Response:
    wish = group_wish(who, where, group_id=who.group_id.data)
    with transaction() as session:
        slug = commands.add_group(session, wish, by=actor, at=clock.now())
        card = queries.kept_group(session, slug=slug, by=actor).card
    if card.is_shown:
        flash("Your group is added. Everybody can find it.")
    else:
        flash("Your group is added. The council looks at it before everybody can find it.")
    return redirect(url_for("community.keep", slug=slug))


def _in_words(who: WhoForm, where: WhereForm) -> list[tuple[str, str]]:
    return [
        ("Name", who.name.data or ""),
        ("What you do", who.about.data or ""),
        ("Postcode", where.postcode.data or ""),
        ("E-mail", where.email.data or ""),
        ("Phone", where.phone.data or "Not given"),
        ("Website", where.website.data or "Not given"),
    ]
