"""Calendars and news feeds: what is on, a place, a group, one entry. They depend on nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace.access.guards import public
from marketplace.community import queries
from marketplace.community.forms import AskedOfWhatsOn, read_asked
from marketplace.community.queries import ListingCard
from marketplace.community.views.blueprint import community, link_of
from marketplace.community.views.browse import council_asked_for
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.places.errors import PlaceNotFoundError
from marketplace.web.downloads import CALENDAR, NEWS, feed_answer
from marketplace.web.site import address_of, settings, whole_address

_NEWS_DAYS = 14
_CALENDAR_DAYS = 400


@community.route("/what-is-on/calendar.ics")
@public
def whats_on_calendar() -> Response:
    """Give what is on as a calendar, narrowed down as the page is."""
    return _calendar(read_asked(request.args))


@community.route("/what-is-on/news.rss")
@public
def whats_on_news() -> Response:
    """Give what is on in the coming two weeks as news, narrowed down as the page is."""
    return _news(read_asked(request.args))


@community.route("/what-is-on/near/<district>/calendar.ics")
@public
def place_calendar(district: str) -> Response:
    """Give what is on near a place as a calendar."""
    return _calendar(_near(district))


@community.route("/what-is-on/near/<district>/news.rss")
@public
def place_news(district: str) -> Response:
    """Give what is on near a place as news."""
    return _news(_near(district))


@community.route("/groups/<slug>/calendar.ics")
@public
def group_calendar(slug: str) -> Response:
    """Give what a group runs as a calendar."""
    at = clock.now()
    with reading() as session:
        card = queries.group_at(session, slug=slug)
        listings = queries.listings_of(session, group_id=card.id)
    return _as_calendar(listings, card.name, f"{slug}.ics", at)


@community.route("/groups/<slug>/news.rss")
@public
def group_news(slug: str) -> Response:
    """Give what a group offers, and what it cancelled or moved, as news."""
    with reading() as session:
        card = queries.group_at(session, slug=slug)
        listings = queries.listings_of(session, group_id=card.id)
    feed = queries.rss_of(
        queries.news_of_listings(listings, link_of=link_of),
        title=card.name,
        link=address_of("community.group", slug=slug),
        self_link=address_of("community.group_news", slug=slug),
        words=card.about,
    )
    return feed_answer(feed, NEWS, newest=_newest(listings))


@community.route("/activities/<uuid:listing_id>/calendar.ics")
@public
def activity_calendar(listing_id: UUID) -> Response:
    """Give one activity or event as a calendar."""
    with reading() as session:
        listing = queries.listing(session, listing_id=listing_id)
    if not listing.has_times:
        raise NotFoundError
    return _as_calendar([listing], listing.title, f"{listing.slug}.ics", clock.now())


def _near(district: str) -> AskedOfWhatsOn:
    asked = read_asked(request.args, near=district)
    if asked.place is None:
        raise NotFoundError
    return asked


def _calendar(asked: AskedOfWhatsOn) -> Response:
    at = clock.now()
    with reading() as session:
        wanted = asked.wanted(_council_id(session, asked))
        listings = queries.running(
            session, wanted, first=clock.local_day(at), days=_CALENDAR_DAYS, at=at
        )
    return _as_calendar(listings, _name(asked), "what-is-on.ics", at)


def _news(asked: AskedOfWhatsOn) -> Response:
    at = clock.now()
    with reading() as session:
        wanted = asked.wanted(_council_id(session, asked))
        found = queries.happenings(
            session, wanted, first=clock.local_day(at), days=_NEWS_DAYS, at=at
        )
    feed = queries.rss_of(
        queries.news_of_happenings(found, link_of=link_of),
        title=_name(asked),
        link=address_of("community.whats_on", **asked.address()),
        self_link=whole_address(request.full_path.rstrip("?")),
        words="Free and low-cost things to do with other people, in the coming two weeks.",
    )
    return feed_answer(feed, NEWS, newest=_newest([each.listing for each in found]))


def _council_id(session: Session, asked: AskedOfWhatsOn) -> UUID | None:
    if asked.place_error:
        raise PlaceNotFoundError(asked.near)
    council = council_asked_for(session, asked)
    return council.id if council else None


def _name(asked: AskedOfWhatsOn) -> str:
    near = f" near {asked.place.label}" if asked.place else ""
    return f"What is on{near} – {settings().market_name}"


def _as_calendar(
    listings: Sequence[ListingCard], name: str, file_name: str, at: datetime
) -> Response:
    written = queries.ics_of(listings, name=name, link_of=link_of, at=at)
    return feed_answer(written, CALENDAR, newest=_newest(listings), name=file_name)


def _newest(listings: Sequence[ListingCard]) -> datetime | None:
    return max((max(each.changed_at, each.group.changed_at) for each in listings), default=None)
