"""What is refused, done twice, or nobody's: each way a deed of the catalogue may turn."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.community import commands, queries
from marketplace.community.adapters import links
from marketplace.community.errors import (
    BadEntryError,
    LinkExpiredError,
    WrongStateError,
)
from marketplace.community.models import Group, Keeper
from marketplace.community.rules import (
    KEEPERS_MAX,
    GroupState,
    HidingRule,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.queries import letters_waiting
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.community import SECRET


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
