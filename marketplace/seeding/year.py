"""Plays events in the order of time."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

Play = Callable[[Session, datetime], "Iterable[Event] | None"]

_numbers = count()


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens at an instant, and may bring later events about."""

    at: datetime
    play: Play = field(compare=False)
    number: int = field(default_factory=_numbers.__next__)
    """Of two events at one instant, the one made first comes first."""


def play(
    session: Session,
    events: Iterable[Event],
    *,
    until: datetime,
    progress: Callable[[datetime], None],
) -> None:
    """Play all events up to an instant, and those they bring about."""
    coming = list(events)
    heapq.heapify(coming)
    while coming and coming[0].at <= until:
        event = heapq.heappop(coming)
        for later in event.play(session, event.at) or ():
            heapq.heappush(coming, later)
        progress(event.at)
