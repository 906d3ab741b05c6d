"""Writing down who did what with an ask, in the person's own trail."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.asking.models import Ask
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail


def note(
    session: Session,
    what: str,
    ask: Ask,
    by: Actor | None,
    *,
    at: datetime,
    **details: type_of_detail,
) -> None:
    """Write a deed about an ask down. ``by`` None: the market itself did it."""
    acted_for = by is not None and by.person_id == ask.person_id
    record(
        session,
        what=what,
        chain_id=ask.person_id,
        subject_id=ask.id,
        by_user_id=by.user_id if by else None,
        for_person_id=ask.person_id if acted_for else None,
        at=at,
        details=details,
    )
