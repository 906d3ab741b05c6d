"""What a browser sends about a visit under a key of its own: sent again, it is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.kernel.writing import insert_once
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import PhoneDeed

_AHEAD = timedelta(minutes=5)
_KEPT_AT_MOST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sent:
    """The key of something that was sent, and when a phone without network says it was written."""

    key: UUID
    said_at: datetime | None = None


def said_by_phone(sent: Sent | None, *, at: datetime) -> datetime | None:
    """Return what the phone's clock said, if that can be: not to come, and not long ago."""
    if sent is None or sent.said_at is None:
        return None
    can_be = at - _KEPT_AT_MOST <= sent.said_at <= at + _AHEAD
    return sent.said_at if can_be else None


def first_time(
    session: Session, sent: Sent | None, *, visit_id: UUID, what: str, at: datetime
) -> bool:
    """Remember a key; tell whether it is new. The visit's order is locked by whoever calls.

    If what comes next is refused, the key is forgotten with it.

    Raises:
        WrongStateError: the key was used for something else.
    """
    if sent is None:
        return True
    new = insert_once(
        session,
        PhoneDeed,
        {
            "id": sent.key,
            "visit_id": visit_id,
            "what": what,
            "at": at,
            "said_at": said_by_phone(sent, at=at),
        },
    )
    if new:
        return True
    earlier = session.get_one(PhoneDeed, sent.key)
    if (earlier.visit_id, earlier.what) != (visit_id, what):
        raise WrongStateError("This was sent before, and said something else. Write it again.")
    return False
