"""Writing to each other, and telling a council of a worry."""

from marketplace.talk.commands.beginning import (
    ask_about_offer,
    ask_store,
    write_about_order,
    write_of_plan,
)
from marketplace.talk.commands.concerns import (
    NewConcern,
    note_concern,
    take_concern,
    write_concern,
)
from marketplace.talk.commands.forgetting import forget_concerns, forget_messages, forget_person
from marketplace.talk.commands.reports import report_message, settle_report
from marketplace.talk.commands.writing import NewMessage, ask_council_in, note_read, reply

__all__ = [
    "NewConcern",
    "NewMessage",
    "ask_about_offer",
    "ask_council_in",
    "ask_store",
    "forget_concerns",
    "forget_messages",
    "forget_person",
    "note_concern",
    "note_read",
    "reply",
    "report_message",
    "settle_report",
    "take_concern",
    "write_about_order",
    "write_concern",
    "write_of_plan",
]
