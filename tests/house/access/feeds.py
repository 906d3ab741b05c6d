"""Fills one side of the world with another catalogue, and one question that it leaves open."""

from datetime import datetime
from uuid import UUID

from marketplace.community import queries as community
from marketplace.feeds import commands
from marketplace.feeds.commands import PutSource
from marketplace.feeds.queries.market import market
from marketplace.feeds.queries.sources import open_questions
from marketplace.feeds.rules.identity import place_link_id, taxonomy_id, term_id
from marketplace.feeds.rules.planning import plan
from marketplace.feeds.rules.reading import read_services
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel.clock import local_day
from tests.factories import Make
from tests.house.access.side import Side


def fill_feeds(make: Make, side: Side, *, at: datetime) -> None:
    """Make a source with a group that may be here already, and name what a feed has."""
    group = f"Neighbours of {side.names.district}"
    make.group(name=group)
    raw = {
        "id": side.names.district,
        "name": "Tea and talk",
        "organization": {"id": "1", "name": f"{group} Group", "description": "We meet."},
        "service_at_locations": [
            {"location": {"addresses": [{"address_1": "Hall", "postal_code": "LS6 2AB"}]}}
        ],
    }
    wish = PutSource(
        kind=SourceKind.ORUK,
        address=f"https://{side.names.district}.example/oruk".lower(),
        council_id=side.council_id,
    )
    with make.block() as session:
        source_id = commands.put_source(session, wish, at=at)
        feed = read_services([raw], on=local_day(at))
        here = market(session, source_id=source_id)
        commands.take(session, plan(feed, here, at=at), source_id=source_id, at=at)
        questions = open_questions(session, source_id=source_id)
    portal = side.names.district.lower()
    side.objects["source"] = {"source_id": source_id}
    side.objects["feed_question"] = {"question_id": questions[0].id}
    activity = UUID(str(side.objects["activity"]["listing_id"]))
    with make.block() as session:
        group_id = community.listing(session, listing_id=activity).group.id
    for kind, ids in (
        ("feed_service", {"service_id": activity}),
        ("feed_group", {"organisation_id": group_id}),
        ("feed_link", {"link_id": place_link_id(activity)}),
        ("feed_taxonomy", {"taxonomy_id": taxonomy_id("categories")}),
        ("feed_term", {"term_id": term_id("kinds", "activity")}),
    ):
        side.objects[kind] = dict(ids)
        side.objects[f"{kind}_in"] = {"council_slug": portal, **ids}
