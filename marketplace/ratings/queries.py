"""Reading ratings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Subquery, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.orders.queries import completed_order, order_for
from marketplace.ratings.errors import NotDeliveredError
from marketplace.ratings.models import Rating, RatingReport
from marketplace.ratings.rules import (
    SCORE_MAX,
    SCORE_MIN,
    HidingRule,
    Standing,
    mean_tenths,
    percent,
    shrunken_tenths,
)


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating as everybody may read it. Who wrote it is nobody's business."""

    id: UUID
    score: int
    on_time: bool
    to_standard: bool
    again: bool
    words: str
    by_supporter: bool
    written_at: datetime
    changed_at: datetime | None
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnRating:
    """A rating as its author sees it: whether it is hidden, by which rule and why."""

    id: UUID
    order_id: UUID
    provider_name: str
    score: int
    on_time: bool
    to_standard: bool
    again: bool
    words: str
    by_supporter: bool
    written_at: datetime
    changed_at: datetime | None
    hidden_at: datetime | None
    hidden_rule: HidingRule | None
    hidden_reason: str
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What somebody says is wrong with a rating."""

    rule: HidingRule
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratedRating:
    """A rating as a moderator sees it."""

    id: UUID
    provider_name: str
    score: int
    words: str
    by_supporter: bool
    written_at: datetime
    changed_at: datetime | None
    hidden_at: datetime | None
    hidden_rule: HidingRule | None
    hidden_reason: str
    reports: tuple[ReportRow, ...]

    @property
    def changed_since_hidden(self) -> bool:
        """Tell whether its author has changed it after it was hidden."""
        return bool(self.hidden_at and self.changed_at and self.changed_at > self.hidden_at)


@dataclass(frozen=True, slots=True)
class Rated:
    """An order that may be rated."""

    provider_id: UUID
    provider_name: str
    person_id: UUID
    council_id: UUID


def ratable(session: Session, *, order_id: UUID, seen_by: Actor, at: datetime) -> Rated:
    """Return an order that somebody may rate, for themselves or the person they support.

    Raises:
        NotFoundError: it is not an order of theirs.
        NotDeliveredError: nothing of it was delivered and confirmed yet.
    """
    # Only those who may see the order may rate it, or are told that it is too early: a supporter
    # who may only suggest sees what they suggested themselves.
    if order_for(session, order_id=order_id, seen_by=seen_by, at=at).person_id != seen_by.buys_for:
        raise NotFoundError
    order = completed_order(session, order_id)
    if order is None:
        raise NotDeliveredError
    return Rated(order.provider_id, order.provider_name, order.person_id, order.council_id)


def ratings_of(session: Session, *, provider_id: UUID) -> list[RatingRow]:
    """Return the ratings of a provider that everybody may read, newest first."""
    rows = session.execute(
        select(*_columns(RatingRow))
        .where(Rating.provider_id == provider_id, Rating.hidden_at.is_(None))
        .order_by(Rating.written_at.desc(), Rating.id)
    )
    return [RatingRow(*row) for row in rows]


def rating_row(session: Session, *, rating_id: UUID) -> RatingRow:
    """Return one rating that everybody may read.

    Raises:
        NotFoundError: there is none, or it is hidden.
    """
    row = session.execute(
        select(*_columns(RatingRow)).where(Rating.id == rating_id, Rating.hidden_at.is_(None))
    ).first()
    if row is None:
        raise NotFoundError
    return RatingRow(*row)


def rating_of_store(session: Session, *, rating_id: UUID, seen_by: Actor) -> RatingRow:
    """Return one visible rating of one's own store.

    Raises:
        NotFoundError: there is none, or it is another store's.
    """
    provider_id = session.scalar(select(Rating.provider_id).where(Rating.id == rating_id))
    if provider_id != seen_by.works_for:
        raise NotFoundError
    return rating_row(session, rating_id=rating_id)


def standing(session: Session, *, provider_ids: Iterable[UUID] | None) -> dict[UUID, Standing]:
    """Return what the visible ratings of some providers add up to; all rated ones for None."""
    wanted = None if provider_ids is None else set(provider_ids)
    rows = _added_up() if wanted is None else _added_up().where(Rating.provider_id.in_(wanted))
    found = dict.fromkeys(wanted or (), Standing())
    return found | {row[0]: standing_in(row) for row in session.execute(rows)}


def standings_beside(providers: Select[UUID]) -> Subquery:
    """Return the same as a table to stand beside other rooms' columns: ``standing_in`` reads it."""
    return _added_up().where(Rating.provider_id.in_(providers)).subquery()


def standing_in(row: Sequence[Any]) -> Standing:
    """Return what stands in a row of that table: nothing where nobody has rated."""
    numbers = [number or 0 for number in row[1:]]
    return _standing(numbers[:SCORE_MAX], numbers[SCORE_MAX:])


def find_rating(session: Session, *, order_id: UUID, person_id: UUID) -> OwnRating | None:
    """Return what was said of one of a person's orders, hidden or not."""
    row = session.execute(
        select(*_columns(OwnRating)).where(
            Rating.order_id == order_id, Rating.person_id == person_id
        )
    ).first()
    return OwnRating(*row) if row else None


def ratings_by(session: Session, *, person_id: UUID) -> list[OwnRating]:
    """Return everything a person, or a supporter for them, has said, newest first."""
    rows = session.execute(
        select(*_columns(OwnRating))
        .where(Rating.person_id == person_id)
        .order_by(Rating.written_at.desc(), Rating.id)
    )
    return [OwnRating(*row) for row in rows]


def to_moderate(session: Session, *, council_id: UUID, page: int = 1) -> Page[ModeratedRating]:
    """Return a council's ratings, first those that wait for a moderator."""
    mine = Rating.council_id == council_id
    reported = (
        select(RatingReport.id)
        .where(RatingReport.rating_id == Rating.id, RatingReport.settled_at.is_(None))
        .exists()
    )
    changed = (Rating.hidden_at.is_not(None)) & (Rating.changed_at > Rating.hidden_at)
    waits = func.coalesce(or_(reported, changed), False)
    ratings = session.scalars(
        select(Rating)
        .where(mine)
        .order_by(waits.desc(), Rating.written_at.desc(), Rating.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    count = session.scalar(select(func.count()).select_from(Rating).where(mine)) or 0
    reports = _open_reports(session, [rating.id for rating in ratings])
    rows = [_moderated(rating, reports.get(rating.id, ())) for rating in ratings]
    return Page(rows, page, count)


def rating_to_moderate(session: Session, *, rating_id: UUID, seen_by: Actor) -> ModeratedRating:
    """Return one rating that a moderator's council looks after.

    Raises:
        NotFoundError: there is none.
    """
    rating = session.get(Rating, rating_id)
    if rating is None or rating.council_id != seen_by.works_for:
        raise NotFoundError
    return _moderated(rating, _open_reports(session, [rating_id]).get(rating_id, ()))


_ASKED = (Rating.on_time, Rating.to_standard, Rating.again)


def _columns(row: type) -> list[InstrumentedAttribute[Any]]:
    return [getattr(Rating, name) for name in row.__slots__]  # type: ignore[attr-defined]


def _added_up() -> Select[*tuple[Any, ...]]:
    given = (Rating.score == score for score in range(SCORE_MIN, SCORE_MAX + 1))
    return (
        select(Rating.provider_id, *(func.sum(cast(so, Integer)) for so in (*given, *_ASKED)))
        .where(Rating.hidden_at.is_(None))
        .group_by(Rating.provider_id)
    )


def _standing(spread: Sequence[int], said: Sequence[int]) -> Standing:
    count = sum(spread)
    added = sum(score * times for score, times in enumerate(spread, start=SCORE_MIN))
    on_time, to_standard, again = said
    return Standing(
        count=count,
        mean_tenths=mean_tenths(added, count),
        shrunken_tenths=shrunken_tenths(added, count),
        on_time_percent=percent(on_time, count),
        to_standard_percent=percent(to_standard, count),
        again_percent=percent(again, count),
        spread=tuple(spread),
    )


def _open_reports(session: Session, rating_ids: list[UUID]) -> dict[UUID, tuple[ReportRow, ...]]:
    rows = session.execute(
        select(RatingReport.rating_id, RatingReport.rule, RatingReport.words, RatingReport.at)
        .where(RatingReport.rating_id.in_(rating_ids), RatingReport.settled_at.is_(None))
        .order_by(RatingReport.at, RatingReport.id)
    )
    found: dict[UUID, tuple[ReportRow, ...]] = {}
    for rating_id, rule, words, at in rows:
        found[rating_id] = (*found.get(rating_id, ()), ReportRow(rule, words, at))
    return found


def _moderated(rating: Rating, reports: tuple[ReportRow, ...]) -> ModeratedRating:
    plain = [name for name in ModeratedRating.__slots__ if name != "reports"]
    return ModeratedRating(**{name: getattr(rating, name) for name in plain}, reports=reports)


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return the ratings somebody wrote, those of their own orders, and what they reported."""
    ratings = (
        select(*columns_of(Rating, without=["hidden_by_id"]))
        .where(or_(Rating.author_id == user_id, Rating.person_id == user_id))
        .order_by(Rating.written_at, Rating.id)
    )
    reports = (
        select(*columns_of(RatingReport))
        .where(RatingReport.by_user_id == user_id)
        .order_by(RatingReport.at, RatingReport.id)
    )
    return {
        "ratings": rows_of(session, ratings),
        "ratings-you-reported": rows_of(session, reports),
    }
