"""Entries: writing them, days that are different, growing old, being wrong."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.community import commands, queries
from marketplace.community.adapters import links
from marketplace.community.commands import ChangeDate
from marketplace.community.errors import (
    BadEntryError,
    BadTimetableError,
    LinkExpiredError,
    WrongStateError,
)
from marketplace.community.models import EntryReport
from marketplace.community.rules import Change, Freshness, ListingKind, ReportAnswer
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import claim_letters
from marketplace.outbox.queries import index_changes
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.community import SECRET

NEXT_TUESDAY = date(2026, 3, 10)


@pytest.fixture
def ada(make: Make) -> Actor:
    """Return somebody who will look after a group, in a council's area."""
    make.council()
    return make.person(email="ada@mail.example")


@pytest.fixture
def slug(make: Make, ada: Actor) -> str:
    """Return Ada's group."""
    return make.kept_group(by=ada, name="Walkers")


def told(session: Session) -> list[tuple[str, str]]:
    """Return to whom the letters that wait go, and their templates."""
    waiting = claim_letters(session, limit=50, at=NOON + timedelta(days=900))
    return sorted((letter.to, letter.template) for letter in waiting)


class TestAddListing:
    def test_sent_twice_is_one_entry(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        wish = make.entry_wish()

        make.entry(slug=slug, by=ada, wish=wish, at=NOON)
        make.entry(slug=slug, by=ada, wish=wish, at=NOON)

        assert len(queries.kept_group(session, slug=slug, by=ada).open) == 1

    def test_is_for_keepers_alone(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        group_id = queries.kept_group(session, slug=slug, by=ada).card.id

        with pytest.raises(NotFoundError):
            commands.add_listing(
                session, make.entry_wish(), group_id=group_id, by=make.person(), at=NOON
            )

    @pytest.mark.parametrize(
        ("kind", "rule", "on_day"),
        [
            (ListingKind.ACTIVITY, "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", None),
            (ListingKind.ACTIVITY, "nonsense", None),
            (ListingKind.EVENT, "", None),
            (ListingKind.EVENT, "", date(2026, 3, 3)),
        ],
    )
    def test_refuses_what_never_takes_place(
        self, make: Make, kind: ListingKind, rule: str, on_day: date | None
    ) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        wish = make.entry_wish(kind=kind, rule=rule, on_day=on_day)

        with pytest.raises(BadTimetableError):
            make.entry(slug=slug, by=ada, wish=wish, at=NOON)

    def test_refuses_what_has_no_title(self, make: Make, ada: Actor, slug: str) -> None:
        with pytest.raises(BadEntryError):
            make.entry(slug=slug, by=ada, wish=make.entry_wish(title=" "), at=NOON)


class TestChangeListing:
    def test_counts_changes_of_when_and_where_alone(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        other_title = make.entry_wish(title="Tea", listing_id=listing_id)
        other_day = make.entry_wish(title="Tea", rule="FREQ=WEEKLY;BYDAY=WE", listing_id=listing_id)

        commands.change_listing(session, other_title, by=ada, at=NOON)
        assert queries.listing(session, listing_id=listing_id).sequence == 0
        commands.change_listing(session, other_day, by=ada, at=NOON)

        card = queries.listing(session, listing_id=listing_id)
        assert (card.title, card.sequence, card.timetable) == ("Tea", 1, "Every Wednesday")

    def test_what_ended_can_be_put_back(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        commands.end_own_listing(session, listing_id=listing_id, by=ada, at=NOON)
        assert [card.id for card in queries.kept_group(session, slug=slug, by=ada).ended] == [
            listing_id
        ]

        commands.bring_back(session, listing_id=listing_id, by=ada, at=NOON)

        assert queries.listing(session, listing_id=listing_id).id == listing_id


class TestChangeDate:
    def change(self, session: Session, listing_id: UUID, by: Actor, **how: object) -> None:
        """Change next Tuesday."""
        wish = ChangeDate(
            **{"listing_id": listing_id, "on_day": NEXT_TUESDAY, "what": Change.CANCELLED, **how}  # type: ignore[arg-type]
        )
        commands.change_date(session, wish, by=by, at=NOON)

    def test_cancels_one_day_and_takes_it_back(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)

        self.change(session, listing_id, ada, words="The hall is closed.")

        assert queries.whats_on(session, at=NOON, days=7) == []
        shown = queries.whats_on(session, at=NOON, days=7, cancelled=True)
        assert [each.occurrence.words for each in shown] == ["The hall is closed."]
        commands.undo_date(session, listing_id=listing_id, on_day=NEXT_TUESDAY, by=ada, at=NOON)
        assert len(queries.whats_on(session, at=NOON, days=7)) == 1
        assert queries.listing(session, listing_id=listing_id).sequence == 2

    def test_the_last_word_counts(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        self.change(session, listing_id, ada)

        self.change(
            session, listing_id, ada, what=Change.MOVED, moved_starts="14:00", moved_venue="Church"
        )

        found = queries.whats_on(session, at=NOON, days=7)
        assert [(each.at.hour, each.occurrence.moved) for each in found] == [(14, True)]

    def test_refuses_days_that_are_none(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)

        with pytest.raises(NotFoundError):
            self.change(session, listing_id, ada, on_day=date(2026, 3, 11))
        with pytest.raises(BadTimetableError):
            self.change(session, listing_id, ada, on_day=date(2026, 3, 3))
        with pytest.raises(BadTimetableError):
            self.change(session, listing_id, ada, what=Change.MOVED)
        with pytest.raises(NotFoundError):
            self.change(session, listing_id, make.person())


class TestNudgeKeepers:
    def test_asks_once_and_confirms_all_by_the_link(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        old = NOON - timedelta(days=151)
        listing_id = make.entry(slug=slug, by=ada, at=old)
        fresh = make.entry(slug=slug, by=ada, at=NOON - timedelta(days=149))
        claim_letters(session, limit=50, at=NOON)

        asked = commands.nudge_keepers(session, secret_key=SECRET, at=NOON)
        again = commands.nudge_keepers(session, secret_key=SECRET, at=NOON + timedelta(hours=1))

        assert (asked, again) == (1, 0)
        assert ("ada@mail.example", "community_nudge") in told(session)
        group_id = queries.kept_group(session, slug=slug, by=ada).card.id
        link = links.token(SECRET, links.CONFIRM, group_id, ada.user_id)
        assert commands.confirm_by_link(session, link=link, secret_key=SECRET, at=NOON) == (
            "Walkers",
            2,
        )
        for each in (listing_id, fresh):
            assert queries.listing(session, listing_id=each).confirmed_at == NOON

    def test_the_link_of_who_left_is_dead(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        group_id = queries.kept_group(session, slug=slug, by=ada).card.id
        stranger = links.token(SECRET, links.CONFIRM, group_id, make.person().user_id)
        nobodys = links.token(SECRET, links.CONFIRM, group_id)

        for link in (stranger, nobodys, "x"):
            with pytest.raises(LinkExpiredError):
                commands.confirm_by_link(session, link=link, secret_key=SECRET, at=NOON)

    def test_tells_the_search_of_each_age_once(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)

        def told_of(weeks: int) -> int:
            return commands.tell_search_what_aged(session, at=NOON + timedelta(weeks=weeks))

        assert [told_of(1), told_of(27), told_of(27), told_of(53), told_of(53)] == [0, 1, 0, 1, 0]
        assert (
            queries.listing(session, listing_id=listing_id).freshness(NOON + timedelta(weeks=53))
            is Freshness.DROPPED
        )
        assert listing_id in {change.subject_id for change in index_changes(session, limit=99)}


class TestReports:
    def test_goes_to_the_keepers_and_the_reporter_is_told_then_forgotten(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        report_id = make.report(listing_id, email="Sam@mail.example", at=NOON)
        assert ("ada@mail.example", "entry_reported") in told(session)

        commands.answer_report(
            session,
            report_id=report_id,
            answer=ReportAnswer.MENDED,
            words="Sorry!",
            by=ada,
            at=NOON,
        )

        assert ("sam@mail.example", "report_answered") in told(session)
        assert session.get_one(EntryReport, report_id).email == ""
        with pytest.raises(WrongStateError):
            commands.answer_report(
                session, report_id=report_id, answer=ReportAnswer.RIGHT, words="", by=ada, at=NOON
            )

    def test_goes_to_the_council_after_its_days(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        make.report(listing_id, at=NOON)

        counts = [
            commands.pass_on_reports(session, at=NOON + timedelta(days=days)) for days in (6, 7, 8)
        ]

        assert counts == [0, 1, 0]
        assert [template for _, template in told(session)].count("report_overdue") == 1

    def test_a_moderator_may_end_the_entry_and_a_stranger_may_not(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id = make.entry(slug=slug, by=ada, at=NOON)
        report_id = make.report(listing_id, at=NOON)
        council_id = queries.kept_group(session, slug=slug, by=ada).card.council_id
        assert council_id is not None
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        with pytest.raises(NotFoundError):
            commands.answer_report(
                session,
                report_id=report_id,
                answer=ReportAnswer.ENDED,
                words="",
                by=make.person(),
                at=NOON,
            )
        commands.answer_report(
            session,
            report_id=report_id,
            answer=ReportAnswer.ENDED,
            words="",
            by=moderator,
            at=NOON,
        )

        with pytest.raises(NotFoundError):
            queries.listing(session, listing_id=listing_id)

    def test_of_what_nobody_keeps_goes_to_the_council_at_once(
        self, session: Session, make: Make
    ) -> None:
        listing_id = make.activity(group_id=make.group(council_id=make.council()), at=NOON)
        make.report(listing_id, at=NOON)

        assert commands.pass_on_reports(session, at=NOON) == 1

    def test_sent_twice_is_one_report(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        listing_id, report_id = make.entry(slug=slug, by=ada, at=NOON), uuid4()
        for _ in range(2):
            commands.report_entry(
                session, report_id=report_id, listing_id=listing_id, words="No.", email="", at=NOON
            )

        assert session.scalars(select(EntryReport.id)).all() == [report_id]
        assert len(queries.kept_group(session, slug=slug, by=ada).reports) == 1

    def test_old_addresses_are_forgotten(
        self, session: Session, make: Make, ada: Actor, slug: str
    ) -> None:
        make.report(make.entry(slug=slug, by=ada), email="sam@mail.example", at=NOON)

        assert commands.forget_reporters(session, before=NOON + timedelta(days=1), at=NOON) == 1
        assert commands.forget_reporters(session, before=NOON + timedelta(days=1), at=NOON) == 0
