"""What a store shows beside its offers, and what people keep on lists."""

from datetime import datetime
from uuid import uuid4

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.database import transaction
from marketplace.shortlists import commands as lists
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
        lists.keep(session, kind=kind, subject_id=subject_id, by=person, at=at)
        lists.make_list(session, shortlist_id=uuid4(), name="Later", by=person, at=at)
        secret = lists.keep_by_link(session, secret=None, kind=kind, subject_id=subject_id, at=at)
    return f"/kept/{secret}"
