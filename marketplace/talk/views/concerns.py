"""Telling a council that one is worried about somebody, and the pages of its team."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, find_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number
from marketplace.talk import commands, queries
from marketplace.talk.errors import BadWordsError
from marketplace.talk.forms import NoteForm, WorryForm
from marketplace.talk.rules import CONCERNS_OF_NETWORK_MAX, ConcernState
from marketplace.talk.views.blueprint import talk
from marketplace.web.fields import tidy


@talk.route("/safeguarding/tell", methods=["GET", "POST"])
@public
def worry() -> str | Response:
    """Say what to do in danger, then ask what worries somebody; nobody has to sign in."""
    form, at, actor = WorryForm(), clock.now(), find_actor()
    portal = g.get("portal")
    with reading() as session:
        every_council = councils.councils(session)
    form.offer(every_council, here=portal.id if portal else None)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                # In a transaction of its own: what is refused is counted too.
                limits = {f"worry/network/{request.remote_addr}": CONCERNS_OF_NETWORK_MAX}
                count_try(session, limits=limits, at=at)
            with transaction() as session:
                commands.write_concern(
                    session, form.wish(), writer_id=actor.user_id if actor else None, at=at
                )
        except BadWordsError as refusal:
            form.say(refusal)
        except TooManyTriesError:
            form.form_errors.append(
                "Many people have written from here just now. Please ring the team instead."
            )
        else:
            return redirect(url_for("talk.told", council_id=form.council.data))
    return render_template(
        "talk/worry.html",
        form=form,
        councils=every_council,
        here=next((each for each in every_council if portal and each.id == portal.id), None),
    )


@talk.route("/safeguarding/told/<uuid:council_id>")
@public
def told(council_id: UUID) -> str:
    """Say who has the words now, and what comes next."""
    with reading() as session:
        council = councils.council(session, council_id=council_id)
    return render_template("talk/told.html", council=council)


@talk.route("/safeguarding/concerns")
@requires(Permission.KEEP_SAFE)
def concerns() -> str:
    """Show the council's team what people are worried about."""
    with reading() as session:
        found = queries.concerns_for(
            session, by=current_actor(), page=page_number(request.args.get("page"))
        )
    return render_template("talk/concerns.html", concerns=found)


@talk.route("/safeguarding/concerns/<uuid:concern_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_SAFE)
def concern(concern_id: UUID) -> str | Response:
    """Show one concern, and let the team write down what it does about it."""
    actor, form = current_actor(), NoteForm()
    if form.validate_on_submit():
        with transaction() as session:
            commands.note_concern(
                session,
                concern_id,
                ConcernState(form.state.data),
                tidy(form.note.data),
                step_id=form.step_id.data,
                by=actor,
                at=clock.now(),
            )
        flash("Your note is kept.")
        return redirect(url_for("talk.concern", concern_id=concern_id))
    with reading() as session:
        found = queries.concern_for(session, concern_id=concern_id, by=actor)
    return render_template("talk/concern.html", form=form, concern=found)


@talk.route("/safeguarding/concerns/<uuid:concern_id>/take", methods=["POST"])
@requires(Permission.KEEP_SAFE)
def take(concern_id: UUID) -> Response:
    """Let one of the team say that they look at it now."""
    with transaction() as session:
        commands.take_concern(session, concern_id, by=current_actor(), at=clock.now())
    flash("Your team can see that you look at it.")
    return redirect(url_for("talk.concern", concern_id=concern_id))
