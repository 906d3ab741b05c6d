"""Counting what people look for, so that nobody can be found in it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, case, delete, func, null, select, update
from sqlalchemy.orm import Session, aliased

from marketplace.kernel.clock import local_day
from marketplace.kernel.writing import insert_or_change
from marketplace.search.models import SearchCount, SearchEmptied
from marketplace.search.rules.steps import Step

EVERYWHERE = UUID(int=0)
WORDS_LENGTH_MAX = 100
WORDS_KEPT_AFTER = 5
"""So many must have searched for the same words before the words themselves are kept."""
FEW = 3
"""Less than this is next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMade:
    """A search that somebody made: its words, where, and how much it found."""

    words: str
    council_id: UUID | None
    """The council to which the place belongs that was asked for, or whose portal it was."""
    results: int
    secret: str
    """The key of the fingerprint."""
    category: str = ""
    """What kind of support it was about, as far as that is known."""
    words_kept_after: int = WORDS_KEPT_AFTER
    """More than the usual number where the council keeps small groups better."""


def count_search(session: Session, made: SearchMade, *, at: datetime) -> UUID | None:
    """Count a search under a fingerprint; keep its words only once enough people asked.

    Returns the id of the count, which all who searched alike that day share.
    """
    words = " ".join(made.words.casefold().split())[:WORDS_LENGTH_MAX]
    if not words:
        return None
    council_id = made.council_id or EVERYWHERE
    fingerprint = hmac.new(made.secret.encode(), words.encode(), hashlib.sha256).hexdigest()
    key = {"day": local_day(at), "council_id": council_id, "fingerprint": fingerprint}
    last = {"results": made.results, "category": made.category}
    few = int(made.results < FEW)
    enough = _asked_before(council_id, fingerprint) + 1 >= max(
        made.words_kept_after, WORDS_KEPT_AFTER
    )
    first = {"id": uuid4(), **key, **last, "times": 1, "few": few}
    # One statement, for the visitor waits for it.
    return insert_or_change(
        session,
        SearchCount,
        {**first, "words": case((enough, words), else_=null())},
        key=key,
        changes={
            **last,
            "times": SearchCount.times + 1,
            "few": SearchCount.few + few,
            "words": case((enough, words), else_=SearchCount.words),
        },
    )


def _asked_before(council_id: UUID, fingerprint: str) -> ColumnElement[int]:
    earlier = aliased(SearchCount)
    times = select(func.coalesce(func.sum(earlier.times), 0)).where(
        earlier.fingerprint == fingerprint, earlier.council_id == council_id
    )
    return times.scalar_subquery()


def note_step(session: Session, *, count_id: UUID, step: Step, before: Step | None) -> None:
    """Count what one of those did next who made a search; they are counted at one step only.

    There can be no more steps than searches: a cookie that is sent again and again counts nothing.
    """
    column = getattr(SearchCount, step.value)
    statement = update(SearchCount).where(SearchCount.id == count_id)
    if before is None:
        done = SearchCount.opened + SearchCount.kept + SearchCount.ordered + SearchCount.again
        statement = statement.where(done < SearchCount.times).values({column: column + 1})
    else:
        old = getattr(SearchCount, before.value)
        statement = statement.where(old > 0).values({column: column + 1, old: old - 1})
    session.execute(statement)


def count_emptied(session: Session, *, filters: str, council_id: UUID | None, at: datetime) -> None:
    """Count that some filters, in the words of the page, left nothing of a list."""
    key = {"day": local_day(at), "council_id": council_id or EVERYWHERE, "filters": filters}
    insert_or_change(
        session,
        SearchEmptied,
        {"id": uuid4(), **key, "times": 1},
        key=key,
        changes={"times": SearchEmptied.times + 1},
    )


def forget_counts(session: Session, *, before: date) -> int:
    """Take away the counts of days before a day."""
    removed = 0
    for model in (SearchCount, SearchEmptied):
        result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            delete(model).where(model.day < before)
        )
        removed += result.rowcount
    return removed
