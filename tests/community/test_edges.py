"""What is refused, done twice, or nobody's: each way a deed of the catalogue may turn."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.community import commands, queries, rules, tasks
from marketplace.community.adapters import links
from marketplace.community.commands import ChangeDate, PutGroup, PutListing
from marketplace.community.errors import (
    BadEntryError,
    BadTimetableError,
    LinkExpiredError,
    WrongStateError,
)
from marketplace.community.models import Group, Keeper, Listing
from marketplace.community.rules import (
    KEEPERS_MAX,
    LISTINGS_MAX,
    Change,
    GroupState,
    HidingRule,
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


@pytest.fixture
def ada(make: Make) -> Actor:
    """Return somebody who will look after a group, in a council's area."""
    make.council()
    return make.person(email="ada@mail.example")


@pytest.fixture
def group(session: Session, make: Make, ada: Actor) -> Group:
    """Return Ada's group."""
    slug = make.kept_group(by=ada, name="Walkers")
    return session.scalars(select(Group).where(Group.slug == slug)).one()


def moderator_of(make: Make, group: Group) -> Actor:
    """Return a moderator of the group's council."""
    assert group.council_id is not None
    return make.staff(organisation_id=group.council_id, role=Role.MODERATOR)


class TestGroups:
    def test_closing_and_opening_again(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        with pytest.raises(WrongStateError):
            commands.open_again(session, group_id=group.id, by=ada, at=NOON)
        with pytest.raises(WrongStateError):
            commands.ask_again(session, group_id=group.id, by=ada, at=NOON)
        for _ in range(2):
            commands.close_group(session, group_id=group.id, by=ada, at=NOON)
        moderator = moderator_of(make, group)
        with pytest.raises(WrongStateError):
            commands.show_group(session, group_id=group.id, by=moderator, at=NOON)
        with pytest.raises(WrongStateError):
            commands.hide_group(
                session,
                group_id=group.id,
                rule=HidingRule.ADVERT,
                reason="No.",
                by=moderator,
                at=NOON,
            )
        with pytest.raises(WrongStateError):
            make.entry(slug=group.slug, by=ada)
        with pytest.raises(WrongStateError):
            self.invite(session, group, ada)

        commands.open_again(session, group_id=group.id, by=ada, at=NOON)
        commands.ask_again(session, group_id=group.id, by=ada, at=NOON)

        assert group.state is GroupState.WAITING

    def test_saving_the_same_changes_nothing(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        wish = replace(
            make.group_wish(group_id=group.id),
            name=group.name,
            about=group.about,
            email=group.email,
        )
        commands.change_group(session, wish, by=ada, at=NOON)
        assert group.changed_at < NOON

        commands.change_group(session, replace(wish, postcode="NR1 1AA"), by=ada, at=NOON)

        assert (group.changed_at, group.council_id) == (NOON, None)
        commands.change_group(session, replace(wish, postcode="nowhere"), by=ada, at=NOON)
        assert group.easting is None

    def test_of_nobodys_area_is_the_council_s_that_looks(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        group.council_id, group.state = None, GroupState.WAITING
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        for _ in range(2):
            commands.show_group(session, group_id=group.id, by=moderator, at=NOON)

        assert group.council_id == council_id
        with pytest.raises(NotFoundError):
            commands.show_group(session, group_id=group.id, by=ada, at=NOON)
        with pytest.raises(NotFoundError):
            commands.show_group(session, group_id=uuid4(), by=moderator, at=NOON)

    def test_hiding_twice_is_one_letter(self, session: Session, make: Make, group: Group) -> None:
        moderator = moderator_of(make, group)
        before = letters_waiting(session)
        for _ in range(2):
            commands.hide_group(
                session,
                group_id=group.id,
                rule=HidingRule.HATE,
                reason="No.",
                by=moderator,
                at=NOON,
            )

        assert letters_waiting(session) == before + 1

    def invite(self, session: Session, group: Group, by: Actor) -> None:
        """Invite somebody."""
        commands.invite_keeper(
            session,
            group_id=group.id,
            email="new@mail.example",
            secret_key=SECRET,
            by=by,
            at=NOON,
        )

    def test_has_no_more_keepers_than_there_is_room_for(
        self, session: Session, ada: Actor, group: Group
    ) -> None:
        for _ in range(KEEPERS_MAX - 1):
            self.invite(session, group, ada)

        with pytest.raises(BadEntryError):
            self.invite(session, group, ada)

    def test_an_invitation_is_taken_back_once_and_only_there(
        self, session: Session, ada: Actor, group: Group
    ) -> None:
        self.invite(session, group, ada)
        row = queries.kept_group(session, slug=group.slug, by=ada).invitations[0]
        for _ in range(2):
            commands.take_back_invitation(
                session, group_id=group.id, invitation_id=row.id, by=ada, at=NOON
            )
        with pytest.raises(NotFoundError):
            commands.take_back_invitation(
                session, group_id=group.id, invitation_id=uuid4(), by=ada, at=NOON
            )
        with pytest.raises(LinkExpiredError):
            commands.become_keeper(
                session,
                link=links.token(SECRET, links.KEEPER, uuid4()),
                secret_key=SECRET,
                by=ada,
                at=NOON,
            )

    def test_a_keeper_who_left_may_come_back(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        bea = make.person()
        for _ in range(2):
            link = self.link(session, group, ada)
            commands.become_keeper(session, link=link, secret_key=SECRET, by=bea, at=NOON)
            commands.leave_group(session, group_id=group.id, by=bea, at=NOON)

        rows = select(func.count()).select_from(Keeper).where(Keeper.user_id == bea.user_id)
        assert session.scalar(rows) == 1

    def link(self, session: Session, group: Group, by: Actor) -> str:
        """Invite somebody and return the link."""
        self.invite(session, group, by)
        row = queries.kept_group(session, slug=group.slug, by=by).invitations[-1]
        return links.token(SECRET, links.KEEPER, row.id)


class TestClaims:
    def test_of_nothing_is_not_found(self, session: Session, make: Make, group: Group) -> None:
        group.state = GroupState.WAITING
        for group_id in (group.id, uuid4()):
            with pytest.raises(NotFoundError):
                commands.claim_group(
                    session,
                    claim_id=uuid4(),
                    group_id=group_id,
                    words="Mine.",
                    by=make.person(),
                    at=NOON,
                )
        with pytest.raises(NotFoundError):
            commands.decide_group_claim(
                session, claim_id=uuid4(), agree=True, by=moderator_of(make, group), at=NOON
            )

    def test_is_decided_once_and_handed_over_once(self, session: Session, make: Make) -> None:
        council_id = make.council()
        group_id = make.group(council_id=council_id)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        claims = [uuid4() for _ in range(3)]
        for claim_id in claims:
            commands.claim_group(
                session,
                claim_id=claim_id,
                group_id=group_id,
                words="Mine.",
                by=make.person(),
                at=NOON,
            )
        commands.claim_group(
            session, claim_id=claims[0], group_id=group_id, words="Mine.", by=make.person(), at=NOON
        )
        assert len(queries.worklist(session, by=moderator, at=NOON).claims) == 3

        for _ in range(2):
            commands.decide_group_claim(
                session, claim_id=claims[0], agree=False, reason="No.", by=moderator, at=NOON
            )
        commands.decide_group_claim(session, claim_id=claims[1], agree=True, by=moderator, at=NOON)

        for claim_id in (claims[0], claims[2]):
            with pytest.raises(WrongStateError):
                commands.decide_group_claim(
                    session, claim_id=claim_id, agree=True, by=moderator, at=NOON
                )


class TestPartners:
    def test_are_named_once_and_end_once(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        assert group.council_id is not None
        first = make.partner(who=ada, email="ada@mail.example", council_id=group.council_id)
        again = make.partner(who=ada, email="ada@mail.example", council_id=group.council_id)
        administrator = make.staff(organisation_id=group.council_id, role=Role.ADMINISTRATOR)
        for _ in range(2):
            commands.end_partnership(session, partner_id=first, by=administrator, at=NOON)

        assert first == again
        rows = queries.partners_of(session, council_id=group.council_id)
        assert [(row.name, row.ended_at) for row in rows] == [("Bridge", NOON)]
        for by in (ada, make.staff(organisation_id=make.council(), role=Role.ADMINISTRATOR)):
            with pytest.raises(NotFoundError):
                commands.end_partnership(session, partner_id=first, by=by, at=NOON)
        with pytest.raises(NotFoundError):
            commands.name_partner(session, name="B", email="ada@mail.example", by=ada, at=NOON)
        with pytest.raises(NotFoundError):
            queries.to_check(session, by=ada)

    def test_check_what_waits_and_what_is_shown(
        self, session: Session, make: Make, ada: Actor, group: Group
    ) -> None:
        assert group.council_id is not None
        bea = make.person(email="bea@mail.example")
        make.partner(who=bea, email="bea@mail.example", council_id=group.council_id)
        make.entry(slug=group.slug, by=ada, at=NOON)
        waiting = make.kept_group(by=ada, shown=False)
        groups, entries = queries.to_check(session, by=bea)
        assert ([each.slug for each in groups], len(entries)) == ([waiting], 1)

        commands.check_group(session, group_id=groups[0].id, by=bea, at=NOON)

        assert queries.group_at(session, slug=waiting).checked_by == "Bridge"
        with pytest.raises(NotFoundError):
            commands.check_group(session, group_id=group.id, by=ada, at=NOON)


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
