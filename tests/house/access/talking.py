"""Fills one side of the world with what people tell and write."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from marketplace.talk import commands, queries
from marketplace.talk.commands import NewConcern, NewMessage
from marketplace.talk.models import MessageReport
from tests.factories import Make
from tests.house.access.side import Side


def fill_talk(make: Make, side: Side, *, at: datetime) -> None:
    """Let the person be worried about somebody of the store, and write with it about an order."""
    person, provider = side.funded.person, side.provider
    wish = NewConcern(
        concern_id=uuid4(), council_id=side.council_id, words=side.names.worry, about="A worker"
    )
    order_id = make.placed(
        funded=side.funded, provider=provider, first_at=at + timedelta(days=2), at=at
    ).order_id
    first = NewMessage(
        message_id=uuid4(), words="Here is my list.", file_name="list.txt", file=b"Milk"
    )
    answer = NewMessage(message_id=uuid4(), words="Thank you.")
    plan = NewMessage(message_id=uuid4(), words=side.names.plan)
    with make.block() as session:
        commands.write_concern(session, wish, writer_id=side.funded.id, at=at)
        commands.write_of_plan(session, side.funded.id, side.council_id, plan, by=person, at=at)
        thread_id = commands.write_about_order(session, order_id, first, by=person, at=at)
        commands.reply(session, thread_id, answer, by=provider, at=at)
        commands.report_message(session, answer.message_id, "It is short.", by=person, at=at)
        report_id = session.scalars(
            select(MessageReport.id).where(MessageReport.message_id == answer.message_id)
        ).one()
        file = queries.thread_for(session, thread_id=thread_id, by=person).messages[0].file
    assert file is not None, "a list came with the first message"
    side.objects["concern"] = {"concern_id": wish.concern_id}
    side.objects["own_council"] = {"council_id": side.council_id}
    side.objects["talk"] = {"thread_id": thread_id}
    side.objects["talk_order"] = {"order_id": order_id}
    side.objects["talk_file"] = {"file_id": file.id}
    side.objects["talk_message"] = {"message_id": answer.message_id}
    side.objects["talk_report"] = {"report_id": report_id}
