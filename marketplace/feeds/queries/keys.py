"""Which services a feed has: narrow rows of everything public, counted for each page."""

from collections.abc import Collection, Iterator
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue.queries.published import published_services
from marketplace.community.queries.published import PublishedListing, published_listings
from marketplace.councils.queries import councils
from marketplace.feeds.rules.asking import Question, answers
from marketplace.feeds.rules.published import Key, Kind
from marketplace.feeds.rules.timetable import closing
from marketplace.kernel.ages import Ages
from marketplace.places.queries import find_point, locate


def keys(
    session: Session,
    question: Question,
    *,
    council_slug: str | None,
    at: datetime,
    ids: Collection[UUID] | None = None,
) -> list[Key]:
    """Return the services that answer a question, or those of some ids, in an order that stays.

    Raises:
        PlaceNotFoundError: there is no such postcode.
    """
    point = locate(question.postcode).point if question.postcode else None
    centre = (point.easting, point.northing) if point else None
    found = [
        key
        for key in _everything(session, question, at=at, ids=ids)
        if (council_slug is None or not key.councils or council_slug in key.councils)
        and (ids is None or key.id in ids)
        and answers(key, question, centre)
    ]
    return sorted(found, key=lambda key: key.id)


def _everything(
    session: Session, question: Question, *, at: datetime, ids: Collection[UUID] | None
) -> Iterator[Key]:
    with_words = bool(question.words)
    yield from _of_catalogue(session, at=at, ids=ids, with_words=with_words)
    slugs = {card.id: frozenset({card.slug}) for card in councils(session)}
    nowhere: frozenset[str] = frozenset()
    for listing in published_listings(session, at=at, ids=ids, with_words=with_words):
        of_council = slugs[listing.council_id] if listing.council_id else nowhere
        yield _of_listing(listing, of_council, with_days=bool(question.day))


def _of_catalogue(
    session: Session, *, at: datetime, ids: Collection[UUID] | None, with_words: bool
) -> Iterator[Key]:
    grids: dict[str, tuple[int, int] | None] = {}
    for row in published_services(session, at=at, ids=ids, with_words=with_words):
        if row.district not in grids:
            point = find_point(row.district)
            grids[row.district] = (point.easting, point.northing) if point else None
        yield Key(
            id=row.id,
            kind=Kind.PROVIDER if row.id == row.provider_id else Kind.OFFER,
            organisation_id=row.provider_id,
            categories=row.categories,
            for_whom=row.for_whom,
            days=frozenset(row.days),
            opens=None,
            closes=None,
            grid=grids[row.district],
            reach_metres=row.reach_metres,
            councils=row.council_slugs,
            changed_at=row.changed_at,
            words=row.words,
            ages=row.ages,
        )


def _of_listing(
    listing: PublishedListing, councils_of_it: frozenset[str], *, with_days: bool
) -> Key:
    opens = time.fromisoformat(listing.starts) if listing.starts else None
    place = (listing.easting, listing.northing)
    return Key(
        id=listing.id,
        kind=Kind(listing.kind.value),
        organisation_id=listing.group_id,
        categories=(listing.category,),
        for_whom=listing.for_whom,
        days=listing.weekdays if with_days else frozenset(),
        opens=opens,
        closes=closing(opens, listing.minutes) if opens else None,
        grid=None if place[0] is None or place[1] is None else (place[0], place[1]),
        reach_metres=None,
        councils=councils_of_it,
        changed_at=listing.changed_at,
        words=listing.words,
        ages=Ages(listing.youngest, listing.oldest),
    )
