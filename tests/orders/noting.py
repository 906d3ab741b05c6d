"""What providers say of visits, for tests of delivery notes."""

from datetime import timedelta
from uuid import UUID

from marketplace.orders.commands import NoteDelivery
from marketplace.orders.rules import NoteKind
from tests.factories import Make
from tests.factories.orders import Deal

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def visit_id_of(make: Make, deal: Deal, number: int = 1) -> UUID:
    """Return the id of an order's visit."""
    return make.order(deal).visits[number - 1].id


def note(make: Make, deal: Deal, kind: NoteKind = NoteKind.FULL, **said: object) -> NoteDelivery:
    """Return a note of the first visit of an order."""
    return NoteDelivery(visit_id=visit_id_of(make, deal), note_kind=kind, **said)  # type: ignore[arg-type]
