"""One of everything that is public, and what asks a feed for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.rules import RegisterEntry
from marketplace.community import commands as community
from marketplace.community.commands import PutListing
from marketplace.community.rules import ListingKind
from marketplace.kernel import clock
from marketplace.kernel.ages import Ages
from marketplace.kernel.money import Money
from tests.factories import Make

LISTS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")
UNKNOWN = "00000000-0000-4000-8000-000000000000"

Get = Callable[..., Any]
"""Asks the feed and reads its answer."""


def ids(page: dict[str, Any]) -> set[str]:
    """Return the ids on a page."""
    return {each["id"] for each in page["contents"]}


def listing(make: Make, group_id: UUID, **changes: Any) -> UUID:  # noqa: ANN401 - any field
    """Put an entry into a group as of today."""
    wish: dict[str, Any] = {
        "slug": uuid4().hex[:8],
        "title": "Tea",
        "category": "company",
        "about": "Tea and talk.",
        "venue": "The hall",
        "postcode": "LS6 2AB",
        "cost": Money(2_50),
        "cost_words": "£2.50",
        "for_whom": ("older-people",),
        "access": ("step-free",),
        "languages": ("english", "welsh"),
        "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "on_day": None,
        "starts": "10:30",
        "minutes": 90,
        "contact": "Ring Alma",
    }
    with make.block() as session:
        return community.put_listing(
            session,
            PutListing(group_id=group_id, **(wish | changes)),
            by_user_id=None,
            at=clock.now(),
        )


class World:
    """One of everything that is public."""

    def __init__(self, make: Make) -> None:
        self.now = clock.now()
        self.category = make.category("company")
        self.owner = make.provider(name="Amber Lane Help", at=self.now)
        self.group_id = make.group(name="Larkfield Neighbours")
        self.activity = listing(make, self.group_id)
        today = clock.local_day(self.now)
        self.event_day = today + timedelta(days=7 + (2 - today.weekday()) % 7)  # a Wednesday
        self.event = listing(
            make,
            self.group_id,
            title="Fair",
            rrule="",
            on_day=self.event_day,
            cost=Money(0),
            cost_words="",
        )
        self.advice = listing(
            make,
            self.group_id,
            title="Helpline",
            rrule="",
            starts="",
            minutes=0,
            venue="",
            postcode="",
            kind=ListingKind.ADVICE,
        )
        self.monthly = listing(
            make,
            self.group_id,
            title="Choir",
            rrule="FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20271231",
            ages=Ages(18, 90),
        )
        entry = RegisterEntry(
            source="cqc",
            key="1-1",
            name="Larkfield Care",
            about="Care.",
            postcode="LS6 2AB",
            cqc_id="1-1",
            categories=("personal-care",),
            phone="0113 496 0000",
            ages=Ages(65, None),
        )
        with make.block() as session:
            catalogue.import_entry(session, entry, at=self.now)
