"""Telling a council of a worry, and what its team does about it."""

from marketplace.talk.commands.concerns import (
    NewConcern,
    note_concern,
    take_concern,
    write_concern,
)
from marketplace.talk.commands.forgetting import forget_concerns, forget_person

__all__ = [
    "NewConcern",
    "forget_concerns",
    "forget_person",
    "note_concern",
    "take_concern",
    "write_concern",
]
