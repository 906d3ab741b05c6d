"""Which services a feed has: narrow rows of everything public, counted for each page."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.catalogue.queries.published import published_services
from marketplace.community import queries as community
from marketplace.community.queries import ListingCard
from marketplace.councils.queries import councils
from marketplace.feeds.rules.asking import Question, answers
from marketplace.feeds.rules.published import Key, Kind
from marketplace.feeds.rules.timetable import closing
from marketplace.places.queries import find_point, locate


def keys(
    session: Session, question: Question, *, council_slug: str | None, at: datetime
) -> list[Key]:
    """Return the services that answer a question, in an order that stays.

    Raises:
        PlaceNotFoundError: there is no such postcode.
    """
    point = locate(question.postcode).point if question.postcode else None
    centre = (point.easting, point.northing) if point else None
    found = [
        key
        for key in _everything(session, at=at, with_words=bool(question.words))
        if (council_slug is None or not key.councils or council_slug in key.councils)
        and answers(key, question, centre)
    ]
    return sorted(found, key=lambda key: key.id)


def _everything(session: Session, *, at: datetime, with_words: bool) -> Iterator[Key]:
    yield from _of_catalogue(session, at=at, with_words=with_words)
    slugs = {card.id: card.slug for card in councils(session)}
    for listing in community.findable_listings(session, ids=None, at=at):
        council_id = listing.group.council_id
        yield listing_key(listing, frozenset({slugs[council_id]} if council_id else ()))


def _of_catalogue(session: Session, *, at: datetime, with_words: bool) -> Iterator[Key]:
    grids: dict[str, tuple[int, int] | None] = {}
    for row in published_services(session, at=at, with_words=with_words):
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
        )


def listing_key(listing: ListingCard, councils_of_it: frozenset[str]) -> Key:
    """Return an entry of a group as a feed counts it."""
    opens = listing.starts_at if listing.starts else None
    return Key(
        id=listing.id,
        kind=Kind(listing.kind.value),
        organisation_id=listing.group.id,
        categories=(listing.category,),
        for_whom=listing.for_whom,
        days=listing.weekdays,
        opens=opens,
        closes=closing(opens, listing.minutes) if opens else None,
        grid=_grid(listing.easting, listing.northing),
        reach_metres=None,
        councils=councils_of_it,
        changed_at=max(listing.changed_at, listing.confirmed_at),
        words=" ".join((listing.title, listing.about, listing.venue, listing.group.name)),
    )


def _grid(easting: int | None, northing: int | None) -> tuple[int, int] | None:
    return None if easting is None or northing is None else (easting, northing)
