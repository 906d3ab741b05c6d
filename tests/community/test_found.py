"""A page of results reads entries and groups as their own statements would, all in one."""

from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace.community import queries
from tests.conftest import NOON
from tests.factories import Make


class TestFoundInCommunity:
    def test_is_what_can_be_found_one_by_one(self, session: Session, make: Make) -> None:
        groups = [make.group(), make.group()]
        entries = [
            make.activity(group_id=groups[0], title="Choir", at=NOON),
            make.activity(group_id=groups[1], title="Walk", at=NOON),
            make.activity(group_id=groups[1], title="Forgotten", at=NOON - timedelta(weeks=60)),
            make.activity(
                group_id=groups[1],
                title="Over",
                rrule="",
                on_day=(NOON - timedelta(days=1)).date(),
                at=NOON,
            ),
        ]

        listings, found = queries.found_in_community(
            session, listing_ids=entries, group_ids=groups, at=NOON
        )

        singly = queries.findable_listings(session, ids=entries, at=NOON)
        assert listings == {each.id: each for each in singly}
        assert {each.title for each in singly} == {"Choir", "Walk"}
        whole = queries.findable_groups(session, ids=groups, at=NOON)
        assert found == {each.card.id: each for each in whole}
        assert set(found) == set(groups)

    def test_an_entry_does_not_bring_its_group(self, session: Session, make: Make) -> None:
        entry = make.activity(at=NOON)

        listings, groups = queries.found_in_community(
            session, listing_ids=[entry], group_ids=[], at=NOON
        )

        assert (set(listings), groups) == ({entry}, {})

    def test_nothing_asked_is_nothing_found(self, session: Session) -> None:
        found = queries.found_in_community(session, listing_ids=[], group_ids=[], at=NOON)

        assert found == ({}, {})
