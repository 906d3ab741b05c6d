"""People look after groups: adding, inviting, leaving, taking over, being looked at."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.community import commands, queries
from marketplace.community.adapters import links
from marketplace.community.errors import (
    BadEntryError,
    LastKeeperError,
    LinkExpiredError,
    NoSuchPersonError,
    ReasonMissingError,
    WrongStateError,
)
from marketplace.community.models import KeeperInvitation
from marketplace.community.queries import KeptGroup
from marketplace.community.rules import GroupState, HidingRule, ListingKind
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import claim_letters
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.community import SECRET


def kept(session: Session, slug: str, by: Actor) -> KeptGroup:
    """Return a group as its keeper sees it."""
    return queries.kept_group(session, slug=slug, by=by)


def letters(session: Session) -> list[str]:
    """Return the subjects of the letters that wait."""
    return sorted(letter.subject for letter in claim_letters(session, limit=50, at=NOON))


class TestAddGroup:
    def test_makes_a_keeper_and_waits_for_the_council(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person()

        slug = make.kept_group(by=ada, name="Walkers", shown=False)

        group = kept(session, slug, ada)
        assert (slug, group.card.state) == ("walkers", GroupState.WAITING)
        assert group.card.council_id == council_id
        assert [keeper.user_id for keeper in group.keepers] == [ada.user_id]
        with pytest.raises(NotFoundError):
            queries.group_at(session, slug=slug)

    def test_sent_twice_is_one_group(self, session: Session, make: Make) -> None:
        ada, wish = make.person(), make.group_wish(name="Walkers")

        first = commands.add_group(session, wish, by=ada, at=NOON)
        second = commands.add_group(session, wish, by=ada, at=NOON)

        assert (first, second) == ("walkers", "walkers")

    def test_with_a_taken_name_gets_a_number(self, session: Session, make: Make) -> None:
        ada = make.person()
        commands.add_group(session, make.group_wish(name="Walkers"), by=ada, at=NOON)

        slug = commands.add_group(session, make.group_wish(name="Walkers!"), by=ada, at=NOON)

        assert slug == "walkers-2"

    def test_refuses_a_group_without_a_name(self, session: Session, make: Make) -> None:
        wish = replace(make.group_wish(), name="  ")

        with pytest.raises(BadEntryError):
            commands.add_group(session, wish, by=make.person(), at=NOON)

    def test_of_a_trusted_partner_is_shown_at_once(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person(email="ada@mail.example")
        make.partner(who=ada, email="ada@mail.example", council_id=council_id)

        slug = make.kept_group(by=ada, shown=False)

        card = queries.group_at(session, slug=slug)
        assert card.checked_by == "Bridge"


class TestChangeGroup:
    def test_loses_the_mark_of_what_was_there_before(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person()
        bea = make.person(email="bea@mail.example")
        make.partner(who=bea, email="bea@mail.example", council_id=council_id)
        slug = make.kept_group(by=ada)
        group_id = kept(session, slug, ada).card.id
        commands.check_group(session, group_id=group_id, by=bea, at=NOON)
        assert kept(session, slug, ada).card.checked_by == "Bridge"

        wish = make.group_wish(group_id=group_id, name="Another name")
        commands.change_group(session, wish, by=ada, at=NOON)

        card = kept(session, slug, ada).card
        assert (card.name, card.slug, card.checked_by) == ("Another name", slug, "")

    def test_is_for_keepers_alone(self, session: Session, make: Make) -> None:
        make.council()
        ada = make.person()
        group_id = kept(session, make.kept_group(by=ada), ada).card.id

        with pytest.raises(NotFoundError):
            commands.change_group(
                session, make.group_wish(group_id=group_id), by=make.person(), at=NOON
            )


class TestKeepers:
    def invite(self, session: Session, make: Make) -> tuple[Actor, str, str]:
        """Let Ada invite somebody; return her, the group and the link."""
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        commands.invite_keeper(
            session,
            group_id=kept(session, slug, ada).card.id,
            email="New@mail.example",
            secret_key=SECRET,
            by=ada,
            at=NOON,
        )
        return ada, slug, self.link(session)

    @staticmethod
    def link(session: Session) -> str:
        """Return the link of the only invitation."""
        invitation_id = session.scalars(select(KeeperInvitation.id)).one()
        return links.token(SECRET, links.KEEPER, invitation_id)

    def test_a_link_makes_a_keeper_once(self, session: Session, make: Make) -> None:
        ada, slug, link = self.invite(session, make)
        bea, cyd = make.person(), make.person()

        commands.become_keeper(session, link=link, secret_key=SECRET, by=bea, at=NOON)

        assert len(kept(session, slug, bea).keepers) == 2
        assert commands.become_keeper(session, link=link, secret_key=SECRET, by=bea, at=NOON)
        with pytest.raises(LinkExpiredError):
            commands.become_keeper(session, link=link, secret_key=SECRET, by=cyd, at=NOON)
        assert session.scalars(select(KeeperInvitation.email)).one() == ""
        assert kept(session, slug, ada).invitations == []

    def test_a_link_taken_back_is_no_longer_good(self, session: Session, make: Make) -> None:
        ada, slug, link = self.invite(session, make)
        group = kept(session, slug, ada)
        commands.take_back_invitation(
            session,
            group_id=group.card.id,
            invitation_id=group.invitations[0].id,
            by=ada,
            at=NOON,
        )

        with pytest.raises(LinkExpiredError):
            commands.become_keeper(session, link=link, secret_key=SECRET, by=make.person(), at=NOON)

    def test_a_link_of_another_purpose_opens_nothing(self, session: Session, make: Make) -> None:
        self.invite(session, make)
        invitation_id = session.scalars(select(KeeperInvitation.id)).one()
        other = links.token(SECRET, links.CONFIRM, invitation_id)

        with pytest.raises(LinkExpiredError):
            commands.become_keeper(
                session, link=other, secret_key=SECRET, by=make.person(), at=NOON
            )

    def test_old_addresses_are_forgotten(self, session: Session, make: Make) -> None:
        self.invite(session, make)

        gone = commands.forget_invitations(session, before=NOON + timedelta(days=1), at=NOON)

        assert gone == 1
        assert session.scalars(select(KeeperInvitation.email)).one() == ""

    def test_the_last_keeper_cannot_leave_an_open_group(self, session: Session, make: Make) -> None:
        make.council()
        ada = make.person()
        slug = make.kept_group(by=ada)
        group_id = kept(session, slug, ada).card.id

        with pytest.raises(LastKeeperError):
            commands.leave_group(session, group_id=group_id, by=ada, at=NOON)

        assert [card.slug for card in queries.kept_alone(session, user_id=ada.user_id)] == [slug]
        commands.close_group(session, group_id=group_id, by=ada, at=NOON)
        commands.leave_group(session, group_id=group_id, by=ada, at=NOON)
        assert queries.groups_of(session, user_id=ada.user_id) == []


class TestClaims:
    def test_a_moderator_hands_over_what_nobody_keeps(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person()
        group_id = make.group(council_id=council_id, name="The Shed")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        claim_id = uuid4()
        for _ in range(2):
            commands.claim_group(
                session, claim_id=claim_id, group_id=group_id, words="Mine.", by=ada, at=NOON
            )

        commands.decide_group_claim(session, claim_id=claim_id, agree=True, by=moderator, at=NOON)

        assert [row.card.name for row in queries.groups_of(session, user_id=ada.user_id)] == [
            "The Shed"
        ]
        assert letters(session) == ["You asked to look after The Shed"]
        with pytest.raises(WrongStateError):
            commands.claim_group(
                session, claim_id=uuid4(), group_id=group_id, words="Mine.", by=ada, at=NOON
            )

    def test_a_no_needs_a_reason_and_another_council_has_no_say(
        self, session: Session, make: Make
    ) -> None:
        council_id, claim_id = make.council(), uuid4()
        group_id = make.group(council_id=council_id)
        commands.claim_group(
            session, claim_id=claim_id, group_id=group_id, words="Mine.", by=make.person(), at=NOON
        )
        ours = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        theirs = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        with pytest.raises(ReasonMissingError):
            commands.decide_group_claim(session, claim_id=claim_id, agree=False, by=ours, at=NOON)
        with pytest.raises(NotFoundError):
            commands.decide_group_claim(session, claim_id=claim_id, agree=True, by=theirs, at=NOON)


class TestModeration:
    def test_a_hidden_group_knows_why_and_may_ask_again(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person()
        slug = make.kept_group(by=ada)
        group_id = kept(session, slug, ada).card.id
        make.entry(slug=slug, by=ada, at=NOON)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        with pytest.raises(ReasonMissingError):
            commands.hide_group(
                session,
                group_id=group_id,
                rule=HidingRule.ADVERT,
                reason=" ",
                by=moderator,
                at=NOON,
            )
        commands.hide_group(
            session,
            group_id=group_id,
            rule=HidingRule.ADVERT,
            reason="It sells.",
            by=moderator,
            at=NOON,
        )

        card = kept(session, slug, ada).card
        assert (card.state, card.reason) == (GroupState.HIDDEN, "It sells.")
        assert queries.findable_listings(session, ids=None, at=NOON) == []
        assert queries.findable_groups(session, ids=None, at=NOON) == []
        commands.ask_again(session, group_id=group_id, by=ada, at=NOON)
        assert [
            group.slug for group in queries.worklist(session, by=moderator, at=NOON).groups
        ] == [slug]

    def test_a_partnership_that_ended_marks_nothing_more(
        self, session: Session, make: Make
    ) -> None:
        council_id, ada = make.council(), make.person()
        bea = make.person(email="bea@mail.example")
        partner_id = make.partner(who=bea, email="bea@mail.example", council_id=council_id)
        slug = make.kept_group(by=ada)
        first, second = make.entry(slug=slug, by=ada), make.entry(slug=slug, by=ada)
        commands.check_listing(session, listing_id=first, by=bea, at=NOON)
        administrator = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)

        commands.end_partnership(session, partner_id=partner_id, by=administrator, at=NOON)

        with pytest.raises(NotFoundError):
            commands.check_listing(session, listing_id=second, by=bea, at=NOON)
        card = queries.listing(session, listing_id=first)
        assert (card.checked_words, card.checked_on) == ("Bridge", NOON)

    def test_names_only_who_has_an_account(self, session: Session, make: Make) -> None:
        administrator = make.staff(organisation_id=make.council(), role=Role.ADMINISTRATOR)

        with pytest.raises(NoSuchPersonError):
            commands.name_partner(
                session, name="Bridge", email="no@mail.example", by=administrator, at=NOON
            )


class TestForgetPerson:
    def test_ends_what_they_kept_and_take_part_in(self, session: Session, make: Make) -> None:
        council_id, ada = make.council(), make.person(email="ada@mail.example")
        make.partner(who=ada, email="ada@mail.example", council_id=council_id)
        slug = make.kept_group(by=ada)

        commands.forget_person(session, user_id=ada.user_id, at=NOON)

        assert queries.groups_of(session, user_id=ada.user_id) == []
        assert queries.partnerships_of(session, user_id=ada.user_id) == []
        assert queries.group_at(session, slug=slug).slug == slug


def test_advice_is_findable_without_a_time_or_place(session: Session, make: Make) -> None:
    make.council()
    ada = make.person()
    slug = make.kept_group(by=ada)
    wish = make.entry_wish(kind=ListingKind.ADVICE, title="What can I claim?")

    make.entry(slug=slug, by=ada, wish=wish, at=NOON)

    found = queries.findable_listings(session, ids=None, at=NOON)
    assert [(card.title, card.kind, card.part_of_day) for card in found] == [
        ("What can I claim?", ListingKind.ADVICE, "")
    ]
    assert queries.whats_on(session, at=NOON, days=7) == []
    groups = queries.findable_groups(session, ids=None, at=NOON)
    assert [group.titles for group in groups] == [("What can I claim?",)]
