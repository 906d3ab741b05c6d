"""What is refused, done twice, or nobody's: each way a deed with an entry may turn."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.community import commands, queries, rules, tasks
from marketplace.community.adapters import links
from marketplace.community.commands import ChangeDate, PutGroup, PutListing
from marketplace.community.errors import (
    BadEntryError,
    BadTimetableError,
    LinkExpiredError,
)
from marketplace.community.models import Group, Listing
from marketplace.community.rules import (
    LISTINGS_MAX,
    Change,
    ListingKind,
    ReportAnswer,
    Timetable,
)
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.outbox.queries import letters_waiting
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.community import SECRET


class TestListings:
    def test_confirming_ending_and_bringing_back_twice(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        listing_id = make.entry(slug=group.slug, by=ada)
        commands.confirm_own_listing(session, listing_id=listing_id, by=ada, at=NOON)
        assert commands.confirm_all(session, group_id=group.id, by=ada, at=NOON) == 1
        for _ in range(2):
            commands.bring_back(session, listing_id=listing_id, by=ada, at=NOON)
        for _ in range(2):
            commands.end_own_listing(session, listing_id=listing_id, by=ada, at=NOON)

        assert commands.confirm_all(session, group_id=group.id, by=ada, at=NOON) == 0
        for deed in (commands.end_own_listing, commands.confirm_own_listing):
            for by, wanted in ((make.person(), listing_id), (ada, uuid4())):
                with pytest.raises(NotFoundError):
                    deed(session, listing_id=wanted, by=by, at=NOON)

    def test_saving_the_same_confirms_it(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        wish = make.entry_wish()
        make.entry(slug=group.slug, by=ada, wish=wish)

        commands.change_listing(session, wish, by=ada, at=NOON)

        card = queries.listing(session, listing_id=wish.listing_id)
        assert (card.confirmed_at, card.changed_at < NOON, card.sequence) == (NOON, True, 0)

    def test_refuses_what_cannot_be(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        wish = make.entry_wish()
        for bad, refusal in (
            (replace(wish, venue=""), BadEntryError),
            (replace(wish, minutes=0), BadTimetableError),
            (replace(wish, starts="noonish"), BadTimetableError),
            (replace(wish, title="x" * 121), BadEntryError),
            (replace(wish, online="http://[x"), BadEntryError),
        ):
            with pytest.raises(refusal):
                make.entry(slug=group.slug, by=ada, wish=bad, at=NOON)
        other = make.kept_group(by=ada)
        make.entry(slug=group.slug, by=ada, wish=wish)
        with pytest.raises(NotFoundError):
            make.entry(slug=other, by=ada, wish=wish)

    def test_takes_dates_and_days_to_come(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        single = replace(make.entry_wish(), timetable=Timetable(also_on=(date(2026, 3, 9),)))
        event = make.entry_wish(kind=ListingKind.EVENT, on_day=date(2026, 3, 12))
        for wish in (single, event):
            make.entry(slug=group.slug, by=ada, wish=wish, at=NOON)

        found = queries.whats_on(session, at=NOON, days=14)
        assert [each.at.day for each in found] == [9, 12]
        moves = ChangeDate(
            listing_id=event.listing_id,
            on_day=date(2026, 3, 12),
            what=Change.MOVED,
            moved_on=date(2026, 3, 2),
        )
        with pytest.raises(BadTimetableError):
            commands.change_date(session, moves, by=ada, at=NOON)
        commands.undo_date(
            session, listing_id=event.listing_id, on_day=date(2026, 3, 12), by=ada, at=NOON
        )

    def test_a_group_has_no_more_entries_than_there_is_room_for(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        session.execute(Listing.__table__.delete())  # type: ignore[attr-defined]
        first = make.entry(slug=group.slug, by=ada)
        row = {
            column.name: getattr(session.get_one(Listing, first), attribute.key)
            for attribute in Listing.__mapper__.column_attrs
            for column in attribute.columns
        }
        copies = [
            {**row, "id": uuid4(), "slug": f"copy-{number}"} for number in range(LISTINGS_MAX - 1)
        ]
        session.execute(Listing.__table__.insert(), copies)  # type: ignore[attr-defined]

        with pytest.raises(BadEntryError):
            make.entry(slug=group.slug, by=ada)


class TestReportsAndLetters:
    def test_a_report_of_nothing_is_not_found(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        listing_id = make.entry(slug=group.slug, by=ada)
        commands.end_own_listing(session, listing_id=listing_id, by=ada, at=NOON)

        with pytest.raises(NotFoundError):
            make.report(listing_id)
        with pytest.raises(NotFoundError):
            commands.answer_report(
                session, report_id=uuid4(), answer=ReportAnswer.RIGHT, words="", by=ada, at=NOON
            )

    def test_answering_the_same_twice_is_one_answer(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        report_id = make.report(make.entry(slug=group.slug, by=ada))
        for _ in range(2):
            commands.answer_report(
                session, report_id=report_id, answer=ReportAnswer.RIGHT, words="", by=ada, at=NOON
            )

        assert queries.kept_group(session, slug=group.slug, by=ada).reports == []

    def test_where_nobody_can_be_written_to_nobody_is(self, session: Session, make: Make) -> None:
        wish = PutGroup(
            slug="quiet", name="Quiet", about="Hush.", postcode="", email="", council_id=None
        )
        for _ in range(2):
            group_id = commands.put_group(session, wish, by_user_id=None, at=NOON)
        listing_id = make.activity(group_id=group_id, at=NOON - timedelta(days=200))
        make.report(listing_id, at=NOON)

        commands.pass_on_reports(session, at=NOON)
        commands.nudge_keepers(session, secret_key=SECRET, at=NOON)

        assert letters_waiting(session) == 0

    def test_a_link_with_too_many_names_is_none(self, session: Session) -> None:
        link = links.token(SECRET, links.CONFIRM, uuid4(), uuid4(), uuid4())

        with pytest.raises(LinkExpiredError):
            commands.check_link(session, link=link, secret_key=SECRET)

    def test_who_reads_the_letter_of_an_unkept_group_confirms_it(
        self, session: Session, make: Make
    ) -> None:
        group_id = make.group(name="Quiet")
        make.activity(group_id=group_id)
        link = links.token(SECRET, links.CONFIRM, group_id)

        assert commands.confirm_by_link(session, link=link, secret_key=SECRET, at=NOON) == (
            "Quiet",
            1,
        )


class TestWords:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
            ("FREQ=WEEKLY", "Every week"),
            ("FREQ=YEARLY", "Now and then"),
            ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "Every 3 weeks on Monday"),
            ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "The first Monday of every 2 months"),
            ("FREQ=MONTHLY;BYDAY=1MO,3MO", "The first and third Monday of the month"),
        ],
    )
    def test_of_rules_that_come_from_elsewhere(self, rule: str, words: str) -> None:
        assert Timetable(rule=rule).words == words

    def test_of_days_and_parts_of_days(self) -> None:
        assert Timetable(rule="FREQ=DAILY").weekdays == frozenset(rules.DAY_CODES)
        assert Timetable(on_day=date(2026, 3, 4)).words == ""
        parts = [rules.part_of_day(rules.read_time(text)) for text in ("09:00", "12:00", "18:00")]
        assert parts == ["morning", "afternoon", "evening"]
        with pytest.raises(BadTimetableError):
            rules.read_time("noon")
        with pytest.raises(BadTimetableError):
            rules.read_rule("RDATE:20260304\nFREQ=WEEKLY")

    def test_a_week_without_a_day_takes_that_of_its_first(self) -> None:
        timetable = Timetable(rule="FREQ=WEEKLY", first_on=date(2026, 1, 7))

        assert timetable.days(first=date(2026, 3, 1), days=7) == [date(2026, 3, 4)]

    def test_a_year_counts_from_its_first_day(self) -> None:
        timetable = Timetable(rule="FREQ=YEARLY", first_on=date(2024, 3, 4))

        assert timetable.days(first=date(2026, 3, 1), days=7) == [date(2026, 3, 4)]


def test_what_is_put_twice_is_changed(session: Session, make: Make) -> None:
    wish = PutListing(
        group_id=make.group(),
        slug="help",
        title="Help",
        category="company",
        about="Ring us.",
        venue="",
        postcode="",
        cost=ZERO,
        cost_words="Free",
        for_whom=(),
        access=(),
        languages=(),
        rrule="",
        on_day=None,
        starts="",
        minutes=0,
        contact="",
        kind=ListingKind.ADVICE,
    )
    first = commands.put_listing(session, wish, by_user_id=None, at=NOON)
    second = commands.put_listing(
        session, replace(wish, title="More help"), by_user_id=None, at=NOON
    )

    card = queries.listing(session, listing_id=first)
    assert (first, card.title, card.sequence) == (second, "More help", 1)
    assert all(kind.hint for kind in ListingKind)


def test_the_worker_does_what_is_due_once(app: Flask, make: Make) -> None:
    at = clock.now()
    make.council()
    ada = make.person()
    slug = make.kept_group(by=ada)
    listing_id = make.entry(slug=slug, by=ada, at=at - timedelta(weeks=30))
    make.report(listing_id, at=at - timedelta(weeks=3))

    with app.app_context():
        for job in (tasks.nudge_keepers, tasks.pass_on_reports, tasks.tell_search_what_aged):
            assert [job(at), job(at)] == [1, 0]
    with reading() as session:
        assert letters_waiting(session) > 0
