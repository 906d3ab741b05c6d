"""Taking over what another catalogue says, and answering what it leaves open."""

from marketplace.feeds.commands.answering import answer_question
from marketplace.feeds.commands.sources import (
    NoteReading,
    PutSource,
    note_reading,
    put_source,
    remember_mapping,
)
from marketplace.feeds.commands.taking import take

__all__ = [
    "NoteReading",
    "PutSource",
    "answer_question",
    "note_reading",
    "put_source",
    "remember_mapping",
    "take",
]
