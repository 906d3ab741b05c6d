"""The community catalogue keeps what groups say, and forgets what nobody vouches for."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.community import commands, queries
from marketplace.community.errors import BadTimetableError
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.queries import index_changes
from tests.conftest import NOON
from tests.factories import Make


class TestPutListing:
    def test_is_on_next_tuesday_morning(self, session: Session, make: Make) -> None:
        make.activity(title="Tea and talk", at=NOON)

        found = queries.whats_on(session, at=NOON, days=7)

        assert [(each.listing.title, each.at.day, each.at.hour) for each in found] == [
            ("Tea and talk", 10, 10)
        ]

    def test_asks_to_be_indexed(self, session: Session, make: Make) -> None:
        listing_id = make.activity()

        changes = index_changes(session, limit=10)

        found = {(change.kind, change.subject_id) for change in changes}
        assert ("listing", listing_id) in found
        assert {kind for kind, _ in found} == {"listing", "group"}

    def test_refuses_a_timetable_it_cannot_read(self, session: Session, make: Make) -> None:
        with pytest.raises(BadTimetableError):
            make.activity(rrule="FREQ=NEVER")


class TestConfirmListing:
    def test_brings_back_what_nobody_had_vouched_for(self, session: Session, make: Make) -> None:
        listing_id = make.activity(at=NOON - timedelta(weeks=60))
        assert queries.findable_listings(session, ids=None, at=NOON) == []

        commands.confirm_listing(session, listing_id=listing_id, by_user_id=None, at=NOON)

        found = queries.findable_listings(session, ids=None, at=NOON)
        assert [card.id for card in found] == [listing_id]


class TestEndListing:
    def test_is_no_longer_found(self, session: Session, make: Make) -> None:
        listing_id = make.activity(at=NOON)

        commands.end_listing(session, listing_id=listing_id, by_user_id=None, at=NOON)

        with pytest.raises(NotFoundError):
            queries.listing(session, listing_id=listing_id)


def test_an_event_that_is_over_is_not_findable(session: Session, make: Make) -> None:
    make.activity(rrule="", on_day=date(2026, 3, 3), at=NOON)
    later = make.activity(rrule="", on_day=date(2026, 3, 4), at=NOON)

    found = queries.findable_listings(session, ids=None, at=NOON)

    assert [card.id for card in found] == [later]


def test_a_portal_shows_its_own_groups_and_those_of_everywhere(
    session: Session, make: Make
) -> None:
    ours, theirs = make.council(), make.council()
    for council_id, title in ((ours, "Ours"), (theirs, "Theirs"), (None, "Everywhere")):
        make.activity(title=title, group_id=make.group(council_id=council_id), at=NOON)

    found = queries.whats_on(session, at=NOON, days=7, council_id=ours)

    assert [each.listing.title for each in found] == ["Everywhere", "Ours"]
