"""Fills one side of the world with a person's list and one that a link opens."""

from datetime import datetime
from uuid import uuid4

from marketplace.shortlists import commands, queries
from marketplace.shortlists.rules import KeptKind
from tests.factories import Make
from tests.house.access.side import Side


def fill_lists(make: Make, side: Side, *, at: datetime) -> None:
    """Keep the side's offer on a list of the person, and on one of nobody."""
    person = side.funded.person
    with make.block() as session:
        list_id = commands.keep(
            session, kind=KeptKind.OFFER, subject_id=side.offer_id, by=person, at=at
        )
        own = queries.shortlist(session, shortlist_id=list_id, by=person, at=at)
        note_id = uuid4()
        commands.write_note(
            session, note_id=note_id, thing_id=own.things[0].id, words="Ask.", by=person, at=at
        )
        secret = commands.keep_by_link(
            session, secret=None, kind=KeptKind.OFFER, subject_id=side.offer_id, at=at
        )
        linked = queries.linked_list(session, secret=secret, person_id=None, at=at)
    side.objects["list"] = {"shortlist_id": list_id}
    side.objects["thing"] = {"shortlist_id": list_id, "thing_id": own.things[0].id}
    side.objects["note"] = {"shortlist_id": list_id, "note_id": note_id}
    side.objects["linked_list"] = {"secret": secret}
    side.objects["linked_thing"] = {"secret": secret, "thing_id": linked.things[0].id}
    side.typed["list"] = list_id
