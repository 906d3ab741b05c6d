"""What is on, and the page of each entry and group."""

from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from flask import g, redirect, render_template, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import find_actor, public
from marketplace.community import commands, queries
from marketplace.community.forms import (
    ALL_PORTALS,
    MILES,
    PARTS,
    PERIODS,
    AskedOfWhatsOn,
    read_asked,
    shareable,
)
from marketplace.community.queries import Counts, category_names
from marketplace.community.views.blueprint import community
from marketplace.councils.queries import CouncilCard, councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.labels import labels
from marketplace.kernel.paging import page_number
from marketplace.places.rules import parse_postcode

_COMING_DAYS = 60
_COMING_MAX = 6
_NEAR = "near"
"""In the visitor's own cookie: the postcode they look near, which the search keeps there too."""


@community.route("/what-is-on")
@public
def whats_on() -> str | Response:
    """Show what takes place, day by day, as it was asked for."""
    typed = request.args.get("near", "").strip().upper()
    if shareable(typed) != typed:
        # The address can be handed on, and does not tell where somebody lives.
        cookie[_NEAR] = str(parse_postcode(typed))
        cookie.pop("near_point", None)
        address = read_asked(request.args).address()
        return redirect(f"{request.path}?{urlencode(address, doseq=True)}")
    kept = cookie.get(_NEAR, "")
    here = kept if typed and shareable(kept) == typed else ""
    at, asked = clock.now(), read_asked(request.args, near=here)
    first = clock.local_day(at) + timedelta(days=asked.begins_in)
    catch_up(first + timedelta(days=asked.length), at=at)
    with reading() as session:
        portals = councils(session)
        chosen = portal_asked_for(portals, asked)
        page = queries.whats_on_page(
            session,
            asked.wanted(chosen.id if chosen else None),
            first=first,
            days=asked.length,
            at=at,
            page=page_number(request.args.get("page")),
        )
    days = [
        (on, list(found))
        for on, found in groupby(page.happenings, key=lambda each: clock.local_day(each.at))
    ]
    feed = asked.address(portal=chosen.slug if chosen else "", when="")
    return render_template(
        "community/whats_on.html",
        days=days,
        page=page,
        address=asked.address(),
        asked=asked,
        groups=_facets(asked, page.counts),
        periods=PERIODS,
        miles=MILES,
        portals=portals,
        chosen=chosen,
        feed=feed,
    )


def catch_up(until: date, *, at: datetime) -> None:
    """Write down missing days of entries, where no worker has done it yet."""
    with reading() as session:
        if not queries.some_days_missing(session, until=until):
            return
    with transaction() as session:
        commands.keep_days_ahead(session, at=at)


@community.route("/activities/<uuid:listing_id>")
@public
def activity(listing_id: UUID) -> str:
    """Show one entry."""
    at = clock.now()
    with reading() as session:
        page = queries.seen_listing(session, listing_id=listing_id, by=find_actor())
    listing = page.card
    coming = listing.occurrences(clock.local_day(at), _COMING_DAYS)
    return render_template(
        "community/activity.html",
        listing=listing,
        page=page,
        coming=[each for each in coming if each.at >= at][:_COMING_MAX],
        freshness=listing.freshness(at),
        on=clock.local_day(at),
    )


@community.route("/groups/<slug>")
@public
def group(slug: str) -> str:
    """Show a group and what it offers."""
    with reading() as session:
        page = queries.seen_group(session, slug=slug, by=find_actor())
    return render_template("community/group.html", page=page, group=page.card)


def council_asked_for(session: Session, asked: AskedOfWhatsOn) -> CouncilCard | None:
    """Return the council whose portal an address names, if it names one."""
    return next((each for each in councils(session) if each.slug == asked.portal), None)


def portal_asked_for(portals: list[CouncilCard], asked: AskedOfWhatsOn) -> CouncilCard | None:
    """Return the portal asked for, or the one the visitor is in; none if all are wanted."""
    if asked.portal == ALL_PORTALS:
        return None
    here = g.get("portal")
    slug = asked.portal or (here.slug if here else "")
    return next((each for each in portals if each.slug == slug), None)


Option = tuple[str, str, int, bool]


def _facets(asked: AskedOfWhatsOn, counts: Counts) -> list[tuple[str, str, list[Option]]]:
    """Return the ways to narrow it down, each with how much there is."""
    parts = {part: part.capitalize() for part in PARTS}
    found = [
        ("Day", "day", labels("days"), asked.days),
        ("Time of day", "part", parts, asked.parts),
        ("Cost", "free", {"yes": "Free"}, ("yes",) if asked.free else ()),
        ("What kind", "category", category_names(), asked.categories),
    ]
    return [
        (
            legend,
            name,
            [
                (value, words, counts[name].get(value, 0), value in chosen)
                for value, words in offered.items()
                if name != "category" or counts[name].get(value) or value in chosen
            ],
        )
        for legend, name, offered, chosen in found
    ]
