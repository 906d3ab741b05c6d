"""Writing the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry, AuditHead
from marketplace.audit.rules import FIRST_HASH, Link, canonical, link_hash, type_of_detail
from marketplace.kernel.writing import insert_once


def record(  # noqa: PLR0913 - a deed has this many sides, all of them named
    session: Session,
    *,
    what: str,
    chain_id: UUID,
    subject_id: UUID,
    by_user_id: UUID | None,
    at: datetime,
    for_person_id: UUID | None = None,
    details: Mapping[str, type_of_detail] | None = None,
) -> None:
    """Add a deed to the trail of one person or organisation, in the deed's own transaction."""
    insert_once(session, AuditHead, {"id": chain_id, "sequence": 0, "hash": FIRST_HASH})
    # Lock before looking: writers of one chain take turns, so sequence and hash are the newest.
    head = session.get_one(AuditHead, chain_id, with_for_update=True, populate_existing=True)
    link = Link(
        chain_id=chain_id,
        sequence=head.sequence + 1,
        what=what,
        subject_id=subject_id,
        by_user_id=by_user_id,
        for_person_id=for_person_id,
        at=at,
        details=canonical(details or {}),
    )
    entry = AuditEntry(
        id=uuid4(),
        previous_hash=head.hash,
        hash=link_hash(head.hash, link),
        **{name: getattr(link, name) for name in Link.__slots__},
    )
    session.add(entry)
    head.sequence, head.hash = entry.sequence, entry.hash
    # The next deed of this transaction may lengthen the same chain and reads the head again.
    session.flush()
