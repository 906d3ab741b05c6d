"""Entries as calendars and news feeds read them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from marketplace.community.adapters import calendar
from marketplace.community.adapters.calendar import CalendarEntry
from marketplace.community.adapters.news import NewsItem, rss_of
from marketplace.community.queries.cards import ListingCard
from marketplace.community.queries.whats_on import Happening
from marketplace.community.rules import Change
from marketplace.kernel.clock import LONDON
from marketplace.kernel.labels import label

__all__ = ["NewsItem", "ics_of", "news_of_happenings", "news_of_listings", "rss_of"]

LinkOf = Callable[[UUID], str]
"""Returns the whole address of an entry's page."""


def ics_of(listings: Sequence[ListingCard], *, name: str, link_of: LinkOf, at: datetime) -> bytes:
    """Return the entries that have times as one iCalendar; the others are left out."""
    entries = [_entry(card, link_of) for card in listings if card.has_times]
    return calendar.ics_of(entries, name=name, at=at)


def news_of_listings(listings: Sequence[ListingCard], *, link_of: LinkOf) -> list[NewsItem]:
    """Return entries as news: each once, and each day that was cancelled or moved; newest first."""
    items = [
        NewsItem(
            id=f"{card.id}",
            title=card.title,
            link=link_of(card.id),
            words=_words(card),
            at=card.changed_at,
            category=card.kind.label,
        )
        for card in listings
    ]
    items += [
        NewsItem(
            id=f"{card.id}/{change.on_day}",
            title=f"{_said(change.what)}: {card.title}, {change.on_day:%A} {change.on_day.day} "
            f"{change.on_day:%B}",
            link=link_of(card.id),
            words=change.words or _words(card),
            at=card.changed_at,
            category=card.kind.label,
        )
        for card in listings
        for change in card.changes
    ]
    return sorted(items, key=lambda item: (item.at, item.id), reverse=True)


def news_of_happenings(found: Sequence[Happening], *, link_of: LinkOf) -> list[NewsItem]:
    """Return what is on as news, in order of time."""
    return [
        NewsItem(
            id=f"{each.listing.id}/{each.occurrence.day}",
            title=_title(each),
            link=link_of(each.listing.id),
            words=each.occurrence.words or _words(each.listing),
            at=each.listing.changed_at,
            category=each.listing.kind.label,
        )
        for each in found
    ]


def _entry(card: ListingCard, link_of: LinkOf) -> CalendarEntry:
    return CalendarEntry(
        id=card.id,
        title=card.title,
        about=card.about,
        by=card.group.name,
        link=link_of(card.id),
        venue=card.venue,
        postcode=card.postcode,
        online=card.online,
        category=card.category.replace("-", " "),
        timetable=card.schedule,
        starts=card.starts_at,
        minutes=card.minutes,
        changes=card.changes,
        made_at=card.made_at,
        changed_at=max(card.changed_at, card.group.changed_at),
        sequence=card.sequence,
    )


def _title(each: Happening) -> str:
    local = each.at.astimezone(LONDON)
    when = f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"
    change = each.occurrence.change
    lead = f"{_said(change.what)}: " if change else ""
    return f"{lead}{each.listing.title}, {when}"


def _said(what: Change) -> str:
    return "Cancelled" if what is Change.CANCELLED else "Moved"


def _words(card: ListingCard) -> str:
    parts = [card.about, card.timetable, ", ".join(p for p in (card.venue, card.postcode) if p)]
    parts += [card.cost_words or "Free", *(label("for_whom", slug) for slug in card.for_whom)]
    return " · ".join(part for part in parts if part)
