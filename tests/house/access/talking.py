"""Fills one side of the world with what people tell and write."""

from datetime import datetime
from uuid import uuid4

from marketplace.talk import commands
from marketplace.talk.commands import NewConcern
from tests.factories import Make
from tests.house.access.side import Side


def fill_talk(make: Make, side: Side, *, at: datetime) -> None:
    """Let the person be worried about somebody of the store."""
    wish = NewConcern(
        concern_id=uuid4(), council_id=side.council_id, words=side.names.worry, about="A worker"
    )
    with make.block() as session:
        commands.write_concern(session, wish, writer_id=side.funded.id, at=at)
    side.objects["concern"] = {"concern_id": wish.concern_id}
