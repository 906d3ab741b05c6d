"""Making councils, looking after their staff, and noting whom they fund."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Role
from marketplace.councils import commands, queries
from marketplace.councils.errors import LastAdministratorError, SlugTakenError
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from tests.conftest import NOON
from tests.factories import Make

WISH = commands.CouncilPortal(
    slug="green-valley",
    name="Green Valley Council",
    strapline="Near home",
    welcome="Come in.",
    brand="#1d5c63",
    accent="#e07a5f",
    email="hello@green-valley.example",
    safeguarding_team="Safe Team",
    safeguarding_phone="01632 960555",
    districts=("ls6",),
)


class TestCreateCouncil:
    def test_refuses_an_address_that_is_taken(self, session: Session) -> None:
        commands.create_council(session, WISH, by_user_id=None, at=NOON)

        with pytest.raises(SlugTakenError, match="already a portal at /green-valley/"):
            commands.create_council(session, WISH, by_user_id=None, at=NOON)

    def test_with_the_same_id_twice_is_one_council(self, session: Session) -> None:
        for _ in range(2):
            council_id = commands.create_council(
                session, WISH, by_user_id=None, at=NOON, council_id=UUID(int=7)
            )

        assert council_id == UUID(int=7)
        assert len(queries.councils(session)) == 1


class TestOpenPortal:
    def test_is_for_administrators_alone(self, session: Session, make: Make) -> None:
        with pytest.raises(NotAllowedError, match="Only an administrator"):
            commands.open_portal(session, WISH, council_id=uuid4(), by=make.person(), at=NOON)


class TestChangeCouncil:
    def test_keeps_the_address_and_renames_everybody_s_hat(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council(slug="old")
        staff = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        commands.change_council(session, council_id, WISH, by_user_id=staff.user_id, at=NOON)

        council = queries.council(session, council_id=council_id)
        assert (council.slug, council.name) == ("old", "Green Valley Council")
        hats = access.hats_of(session, user_id=staff.user_id, at=NOON)
        assert hats[1].organisation_name == "Green Valley Council"

    def test_of_nobody_is_not_found(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            commands.change_council(
                session, uuid4(), WISH, by_user_id=make.person().user_id, at=NOON
            )


class TestStaff:
    def test_of_another_council_is_not_found(self, session: Session, make: Make) -> None:
        administrator = make.staff(organisation_id=make.council(), role=Role.ADMINISTRATOR)

        with pytest.raises(NotFoundError):
            commands.add_staff(
                session,
                council_id=make.council(),
                email="kim@mail.example",
                role=Role.MODERATOR,
                by=administrator,
                at=NOON,
            )

    def test_of_no_council_at_all_is_not_found(self, session: Session, make: Make) -> None:
        gone = uuid4()
        administrator = make.staff(organisation_id=gone, role=Role.ADMINISTRATOR)

        with pytest.raises(NotFoundError):
            commands.add_staff(
                session,
                council_id=gone,
                email="kim@mail.example",
                role=Role.MODERATOR,
                by=administrator,
                at=NOON,
            )

    def test_has_a_role_of_councils(self, session: Session, make: Make) -> None:
        council_id = make.council()
        administrator = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)

        with pytest.raises(NotAllowedError, match="not a role in a council"):
            commands.add_staff(
                session,
                council_id=council_id,
                email=make.email_of(make.person()),
                role=Role.PROVIDER_OWNER,
                by=administrator,
                at=NOON,
            )

    def test_keeps_one_administrator_and_lets_others_go(self, session: Session, make: Make) -> None:
        council_id = make.council()
        first, second = (
            make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR) for _ in range(2)
        )

        def end(user_id: UUID) -> None:
            commands.end_staff(
                session,
                council_id=council_id,
                user_id=user_id,
                role=Role.ADMINISTRATOR,
                by=first,
                at=NOON,
            )

        end(second.user_id)
        with pytest.raises(LastAdministratorError, match="Add another one first"):
            end(first.user_id)
        assert [p.id for p, _ in access.staff_of(session, organisation_id=council_id)] == [
            first.user_id
        ]


class TestWhomItFunds:
    def test_a_self_funder_belongs_but_is_not_funded(self, session: Session, make: Make) -> None:
        council_id, person = make.council(), make.person().user_id

        for _ in range(2):
            commands.note_person(
                session, council_id=council_id, person_id=person, funded=False, at=NOON
            )

        assert queries.belongs(session, council_id=council_id, person_id=person)
        assert queries.funding_councils(session, person_id=person) == frozenset()
        assert queries.people_of(session, council_id=council_id) == [person]

    def test_stays_until_it_is_ended(self, session: Session, make: Make) -> None:
        council_id, person = make.council(), make.person().user_id
        for funded in (False, True, False):
            commands.note_person(
                session, council_id=council_id, person_id=person, funded=funded, at=NOON
            )
        assert queries.funding_councils(session, person_id=person) == {council_id}

        commands.end_funding(session, council_id=council_id, person_id=person)

        assert queries.funding_councils(session, person_id=person) == frozenset()

    def test_is_nobody_for_a_stranger(self, session: Session) -> None:
        assert queries.funding_councils(session, person_id=None) == frozenset()


class TestRules:
    def test_a_colour_without_its_sign_is_refused(self, session: Session) -> None:
        with pytest.raises(Exception, match="Write the colour as #rrggbb"):
            commands.create_council(
                session, replace(WISH, brand="1d5c63"), by_user_id=None, at=NOON
            )
