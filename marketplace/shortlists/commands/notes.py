"""What people of a circle say to each other about something on a list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.shortlists.commands.lists import list_words, note_deed, own_thing
from marketplace.shortlists.errors import ListFullError
from marketplace.shortlists.models import Note, Thing
from marketplace.shortlists.rules import NOTE_LENGTH_MAX, NOTES_MAX


def write_note(
    session: Session, *, note_id: UUID, thing_id: UUID, words: str, by: Actor, at: datetime
) -> None:
    """Say something about something on a list; sent twice it is one note.

    Raises:
        NotFoundError: it is on nobody's list whom the one who writes may help.
        BadListWordsError: there are no words, or too many.
        ListFullError: there are as many notes as there is room for.
    """
    thing, found = own_thing(session, thing_id, by)
    count = select(func.count()).where(Note.thing_id == thing.id)
    if (session.scalar(count) or 0) >= NOTES_MAX:
        raise ListFullError(f"There is room for {NOTES_MAX} notes to one thing.")
    values = {
        "id": note_id,
        "thing_id": thing.id,
        "written_by_id": by.user_id,
        "words": list_words(words, "note", NOTE_LENGTH_MAX),
        "written_at": at,
    }
    if insert_once(session, Note, values):
        note_deed(session, "list-note-written", thing.subject_id, by, at)
    found.used_at = at


def change_note(session: Session, *, note_id: UUID, words: str, by: Actor, at: datetime) -> None:
    """Put other words in the place of one's own note.

    Raises:
        NotFoundError: it is not theirs, or on a list they may not see.
        BadListWordsError: there are no words, or too many.
    """
    note, thing = _note(session, note_id, by)
    if note.written_by_id != by.user_id:
        raise NotFoundError
    said = list_words(words, "note", NOTE_LENGTH_MAX)
    if said != note.words:
        note.words, note.written_at = said, at
        note_deed(session, "list-note-changed", thing.subject_id, by, at)


def remove_note(session: Session, *, note_id: UUID, by: Actor, at: datetime) -> None:
    """Take a note off a list: whoever wrote it, or the person whose list it is.

    Raises:
        NotFoundError: it is neither, or it is gone already.
    """
    note, thing = _note(session, note_id, by)
    if note.written_by_id != by.user_id and by.acts_for_another:
        raise NotFoundError
    session.delete(note)
    note_deed(session, "list-note-removed", thing.subject_id, by, at)


def _note(session: Session, note_id: UUID, by: Actor) -> tuple[Note, Thing]:
    thing_id = session.scalar(select(Note.thing_id).where(Note.id == note_id))
    if thing_id is None:
        raise NotFoundError
    thing, _ = own_thing(session, thing_id, by)
    note = session.get(Note, note_id, populate_existing=True)
    if note is None:
        raise NotFoundError  # somebody took it off while this waited for the list
    return note, thing
