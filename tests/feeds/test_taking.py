"""Taking another catalogue over: new, changed, the same, asked and gone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.commands import import_entry
from marketplace.catalogue.commands.register import close_entry, open_entry_again
from marketplace.catalogue.queries.matching import stores_to_match
from marketplace.catalogue.rules import RegisterEntry
from marketplace.community import commands as community
from marketplace.community import queries as groups
from marketplace.community.commands import PutListing
from marketplace.community.queries import ListingCard
from marketplace.feeds import commands
from marketplace.feeds.queries.market import market
from marketplace.feeds.rules.planning import plan
from marketplace.kernel.money import Money
from tests.conftest import NOON
from tests.factories import Make
from tests.feeds.records import organisation, planned, said, service, source, taken


def cards(session: Session) -> list[ListingCard]:
    """Return all entries that can be found."""
    return groups.findable_listings(session, ids=None, at=NOON)


def change(session: Session, card: ListingCard, **changes: Any) -> None:  # noqa: ANN401 - any field
    """Change an entry as its owner would."""
    names = set(PutListing.__slots__) & set(ListingCard.__slots__)
    wish = PutListing(
        **{name: getattr(card, name) for name in names},
        group_id=card.group.id,
        first_on=card.schedule.first_on,
        last_on=card.schedule.last_on,
    )
    community.put_listing(session, replace(wish, **changes), by_user_id=None, at=NOON)
    session.flush()


def _id(session: Session, one: UUID) -> str:
    return one.hex if session.get_bind().dialect.name == "sqlite" else str(one)


def keep(session: Session, make: Make, group_id: UUID) -> None:
    """Hand a group to somebody who looks after it from then on."""
    claim_id = uuid4()
    moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
    community.claim_group(
        session,
        claim_id=claim_id,
        group_id=group_id,
        words="It is ours.",
        by=make.person(),
        at=NOON,
    )
    community.decide_group_claim(session, claim_id=claim_id, agree=True, by=moderator, at=NOON)
    session.flush()


class TestTake:
    def test_makes_a_group_and_its_entry(self, session: Session) -> None:
        done = taken(session, service())

        (card,) = cards(session)
        assert done == {"new": 2}
        assert (card.title, card.rrule, card.starts, card.minutes) == (
            "Tea s1",
            "FREQ=WEEKLY;BYDAY=TU",
            "10:30",
            90,
        )
        assert (card.venue, card.postcode) == ("The hall, Leeds", "LS6 2AB")
        assert (card.cost, card.cost_words) == (Money(0), "Free")
        assert card.for_whom == ("older-people",)
        assert card.group.name == "Larkfield Neighbours"
        assert card.source_words == "Airemoor directory (Open Government Licence v3.0)"
        assert card.source_url == "https://airemoor.example/oruk"

    def test_twice_changes_nothing(self, session: Session) -> None:
        taken(session, service())
        before = cards(session)

        done = taken(session, service())

        assert done == {"same": 2}
        assert cards(session) == before

    def test_changes_what_its_source_changed(self, session: Session) -> None:
        taken(session, service())

        done = taken(session, service(name="Coffee", fees="£2"))

        (card,) = cards(session)
        assert done == {"changed": 1, "same": 1}
        assert (card.title, card.cost_words) == ("Coffee", "£2")

    def test_keeps_each_field_that_was_changed_here(self, session: Session) -> None:
        taken(session, service())
        change(session, cards(session)[0], title="Our tea", about="Come in.")

        bundles = planned(session, [service(name="Coffee", description="Talk.", fees="£2")])
        done = taken(session, service(name="Coffee", description="Talk.", fees="£2"))

        (card,) = cards(session)
        assert done == {"changed": 1, "same": 1}
        assert (card.title, card.about, card.cost_words) == ("Our tea", "Come in.", "£2")
        assert "changed here, so kept: title, about" in bundles[0].steps[1].line

    def test_keeps_a_whole_timetable_of_which_half_was_changed(self, session: Session) -> None:
        taken(session, service())
        change(session, cards(session)[0], starts="11:00")
        later = [{"freq": "WEEKLY", "byday": "FR", "opens_at": "10:30", "closes_at": "12:00"}]

        taken(session, service(schedules=later))

        (card,) = cards(session)
        assert (card.rrule, card.starts) == ("FREQ=WEEKLY;BYDAY=TU", "11:00")

    def test_keeps_the_breaks_its_owner_said(self, session: Session) -> None:
        taken(session, service())
        summer = (NOON.date(), NOON.date() + timedelta(days=30))
        change(session, cards(session)[0], breaks=(summer,), also_on=(NOON.date(),))

        taken(session, service(name="Coffee"))

        (card,) = cards(session)
        assert (card.title, card.schedule.breaks) == ("Coffee", (summer,))
        assert card.schedule.also_on == (NOON.date(),)

    def test_a_field_changed_here_after_the_plan_was_made_is_kept(self, session: Session) -> None:
        taken(session, service())
        bundles = planned(session, [service(name="Coffee")])
        change(session, cards(session)[0], title="Our tea")

        commands.take(session, bundles, source_id=source(session), at=NOON)

        assert cards(session)[0].title == "Our tea"

    def test_makes_paid_care_a_store_nobody_looks_after(self, session: Session) -> None:
        care = service(
            name="Larkfield Homecare",
            cost_options=[{"amount": 25, "amount_description": "an hour"}],
            schedules=[],
        )

        done = taken(session, care)

        (found,) = stores_to_match(session)
        store = catalogue.stores(session, provider_ids=[found.id])[found.id]
        assert done == {"new": 1}
        assert (store.name, store.from_register, store.regulated) == (
            "Larkfield Homecare",
            True,
            False,
        )
        assert store.categories == ("personal-care",)
        assert "Run by Larkfield Neighbours." in store.about
        assert store.source_words.startswith("Airemoor directory")

    def test_changes_a_store_until_somebody_looks_after_it(
        self, session: Session, make: Make
    ) -> None:
        care = service(name="Larkfield Homecare", fees="£25")
        taken(session, care)

        done = taken(session, {**care, "description": "Care at home."})

        (found,) = stores_to_match(session)
        assert done == {"changed": 1}
        assert found.about.startswith("Care at home.")

    def test_leaves_a_service_of_a_register_to_the_register(self, session: Session) -> None:
        entry = RegisterEntry(
            source="cqc",
            key="1-100000",
            name="Lark",
            about="Ours.",
            postcode="LS6 2AB",
            cqc_id="1-1000000",
        )
        import_entry(session, entry, at=NOON)
        numbered = {
            **organisation(),
            "organization_identifiers": [
                {"identifier_type": "CQC", "identifier": "1-1000000"},
            ],
        }

        theirs = service(name="Lark", organization=numbered, url="", schedules=[])
        first = taken(session, theirs)
        then = taken(session, {**theirs, "description": "Other.", "name": "Lark care home"})

        (found,) = stores_to_match(session)
        assert (first, then) == ({"linked": 1}, {"changed": 1})
        assert (found.about, found.name) == ("Ours.", "Lark")

    def test_a_store_of_a_register_outlives_its_entry_elsewhere(self, session: Session) -> None:
        entry = RegisterEntry(
            source="cqc", key="1-1", name="Lark care home", about="Ours.", postcode="LS6 2AB"
        )
        import_entry(session, entry, at=NOON)
        care = service("c", name="Lark care home", schedules=[])
        assert taken(session, service("a"), care)["linked"] == 1

        taken(session, service("a"))
        done = taken(session, service("a"))

        (found,) = stores_to_match(session)
        assert (done, found.is_open) == ({"same": 2, "ended": 1}, True)

    def test_leaves_a_store_that_was_claimed_to_its_owner(
        self, session: Session, make: Make
    ) -> None:
        make.provider(name="Larkfield Homecare", at=NOON)
        care = service(name="Larkfield Homecare", fees="£25")

        first = taken(session, care)
        then = taken(session, {**care, "description": "Care at home."})

        (found,) = stores_to_match(session)
        assert (first, then, found.about) == ({"linked": 1}, {"same": 1}, "Help that fits.")

    def test_what_was_taken_out_for_good_stays_out(self, session: Session) -> None:
        taken(session, service("a"), service("b"))
        gone = next(card for card in cards(session) if card.title == "Tea b")
        for table, column in (("community_days", "listing_id"), ("community_listings", "id")):
            session.execute(
                text(f"DELETE FROM {table} WHERE {column} = :id"),
                {"id": _id(session, gone.id)},
            )

        assert taken(session, service("a"), service("b")) == {"same": 2, "left out": 1}
        taken(session, service("a"))
        assert taken(session, service("a")) == {"same": 2, "ended": 1}

    def test_an_entry_its_owner_ended_stays_ended(self, session: Session) -> None:
        taken(session, service())
        community.end_listing(session, listing_id=cards(session)[0].id, by_user_id=None, at=NOON)
        session.flush()

        done = taken(session, service(name="Coffee"))

        assert done == {"same": 1, "left out": 1}
        assert cards(session) == []

    def test_confirms_what_its_source_still_has(self, session: Session) -> None:
        taken(session, service())
        later = NOON + timedelta(days=100)

        bundles = plan(said([service()]), market(session, source_id=source(session)), at=later)
        commands.take(session, bundles, source_id=source(session), at=later)
        session.flush()

        assert cards(session)[0].confirmed_at == later


class TestGone:
    def test_counts_as_gone_when_it_is_gone_twice(self, session: Session) -> None:
        taken(session, service("a"), service("b"))

        first = taken(session, service("a"))
        assert len(cards(session)) == 2
        second = taken(session, service("a"))

        assert first == {"same": 2, "gone once": 1}
        assert second == {"same": 2, "ended": 1}
        assert [card.title for card in cards(session)] == ["Tea a"]

    def test_comes_back_with_its_source(self, session: Session) -> None:
        taken(session, service("a"), service("b"))
        taken(session, service("a"))
        taken(session, service("a"))

        done = taken(session, service("a"), service("b"))

        assert done == {"same": 2, "changed": 1}
        assert len(cards(session)) == 2

    def test_a_feed_that_broke_off_ends_nothing(self, session: Session) -> None:
        taken(session, service("a"), service("b"))

        for _ in range(3):
            assert taken(session, service("a"), complete=False) == {"same": 2}

        assert len(cards(session)) == 2

    def test_is_only_noted_where_somebody_looks_after_it(
        self, session: Session, make: Make
    ) -> None:
        taken(session, service("a"), service("b"))
        group_id = cards(session)[0].group.id
        keep(session, make, group_id)

        taken(session, service("a"))
        second = taken(session, service("a"))
        third = taken(session, service("a"))

        assert second == {"same": 2, "gone, but looked after": 1}
        assert third == {"same": 2}
        assert len(cards(session)) == 2

    def test_closes_a_store_nobody_looks_after_and_opens_it_again(self, session: Session) -> None:
        care = service("c", name="Larkfield Homecare", fees="£25")
        taken(session, service("a"), care)
        taken(session, service("a"))
        taken(session, service("a"))
        (closed,) = stores_to_match(session)

        done = taken(session, service("a"), care)

        (open_again,) = stores_to_match(session)
        assert (closed.is_open, open_again.is_open, done["changed"]) == (False, True, 1)

    def test_neither_closes_nor_opens_a_store_that_is_somebodys(
        self, session: Session, make: Make
    ) -> None:
        store_id = make.provider(name="Larkfield Homecare", at=NOON).works_for

        closed = close_entry(session, provider_id=store_id, at=NOON)
        open_entry_again(session, provider_id=store_id, at=NOON)

        (found,) = stores_to_match(session)
        assert (closed, found.is_open, found.is_kept) == (False, True, True)
