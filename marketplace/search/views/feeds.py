"""A search to be followed: its dated things as a calendar, everything it finds as news.

A feed is asked for by programs that nobody is signed in to: it shows what a stranger sees, and its
address says no more than a shared search does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable

from marketplace.access.guards import public
from marketplace.catalogue.rules import per_unit
from marketplace.community import queries as community
from marketplace.community.queries import NewsItem
from marketplace.councils.queries import council_at
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.search import queries
from marketplace.search.errors import SearchRestingError
from marketplace.search.forms import Asked, KeptPlace, read_search
from marketplace.search.guards import catch_up, the_engine
from marketplace.search.queries import Found
from marketplace.search.rules import PAGE_SIZE_MAX, EntryKind, Facet
from marketplace.search.views.blueprint import search
from marketplace.search.views.find import BACK_AFTER_SECONDS
from marketplace.web.downloads import CALENDAR, NEWS, feed_answer
from marketplace.web.site import address_of, settings, whole_address

DATED = frozenset({EntryKind.ACTIVITY.value, EntryKind.EVENT.value})
"""What a calendar has room for."""


@search.route("/find/calendar.ics")
@public
def calendar() -> Response:
    """Give the dated things a search finds as a calendar."""
    at = clock.now()
    asked, cards = _found(at, only=DATED)
    listings = [card.listing for card in cards if card.listing]
    written = community.ics_of(listings, name=_title(asked), link_of=_listing_url, at=at)
    newest = max((each.changed_at for each in listings), default=None)
    return feed_answer(written, CALENDAR, newest=newest)


@search.route("/find/news.rss")
@public
def news() -> Response:
    """Give what a search finds as news, first what was last said to be right."""
    asked, cards = _found(clock.now())
    told = [item for card in cards for item in _items(card)]
    items = sorted(told, key=lambda item: item.at, reverse=True)
    written = community.rss_of(
        items,
        title=_title(asked),
        link=address_of("search.find", **asked.address()),
        self_link=whole_address(request.full_path.rstrip("?")),
        words="What this search finds, first what was last confirmed.",
    )
    newest = items[0].at if items else None
    return feed_answer(written, NEWS, newest=newest)


def _found(at: datetime, *, only: frozenset[str] = frozenset()) -> tuple[Asked, Sequence[Found]]:
    """Return what was asked and what it finds, perhaps only of some kinds."""
    asked = read_search(request.args, kept=KeptPlace())
    slug = request.args.get("council") or None
    query = asked.query(on=clock.local_day(at), council=slug, page_size=PAGE_SIZE_MAX)
    if only:
        kinds = query.chosen.get(Facet.KIND, only) & only
        if not kinds:
            return asked, ()
        query = replace(query, selected={**query.selected, Facet.KIND: kinds})
    engine = the_engine()
    catch_up(engine, at=at)
    with reading() as session:
        if slug is not None:
            council_at(session, slug=slug)
        try:
            hits = engine.search(query).ids
        except SearchRestingError as resting:
            raise ServiceUnavailable(str(resting), retry_after=BACK_AFTER_SECONDS) from resting
        return asked, queries.found(session, hits, person_id=None, at=at)


def _items(card: Found) -> list[NewsItem]:
    """Return a card as news; of an entry the days too that were cancelled or moved."""
    if card.listing:
        return community.news_of_listings([card.listing], link_of=_listing_url)
    return [_item(card)]


def _item(card: Found) -> NewsItem:
    if card.offer:
        offer = card.offer
        return NewsItem(
            id=f"{offer.id}",
            title=f"{offer.title}, {offer.provider_name}",
            link=address_of("search.offer", offer_id=offer.id),
            words=f"{offer.public} {per_unit(offer.unit)}",
            at=offer.confirmed_at,
        )
    if card.store:
        store = card.store
        link = address_of("search.store", slug=store.slug)
        return NewsItem(
            id=f"{store.id}", title=store.name, link=link, words=store.about, at=store.confirmed_at
        )
    assert card.group, "an entry of a group has been seen to, so one of three is there"
    group = card.group.card
    return NewsItem(
        id=f"{group.id}",
        title=group.name,
        link=address_of("community.group", slug=group.slug),
        words=group.about,
        at=group.changed_at,
    )


def _title(asked: Asked) -> str:
    near = f" near {asked.place.label}" if asked.place else ""
    return f"{asked.words or 'Support'}{near} – {settings().market_name}"


def _listing_url(listing_id: object) -> str:
    return address_of("community.activity", listing_id=listing_id)
