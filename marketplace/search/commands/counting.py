"""Counting what people look for, so that nobody can be found in it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.kernel.writing import insert_once
from marketplace.search.models import SearchCount

EVERYWHERE = UUID(int=0)
WORDS_LENGTH_MAX = 100
WORDS_KEPT_AFTER = 5
"""So many must have searched for the same words before the words themselves are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMade:
    """A search that somebody made: its words, where, and how much it found."""

    words: str
    council_id: UUID | None
    results: int
    secret: str
    """The key of the fingerprint."""


def count_search(session: Session, made: SearchMade, *, at: datetime) -> None:
    """Count a search under a fingerprint; keep its words only once enough people asked."""
    words = " ".join(made.words.casefold().split())[:WORDS_LENGTH_MAX]
    if not words:
        return
    council_id = made.council_id or EVERYWHERE
    fingerprint = hmac.new(made.secret.encode(), words.encode(), hashlib.sha256).hexdigest()
    key = {"day": local_day(at), "council_id": council_id, "fingerprint": fingerprint}
    if not insert_once(
        session,
        SearchCount,
        {"id": uuid4(), **key, "results": made.results, "times": 1},
    ):
        session.execute(
            update(SearchCount)
            .filter_by(**key)
            .values(times=SearchCount.times + 1, results=made.results)
        )
    asked = session.scalar(
        select(func.sum(SearchCount.times)).where(
            SearchCount.fingerprint == fingerprint, SearchCount.council_id == council_id
        )
    )
    if (asked or 0) >= WORDS_KEPT_AFTER:
        session.execute(update(SearchCount).filter_by(**key).values(words=words))


def forget_counts(session: Session, *, before: date) -> int:
    """Take away the counts of days before a day."""
    rows = session.execute(
        delete(SearchCount).where(SearchCount.day < before).returning(SearchCount.id)
    )
    return len(rows.all())
