"""Fills one side of the world with a picture that came with a delivery note."""

from datetime import datetime
from uuid import UUID

from marketplace.kernel.pictures import clean_picture
from marketplace.orders import commands
from marketplace.orders.commands import NoteDelivery
from marketplace.orders.rules import NoteKind
from tests.factories import Make
from tests.house.access.pictures import dot
from tests.house.access.side import Side


def fill_deliveries(make: Make, side: Side, *, at: datetime) -> None:
    """Let the provider put a picture with a note that nobody has answered."""
    visit_id = side.objects["noted_visit"]["visit_id"]
    assert isinstance(visit_id, UUID)
    wish = NoteDelivery(
        visit_id=visit_id,
        note_kind=NoteKind.FULL,
        photo=clean_picture(dot(), side_max=100, megabytes_max=1),
        alt="The beds are weeded.",
    )
    with make.block() as session:
        commands.correct_note(session, wish, by=side.provider, at=at)
