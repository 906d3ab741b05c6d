"""By which words things are found, and which of these count most."""

from sqlalchemy.orm import Session

from marketplace.community.models import Listing
from marketplace.community.rules import ListingKind
from marketplace.search import queries
from tests.conftest import NOON
from tests.factories import Make


class TestWords:
    def test_what_asks_for_helpers_is_not_found_as_help(self, session: Session, make: Make) -> None:
        make.category()
        helps, asks = make.activity(at=NOON), make.activity(at=NOON)
        session.get_one(Listing, asks).kind = ListingKind.VOLUNTEERING
        session.flush()

        found = {entry.id: entry for entry in queries.entries(session, changed=None, at=NOON)}

        assert "befriending" in found[helps].also
        assert "befriending" not in found[asks].said

    def test_for_whom_something_is_above_all_counts_as_what_it_says(
        self, session: Session, make: Make
    ) -> None:
        listing_id = make.activity(at=NOON)

        found = {entry.id: entry for entry in queries.entries(session, changed=None, at=NOON)}

        assert "Older people" in found[listing_id].words
        assert "The hall" not in found[listing_id].words
