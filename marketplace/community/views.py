"""What is on, and the page of each activity and group."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, g, render_template

from marketplace.access.guards import public
from marketplace.community import queries
from marketplace.database import reading
from marketplace.kernel import clock

community = Blueprint("community", __name__)

DAYS_AHEAD = 7


@community.route("/what-is-on")
@public
def whats_on() -> str:
    """Show what takes place in the coming week, day by day."""
    portal = g.get("portal")
    with reading() as session:
        found = queries.whats_on(
            session, at=clock.now(), days=DAYS_AHEAD, council_id=portal and portal.id
        )
    days = [
        (on, list(happenings))
        for on, happenings in groupby(found, key=lambda each: clock.local_day(each.at))
    ]
    return render_template("community/whats_on.html", days=days)


@community.route("/activities/<uuid:listing_id>")
@public
def activity(listing_id: UUID) -> str:
    """Show one activity or event."""
    at = clock.now()
    with reading() as session:
        listing = queries.listing(session, listing_id=listing_id)
    return render_template(
        "community/activity.html",
        listing=listing,
        coming=listing.starts_from(clock.local_day(at), days=60)[:5],
        freshness=listing.freshness(at),
    )


@community.route("/groups/<slug>")
@public
def group(slug: str) -> str:
    """Show a group and what it runs."""
    with reading() as session:
        found = queries.group_at(session, slug=slug)
        listings = queries.listings_of(session, group_id=found.id)
    return render_template("community/group.html", group=found, listings=listings)
