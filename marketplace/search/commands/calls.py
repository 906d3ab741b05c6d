"""Counting calls of the public interface, for all processes together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from marketplace.kernel.writing import insert_once
from marketplace.search.models import SearchCall

_KEPT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCalls:
    """Somebody is about to ask: who, in which minute, how many at once, and how many at most."""

    caller: str
    minute: datetime
    wanted: int
    most: int


@dataclass(frozen=True, slots=True)
class CallsTaken:
    """How many of the calls wanted are granted, and how many are left for others to take."""

    granted: int
    left: int


def take_calls(session: Session, wish: TakeCalls) -> CallsTaken:
    """Take some of a caller's calls of this minute, as many as there are; forget older minutes."""
    session.execute(delete(SearchCall).where(SearchCall.minute < wish.minute - _KEPT))
    key = {"caller": wish.caller, "minute": wish.minute}
    insert_once(session, SearchCall, {"id": uuid4(), **key, "taken": 0})
    taken: int = session.execute(
        update(SearchCall)
        .filter_by(**key)
        .values(taken=SearchCall.taken + wish.wanted)
        .returning(SearchCall.taken)
    ).scalar_one()
    left_before = max(0, wish.most - (taken - wish.wanted))
    return CallsTaken(min(wish.wanted, left_before), max(0, wish.most - taken))
