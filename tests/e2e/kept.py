"""What a store shows beside its offers, and what people keep on lists."""

from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.database import transaction
from marketplace.shortlists import commands as lists
from marketplace.shortlists import queries
from marketplace.shortlists.rules import KeptKind
from tests.house.access.pictures import dot


def add_kept(*, person: Actor, provider: Actor, at: datetime) -> str:
    """Show a picture and a paper, keep the store on lists; return the address of one by link."""
    kind, subject_id = KeptKind.STORE, provider.works_for
    with transaction() as session:
        for alt in ("A dot.", "Another dot."):
            catalogue.add_picture(
                session, picture_id=uuid4(), content=dot(), alt=alt, by=provider, at=at
            )
        catalogue.add_document(
            session, document_id=uuid4(), content=b"Ours.", title="Our terms", by=provider, at=at
        )
        # What is kept goes on the list used last; the other one is there to move it to.
        for hours, name in ((2, "Sooner"), (1, "Later")):
            earlier = at - timedelta(hours=hours)
            lists.make_list(session, shortlist_id=uuid4(), name=name, by=person, at=earlier)
        list_id = lists.keep(session, kind=kind, subject_id=subject_id, by=person, at=at)
        (thing,) = queries.shortlist(session, shortlist_id=list_id, by=person, at=at).things
        lists.write_note(
            session, note_id=uuid4(), thing_id=thing.id, words="Ask.", by=person, at=at
        )
        secret = lists.keep_by_link(session, secret=None, kind=kind, subject_id=subject_id, at=at)
    return f"/kept/{secret}"
