"""What is typed on the pages of lists."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from marketplace.shortlists.rules import NAME_LENGTH_MAX, NOTE_LENGTH_MAX
from marketplace.web.fields import LineField, Needed, NoLonger, UuidField


class ListForm(FlaskForm):  # type: ignore[misc]
    """The name of a list."""

    shortlist_id = UuidField()
    name = LineField(
        "Name of the list",
        [Needed("Write a name for your list."), NoLonger(NAME_LENGTH_MAX)],
        description="Like: help for mum, or: things to do in summer.",
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What somebody says about something on a list."""

    note_id = UuidField()
    words = TextAreaField(
        "Your note",
        [Needed("Write a note."), NoLonger(NOTE_LENGTH_MAX)],
        description="Everybody who may see this list reads it, with your name.",
    )


class MoveForm(FlaskForm):  # type: ignore[misc]
    """On which other list something is to be."""

    to_id = RadioField("On which list should it be?", [Needed("Choose a list.")])
