"""The list of conversations, one of them, and its files."""

from uuid import UUID

from flask import Response as Answer
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number
from marketplace.talk import commands, queries
from marketplace.talk.commands import NewMessage
from marketplace.talk.forms import MessageForm
from marketplace.talk.views.blueprint import talk
from marketplace.talk.views.sending import sent
from marketplace.web.downloads import attachment_answer


@talk.route("/messages")
@requires(Permission.SIGNED_IN)
def inbox() -> str:
    """Show somebody's conversations, the last written in first."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        found = queries.threads_of(session, by=actor, page=page_number(request.args.get("page")))
        sells = actor.may(Permission.TAKE_ORDERS)
        answers = (
            queries.answer_time(session, provider_id=actor.works_for, at=at) if sells else None
        )
    return render_template("talk/inbox.html", threads=found, sells=sells, answers=answers)


@talk.route("/messages/<uuid:thread_id>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def thread(thread_id: UUID) -> str | Response:
    """Show a conversation to those whom it concerns, and let them write on."""
    actor, at, form = current_actor(), clock.now(), MessageForm()
    with reading() as session:
        found = queries.thread_for(session, thread_id=thread_id, by=actor)
    if found.may_write and form.validate_on_submit():

        def write(session: Session, message: NewMessage, by: Actor) -> UUID:
            commands.reply(session, thread_id, message, by=by, at=at)
            return thread_id

        if sent(form, write, begins=False, at=at) is not None:
            flash("Your message is sent.")
            return redirect(url_for("talk.thread", thread_id=thread_id))
    if request.method == "GET":
        with transaction() as session:
            commands.note_read(session, thread_id, by=actor)
    return render_template("talk/thread.html", form=form, thread=found)


@talk.route("/messages/<uuid:thread_id>/ask-council", methods=["POST"])
@requires(Permission.SIGNED_IN)
def ask_council(thread_id: UUID) -> Response:
    """Ask the council into a conversation about an order."""
    with transaction() as session:
        commands.ask_council_in(session, thread_id, by=current_actor(), at=clock.now())
    flash("The council can read this now and write here.")
    return redirect(url_for("talk.thread", thread_id=thread_id))


@talk.route("/messages/files/<uuid:file_id>")
@requires(Permission.SIGNED_IN)
def file(file_id: UUID) -> Answer:
    """Send a file of a conversation: a picture to look at, all else to be kept, not opened."""
    with reading() as session:
        found, content = queries.file_for(session, file_id=file_id, by=current_actor())
    return attachment_answer(found.name, content, found.media_type)
