"""Records of the standard for tests, with all that a test does not speak of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.feeds import commands
from marketplace.feeds.commands import PutSource
from marketplace.feeds.queries.market import market
from marketplace.feeds.rules.planning import Bundle, Deed, counts, plan
from marketplace.feeds.rules.reading import read_services
from marketplace.feeds.rules.said import FeedSaid
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel.clock import local_day
from tests.conftest import NOON

Record = dict[str, Any]


def service(key: str = "s1", **changes: Any) -> Record:  # noqa: ANN401 - a record has any fields
    """Return a weekly tea on Tuesdays at half past ten in the hall of a group."""
    return {
        "id": key,
        "name": f"Tea {key}",
        "description": "Tea and talk for older people.",
        "status": "active",
        "organization": organisation(),
        "schedules": [{"freq": "WEEKLY", "byday": "TU", "opens_at": "10:30", "closes_at": "12:00"}],
        "service_at_locations": [at("The hall", "LS6 2AB")],
        "fees": "Free",
        **changes,
    }


def organisation(key: str = "o1", name: str = "Larkfield Neighbours") -> Record:
    """Return an organisation."""
    return {"id": key, "name": name, "description": "We meet.", "website": "https://lark.example"}


def at(venue: str, postcode: str) -> Record:
    """Return a place."""
    address = {"address_1": venue, "city": "Leeds", "postal_code": postcode}
    return {"location": {"location_type": "physical", "addresses": [address]}}


def said(raws: Sequence[object], *, complete: bool = True) -> FeedSaid:
    """Return what a feed with some records says at noon."""
    return read_services(raws, on=local_day(NOON), complete=complete)


def source(session: Session, *, council_id: UUID | None = None) -> UUID:
    """Make a source and return its id."""
    wish = PutSource(
        kind=SourceKind.ORUK,
        address="https://airemoor.example/oruk",
        name="Airemoor directory",
        licence="Open Government Licence v3.0",
        council_id=council_id,
    )
    return commands.put_source(session, wish, at=NOON)


def planned(session: Session, raws: Sequence[object], *, complete: bool = True) -> list[Bundle]:
    """Return what taking some records over would do."""
    here = market(session, source_id=source(session))
    return plan(said(raws, complete=complete), here, at=NOON)


def taken(
    session: Session, *raws: object, complete: bool = True, at: datetime = NOON
) -> dict[str, int]:
    """Take some records over and return what was done, by its name."""
    bundles = planned(session, raws, complete=complete)
    done = commands.take(session, bundles, source_id=source(session), at=at)
    session.flush()
    assert done == counts(bundles)
    return {deed.value: done[deed] for deed in Deed if done[deed]}
