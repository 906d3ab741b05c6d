"""A person's own lists, which their circle helps to fill."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.shortlists import commands, queries
from marketplace.shortlists.errors import BadListWordsError, ListFullError
from marketplace.shortlists.forms import ListForm, MoveForm, NoteForm
from marketplace.shortlists.queries import ListCard, NoteRow, ThingCard
from marketplace.shortlists.rules import LINK_KEY
from marketplace.shortlists.views.blueprint import shortlists


@shortlists.route("/lists", methods=["GET", "POST"])
@requires(Permission.KEEP_LISTS)
def index() -> str | Response:
    """Show the lists of the person, and ask for one more."""
    actor = current_actor()
    form = ListForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                made = commands.make_list(
                    session,
                    shortlist_id=form.shortlist_id.data,
                    name=form.name.data,
                    by=actor,
                    at=clock.now(),
                )
        except (BadListWordsError, ListFullError) as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash("Your list is begun. What you keep next goes on it.")
            return redirect(url_for("shortlists.show", shortlist_id=made))
    with reading() as session:
        lists = queries.lists_of(session, person_id=actor.buys_for)
    return render_template(
        "shortlists/index.html", form=form, lists=lists, link=cookie.get(LINK_KEY)
    )


@shortlists.route("/lists/<uuid:shortlist_id>")
@requires(Permission.KEEP_LISTS)
def show(shortlist_id: UUID) -> str:
    """Show what is on a list, and what was said about it."""
    actor = current_actor()
    return render_template(
        "shortlists/show.html",
        list=_list(shortlist_id),
        for_another=actor.acts_for_another,
        me=actor.user_id,
    )


@shortlists.route("/lists/<uuid:shortlist_id>/name", methods=["GET", "POST"])
@requires(Permission.KEEP_LISTS)
def rename(shortlist_id: UUID) -> str | Response:
    """Ask for another name of a list."""
    found = _list(shortlist_id)
    form = ListForm(data={"name": found.name})
    if form.validate_on_submit():
        with transaction() as session:
            commands.rename_list(
                session,
                shortlist_id=shortlist_id,
                name=form.name.data,
                by=current_actor(),
                at=clock.now(),
            )
        flash("The list has its new name.")
        return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))
    return render_template("shortlists/rename.html", form=form, list=found)


@shortlists.route("/lists/<uuid:shortlist_id>/end", methods=["POST"])
@requires(Permission.KEEP_LISTS)
def end(shortlist_id: UUID) -> Response:
    """Take a list away."""
    with transaction() as session:
        commands.end_list(session, shortlist_id=shortlist_id, by=current_actor(), at=clock.now())
    flash("The list is gone.")
    return redirect(url_for("shortlists.index"))


@shortlists.route("/lists/<uuid:shortlist_id>/<uuid:thing_id>/note", methods=["GET", "POST"])
@requires(Permission.KEEP_LISTS)
def write_note(shortlist_id: UUID, thing_id: UUID) -> str | Response:
    """Ask for a note to something on a list."""
    found = _list(shortlist_id)
    thing = _thing(found, thing_id)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.write_note(
                    session,
                    note_id=form.note_id.data,
                    thing_id=thing_id,
                    words=form.words.data,
                    by=current_actor(),
                    at=clock.now(),
                )
        except (BadListWordsError, ListFullError) as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash("Your note is on the list.")
            return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))
    return render_template("shortlists/note.html", form=form, list=found, thing=thing, note=None)


@shortlists.route("/lists/<uuid:shortlist_id>/notes/<uuid:note_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_LISTS)
def change_note(shortlist_id: UUID, note_id: UUID) -> str | Response:
    """Ask for other words of one's own note."""
    found, actor = _list(shortlist_id), current_actor()
    thing, note = _note(found, note_id)
    if note.written_by_id != actor.user_id:
        raise NotFoundError
    form = NoteForm(data={"words": note.words})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_note(
                    session, note_id=note_id, words=form.words.data, by=actor, at=clock.now()
                )
        except BadListWordsError as refusal:
            form.words.errors = [str(refusal)]
        else:
            flash("Your note is changed.")
            return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))
    return render_template("shortlists/note.html", form=form, list=found, thing=thing, note=note)


@shortlists.route("/lists/<uuid:shortlist_id>/notes/<uuid:note_id>/remove", methods=["POST"])
@requires(Permission.KEEP_LISTS)
def remove_note(shortlist_id: UUID, note_id: UUID) -> Response:
    """Take a note off a list."""
    _note(_list(shortlist_id), note_id)
    with transaction() as session:
        commands.remove_note(session, note_id=note_id, by=current_actor(), at=clock.now())
    flash("The note is gone.")
    return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))


@shortlists.route("/lists/<uuid:shortlist_id>/<uuid:thing_id>/move", methods=["GET", "POST"])
@requires(Permission.KEEP_LISTS)
def move(shortlist_id: UUID, thing_id: UUID) -> str | Response:
    """Ask on which other list something is to be."""
    actor, found = current_actor(), _list(shortlist_id)
    thing = _thing(found, thing_id)
    with reading() as session:
        lists = queries.lists_of(session, person_id=actor.buys_for)
    form = MoveForm()
    form.to_id.choices = [(str(each.id), each.name) for each in lists if each.id != shortlist_id]
    if form.validate_on_submit():
        to_id = UUID(form.to_id.data)
        try:
            with transaction() as session:
                commands.move_thing(
                    session, thing_id=thing_id, to_id=to_id, by=actor, at=clock.now()
                )
        except ListFullError as refusal:
            form.to_id.errors = [str(refusal)]
        else:
            flash("It is on the other list now.")
            return redirect(url_for("shortlists.show", shortlist_id=to_id))
    return render_template("shortlists/move.html", form=form, list=found, thing=thing)


@shortlists.route("/lists/<uuid:shortlist_id>/<uuid:thing_id>/take-off", methods=["POST"])
@requires(Permission.KEEP_LISTS)
def take_off(shortlist_id: UUID, thing_id: UUID) -> Response:
    """Take something off a list."""
    _thing(_list(shortlist_id), thing_id)
    with transaction() as session:
        commands.take_off(session, thing_id=thing_id, by=current_actor(), at=clock.now())
    flash("It is off the list.")
    return redirect(url_for("shortlists.show", shortlist_id=shortlist_id))


def _list(shortlist_id: UUID) -> ListCard:
    with reading() as session:
        return queries.shortlist(
            session, shortlist_id=shortlist_id, by=current_actor(), at=clock.now()
        )


def _thing(found: ListCard, thing_id: UUID) -> ThingCard:
    thing = next((each for each in found.things if each.id == thing_id), None)
    if thing is None:
        raise NotFoundError
    return thing


def _note(found: ListCard, note_id: UUID) -> tuple[ThingCard, NoteRow]:
    for thing in found.things:
        for note in thing.notes:
            if note.id == note_id:
                return thing, note
    raise NotFoundError
