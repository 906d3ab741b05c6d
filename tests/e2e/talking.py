"""A conversation about an order with the council in it, a reported message, and a worry."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.talk import commands
from marketplace.talk.commands import NewConcern, NewMessage
from tests.factories import Make


def add_talk(
    make: Make, actors: Mapping[str, Actor], *, order_id: UUID, council_id: UUID, now: datetime
) -> dict[str, list[str]]:
    """Let the person and the store write to each other; return pages for some visitors."""
    person, store, at = actors["person"], actors["provider"], now - timedelta(hours=2)
    asks = NewMessage(
        message_id=uuid4(), words="Here is my list.", file_name="list.txt", file=b"Milk"
    )
    answers = NewMessage(message_id=uuid4(), words="Thank you.")
    worry = NewConcern(concern_id=uuid4(), council_id=council_id, words="I hear shouting.")
    with make.block() as session:
        thread_id = commands.write_about_order(session, order_id, asks, by=person, at=at)
        commands.reply(session, thread_id, answers, by=store, at=at)
        commands.ask_council_in(session, thread_id, by=person, at=at)
        commands.report_message(session, answers.message_id, "Odd.", by=person, at=at)
        commands.write_concern(session, worry, writer_id=None, at=at)
    asking = [f"/orders/{order_id}/messages", f"/messages/{thread_id}"]
    of_money = [*asking, f"/wallet/messages/{council_id}"]
    return {
        **dict.fromkeys(("person", "supporter", "helper"), of_money),
        "provider": asking,
        "practitioner": asking[1:],
    }
