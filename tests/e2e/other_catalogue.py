"""Another catalogue that a council has connected, with one question that it leaves open."""

from datetime import datetime
from uuid import UUID

from marketplace.feeds import commands
from marketplace.feeds.commands import NoteReading, PutSource
from marketplace.feeds.queries.market import market
from marketplace.feeds.rules.planning import counts, plan
from marketplace.feeds.rules.reading import read_services
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel.clock import local_day
from tests.factories import Make


def connect_catalogue(make: Make, *, council_id: UUID, at: datetime) -> None:
    """Take a catalogue over of which one group may be here already."""
    make.group(name="Larkfield Neighbours")
    raw = {
        "id": "s1",
        "name": "Tea and talk",
        "description": "Come along.",
        "organization": {"id": "o1", "name": "Larkfield Neighbours Group"},
        "service_at_locations": [
            {"location": {"addresses": [{"address_1": "The hall", "postal_code": "LS6 2AB"}]}}
        ],
    }
    wish = PutSource(
        kind=SourceKind.ORUK,
        address="https://directory.example/oruk",
        name="Ashdale directory",
        licence="Open Government Licence v3.0",
        council_id=council_id,
    )
    with make.block() as session:
        source_id = commands.put_source(session, wish, at=at)
        feed = read_services([raw, "no record"], on=local_day(at))
        bundles = plan(feed, market(session, source_id=source_id), at=at)
        commands.take(session, bundles, source_id=source_id, at=at)
        note = NoteReading(
            source_id=source_id,
            taken_over=True,
            complete=True,
            counts={deed.value: number for deed, number in counts(bundles).items()},
            lines=[step.line for bundle in bundles for step in bundle.steps],
            remarks=[str(remark) for remark in feed.remarks],
        )
        commands.note_reading(session, note, at=at)
