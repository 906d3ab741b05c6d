"""Accounts, sign-ins, roles and circles: what each command does and refuses."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access import commands, queries
from marketplace.access.adapters import links
from marketplace.access.adapters.passwords import Passwords
from marketplace.access.commands.sign_ins import secret_hash
from marketplace.access.errors import (
    InvitationError,
    LinkExpiredError,
    TooManyTriesError,
    WeakPasswordError,
    WrongPasswordError,
)
from marketplace.access.rules import Actor, Basis, Role, Scope
from marketplace.audit import queries as audit
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.people import PASSWORD


def invite(session: Session, person: Actor, **changes: object) -> UUID:
    wish = commands.InviteSupporter(
        email="Mo@mail.example",
        basis=Basis.HELPER,
        scopes=frozenset({Scope.SEE}),
        invitation_id=uuid4(),
    )
    return commands.invite_supporter(session, replace(wish, **changes), by=person, at=NOON)  # type: ignore[arg-type]


class TestAccounts:
    def test_are_known_by_address_in_any_case(self, session: Session, make: Make) -> None:
        person = make.person(email="Sam@Mail.Example")

        found = queries.find_person_by_email(session, email=" sam@mail.example ")

        assert found is not None
        assert found.id == person.user_id

    def test_that_are_closed_let_nobody_in_and_keep_their_history(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(email="sam@mail.example")
        commands.begin_sign_in(session, user_id=person.user_id, device="Test", at=NOON)

        commands.close_account(session, user_id=person.user_id, by_user_id=person.user_id, at=NOON)

        with pytest.raises(WrongPasswordError):
            commands.right_user(session, email="sam@mail.example", password=PASSWORD)
        with pytest.raises(NotFoundError):
            queries.person(session, user_id=person.user_id)
        assert queries.hats_of(session, user_id=person.user_id, at=NOON) == []
        assert queries.sign_ins_of(session, user_id=person.user_id, at=NOON) == []
        assert queries.find_confirmed_person(session, email="sam@mail.example") is None
        assert list(audit.broken_chains(session)) == []

    @pytest.mark.parametrize("password", ["x" * 201, "aaaaaaaaaaaa", "my password 1"])
    def test_refuse_passwords_that_are_easy_or_endless(
        self, session: Session, make: Make, password: str
    ) -> None:
        with pytest.raises(WeakPasswordError):
            commands.change_password(
                session, user_id=make.person().user_id, password=password, at=NOON
            )

    def test_are_confirmed_once(self, session: Session, make: Make) -> None:
        person = make.person()

        commands.confirm_email(session, user_id=person.user_id, at=NOON)

        deeds = audit.deeds_of(session, chain_id=person.user_id)
        assert [deed.what for deed in deeds].count("address-confirmed") == 0

    def test_that_are_closed_open_no_link_any_more(self, session: Session, make: Make) -> None:
        person = make.person(email="sam@mail.example")
        link = links.token("key", links.CONFIRM, person.user_id, "sam@mail.example")
        assert (
            commands.confirm_by_link(session, link=link, secret_key="key", at=NOON)
            == person.user_id
        )
        commands.close_account(session, user_id=person.user_id, by_user_id=person.user_id, at=NOON)

        with pytest.raises(LinkExpiredError, match="no longer good"):
            commands.confirm_by_link(session, link=link, secret_key="key", at=NOON)

    def test_a_link_for_nobody_is_refused(self, session: Session, make: Make) -> None:
        with pytest.raises(LinkExpiredError):
            queries.check_reset_link(session, link="made.up", secret_key="k")


class TestPasswords:
    def test_are_never_kept_as_they_are(self) -> None:
        passwords = Passwords()
        passwords.use(cheap=True)

        stored = passwords.hash(PASSWORD)

        assert PASSWORD not in stored
        assert passwords.fits(PASSWORD, stored)
        assert not passwords.fits("wrong wrong", stored)
        assert not passwords.fits(PASSWORD, "not a hash")
        assert not passwords.fits("nobody has this password", None)


class TestTries:
    def test_are_counted_by_each_key_alone(self, session: Session) -> None:
        for _ in range(2):
            commands.count_try(session, limits={"a": 2, "b": 9}, at=NOON)

        with pytest.raises(TooManyTriesError, match="Wait 15 minutes"):
            commands.count_try(session, limits={"a": 2}, at=NOON)
        commands.count_try(session, limits={"b": 9}, at=NOON)

    def test_are_forgotten_in_the_next_quarter_of_an_hour(self, session: Session) -> None:
        commands.count_try(session, limits={"a": 1}, at=NOON)

        commands.count_try(session, limits={"a": 1}, at=NOON + timedelta(minutes=15))


class TestSignIns:
    def test_are_found_by_their_secret_until_they_end(self, session: Session, make: Make) -> None:
        person = make.person()
        sign_in_id, secret = commands.begin_sign_in(
            session, user_id=person.user_id, device="x" * 500, at=NOON
        )
        kept = secret_hash(secret)

        def found(secret_hash: str = kept, **later: float) -> bool:
            living = queries.find_sign_in(
                session,
                sign_in_id=sign_in_id,
                secret_hash=secret_hash,
                at=NOON + timedelta(**later),
            )
            return living is not None

        assert found(hours=12)
        assert not found("another")
        assert not found(hours=12, seconds=1)
        for day in range(1, 28):
            commands.note_seen(session, sign_in_id=sign_in_id, at=NOON + timedelta(hours=12 * day))
        assert not found(days=14)

    def test_of_somebody_else_are_left_alone(self, session: Session, make: Make) -> None:
        person, stranger = make.person(), make.person()
        sign_in_id, _ = commands.begin_sign_in(
            session, user_id=person.user_id, device="Test", at=NOON
        )

        commands.end_sign_in(session, sign_in_id=sign_in_id, by=stranger, at=NOON)
        commands.end_other_sign_ins(session, by=stranger, at=NOON)

        assert len(queries.sign_ins_of(session, user_id=person.user_id, at=NOON)) == 1

    def test_wear_no_hat_of_another(self, session: Session, make: Make) -> None:
        person, stranger = make.person(), make.person()

        with pytest.raises(NotAllowedError):
            commands.wear_hat(
                session,
                sign_in_id=uuid4(),
                role=Role.PERSON,
                hat_id=stranger.user_id,
                by=person,
                at=NOON,
            )


class TestMemberships:
    def test_that_ended_can_be_given_again(self, session: Session, make: Make) -> None:
        provider_id = uuid4()
        staff = make.staff(organisation_id=provider_id, role=Role.PROVIDER_OWNER)

        def hats() -> list[Role]:
            found = queries.hats_of(session, user_id=staff.user_id, at=NOON)
            return [hat.role for hat in found]

        commands.end_membership(
            session,
            user_id=staff.user_id,
            organisation_id=provider_id,
            role=Role.PROVIDER_OWNER,
            by_user_id=None,
            at=NOON,
        )
        assert hats() == [Role.PERSON]
        commands.add_membership(
            session,
            user_id=staff.user_id,
            organisation_id=provider_id,
            organisation_name="Work",
            role=Role.PROVIDER_OWNER,
            by_user_id=None,
            at=NOON,
        )
        assert hats() == [Role.PERSON, Role.PROVIDER_OWNER]


class TestCircle:
    def test_is_joined_by_the_one_who_was_invited(self, session: Session, make: Make) -> None:
        person, mo = make.person(), make.person(email="mo@mail.example")
        row_id = invite(session, person, ceiling=Money(5000), ends_before=date(2026, 4, 1))

        for _ in range(2):
            commands.accept_invitation(session, supporter_row_id=row_id, by=mo, at=NOON)

        hat = queries.find_actor(
            session, user_id=mo.user_id, role=Role.SUPPORTER, hat_id=person.user_id, at=NOON
        )
        assert hat is not None
        assert hat.ceiling == Money(5000)
        deeds = [deed.what for deed in audit.deeds_of(session, chain_id=person.user_id)]
        assert deeds.count("supporter-joined") == 1
        acting = queries.active_supporters(
            session, person_id=person.user_id, scope=Scope.SEE, at=NOON
        )
        assert [each.id for each in acting] == [mo.user_id]
        late = queries.active_supporters(
            session, person_id=person.user_id, scope=Scope.SEE, at=NOON + timedelta(days=28)
        )
        assert late == []

    def test_an_invitation_ends_after_thirty_days(self, session: Session, make: Make) -> None:
        person, mo = make.person(), make.person(email="mo@mail.example")
        row_id = invite(session, person)

        with pytest.raises(InvitationError, match="Ask for a new one"):
            commands.accept_invitation(
                session, supporter_row_id=row_id, by=mo, at=NOON + timedelta(days=31)
            )

    def test_an_invitation_taken_back_cannot_be_accepted(
        self, session: Session, make: Make
    ) -> None:
        person, mo = make.person(), make.person(email="mo@mail.example")
        row_id = invite(session, person)
        for _ in range(2):
            commands.end_supporter(session, supporter_row_id=row_id, by=person, at=NOON)

        with pytest.raises(InvitationError):
            commands.accept_invitation(session, supporter_row_id=row_id, by=mo, at=NOON)

    def test_a_no_is_said_once_and_only_before_a_yes(self, session: Session, make: Make) -> None:
        person, mo = make.person(), make.person(email="mo@mail.example")
        refused, joined = invite(session, person), invite(session, person)
        for _ in range(2):
            commands.refuse_invitation(session, supporter_row_id=refused, by=mo, at=NOON)
        commands.accept_invitation(session, supporter_row_id=joined, by=mo, at=NOON)

        with pytest.raises(NotFoundError):
            commands.refuse_invitation(session, supporter_row_id=joined, by=mo, at=NOON)

    def test_nobody_changes_their_own_permissions(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.SEE, Scope.MANAGE_CIRCLE])
        row = queries.circle_of(session, person_id=person.user_id)[0]

        with pytest.raises(NotAllowedError, match="your own permissions"):
            commands.change_supporter(
                session,
                supporter_row_id=row.id,
                scopes=frozenset({Scope.SEE}),
                ceiling=None,
                ends_before=None,
                by=helper,
                at=NOON,
            )

    def test_nobody_invites_themselves_to_more(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(
            person=person, scopes=[Scope.SEE, Scope.MANAGE_CIRCLE], ends_before=date(2026, 4, 1)
        )

        with pytest.raises(NotAllowedError, match="your own permissions"):
            invite(session, helper, email=make.email_of(helper).upper())

    @pytest.mark.parametrize("ceiling", [None, Money(50_01)])
    def test_nobody_lets_others_spend_more_with_one_order_than_they_may(
        self, session: Session, make: Make, ceiling: Money | None
    ) -> None:
        person = make.person()
        scopes = [Scope.SEE, Scope.PAY, Scope.MANAGE_CIRCLE]
        helper = make.supporter(person=person, scopes=scopes, ceiling=Money(50_00))
        friend = invite(session, helper, scopes=frozenset({Scope.PAY}), ceiling=Money(50_00))
        invite(session, helper, scopes=frozenset({Scope.SEE}), ceiling=None)

        with pytest.raises(NotAllowedError, match=r"You may spend up to £50\.00 with one order"):
            invite(session, helper, scopes=frozenset({Scope.PAY}), ceiling=ceiling)
        with pytest.raises(NotAllowedError, match=r"Enter £50\.00 or less"):
            commands.change_supporter(
                session,
                supporter_row_id=friend,
                scopes=frozenset({Scope.PAY}),
                ceiling=ceiling,
                ends_before=None,
                by=helper,
                at=NOON,
            )

    def test_what_the_person_let_somebody_do_stays_when_a_helper_changes_the_rest(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        scopes = [Scope.SEE, Scope.PAY, Scope.MANAGE_CIRCLE]
        helper = make.supporter(
            person=person, scopes=scopes, ceiling=Money(50_00), ends_before=date(2026, 4, 1)
        )
        friend = invite(session, person, scopes=frozenset({Scope.PAY}))

        def change(**terms: object) -> None:
            values = {"scopes": frozenset({Scope.PAY}), "ceiling": None, "ends_before": None}
            commands.change_supporter(
                session,
                supporter_row_id=friend,
                **values | terms,  # type: ignore[arg-type]
                by=helper,
                at=NOON,
            )

        change(scopes=frozenset({Scope.PAY, Scope.SEE}))
        change(ends_before=date(2026, 4, 1))
        with pytest.raises(NotAllowedError, match="Your own part ends on 31 March 2026"):
            change(ends_before=date(2026, 4, 2))

    def test_nobody_lets_others_act_for_longer_than_themselves(
        self, session: Session, make: Make
    ) -> None:
        helper = make.supporter(
            person=make.person(),
            scopes=[Scope.SEE, Scope.MANAGE_CIRCLE],
            ends_before=date(2026, 4, 1),
        )
        invite(session, helper, ends_before=date(2026, 4, 1))

        for ends_before in (None, date(2026, 4, 2)):
            with pytest.raises(NotAllowedError, match="Your own part ends on 31 March 2026"):
                invite(session, helper, ends_before=ends_before)

    def test_nobody_changes_another_s_circle(self, session: Session, make: Make) -> None:
        person = make.person()
        make.supporter(person=person)
        row = queries.circle_of(session, person_id=person.user_id)[0]

        with pytest.raises(NotFoundError):
            commands.change_supporter(
                session,
                supporter_row_id=row.id,
                scopes=frozenset({Scope.SEE}),
                ceiling=None,
                ends_before=None,
                by=make.person(),
                at=NOON,
            )

    def test_a_supporter_without_the_permission_invites_nobody(
        self, session: Session, make: Make
    ) -> None:
        helper = make.supporter(person=make.person(name="Sam Hill"), scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError, match="Sam Hill has not let you change"):
            invite(session, helper)

    def test_who_is_nobody_s_supporter_is_not_found(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            commands.end_supporter(session, supporter_row_id=uuid4(), by=make.person(), at=NOON)
        with pytest.raises(NotFoundError):
            queries.supporter(session, supporter_row_id=uuid4())
