"""Who may spend a person's money at one instant: one statement, asked where money moves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from marketplace.access import commands, queries
from marketplace.access.models import Supporter
from marketplace.access.queries import Authority
from marketplace.access.rules import Actor, Basis, Scope
from marketplace.kernel.lite import driver, is_lite
from marketplace.kernel.money import Money
from tests.conftest import NOON
from tests.factories import Make

TODAY = date(2026, 3, 4)
NOTHING = Authority(may_pay=False, may_approve=False)


def asked(session: Session, user: Actor, person: Actor) -> Authority:
    return queries.authority(session, user_id=user.user_id, person_id=person.user_id, at=NOON)


def end(session: Session, person: Actor, helper: Actor) -> None:
    row_id = session.scalar(select(Supporter.id).where(Supporter.supporter_id == helper.user_id))
    assert row_id is not None
    commands.end_supporter(session, supporter_row_id=row_id, by=person, at=NOON)


class TestAuthority:
    def test_is_whole_for_the_person_themself(self, session: Session, make: Make) -> None:
        person = make.person()

        assert asked(session, person, person) == Authority(may_pay=True, may_approve=True)

    @pytest.mark.parametrize(
        ("scopes", "may"),
        [
            ({Scope.PAY}, (True, False)),
            ({Scope.APPROVE}, (False, True)),
            ({Scope.PAY, Scope.APPROVE}, (True, True)),
            ({Scope.SEE, Scope.PLAN, Scope.PROPOSE, Scope.MANAGE_CIRCLE}, (False, False)),
        ],
    )
    def test_is_a_supporters_as_far_as_their_scopes(
        self, session: Session, make: Make, scopes: set[Scope], may: tuple[bool, bool]
    ) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=scopes, ceiling=Money(50_00))

        found = asked(session, helper, person)

        assert (found.may_pay, found.may_approve) == may
        assert found.ceiling == Money(50_00)
        assert found.reaches(Money(50_00))
        assert not found.reaches(Money(50_01))

    def test_is_nobodys_who_is_not_in_the_circle(self, session: Session, make: Make) -> None:
        person, other = make.person(), make.person()
        make.supporter(person=person, scopes={Scope.PAY})
        helper_of_other = make.supporter(person=other, scopes={Scope.PAY})

        assert asked(session, other, person) == NOTHING
        assert asked(session, helper_of_other, person) == NOTHING
        assert (
            queries.authority(session, user_id=uuid4(), person_id=person.user_id, at=NOON)
            == NOTHING
        )

    def test_waits_for_the_yes_of_whoever_is_invited(self, session: Session, make: Make) -> None:
        person, helper = make.person(), make.person(email="mo@mail.example")
        wish = commands.InviteSupporter(
            email="mo@mail.example",
            basis=Basis.HELPER,
            scopes=frozenset({Scope.PAY}),
            invitation_id=uuid4(),
        )
        commands.invite_supporter(session, wish, by=person, at=NOON)

        assert asked(session, helper, person) == NOTHING

    def test_ends_when_the_part_in_the_circle_is_ended(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes={Scope.PAY})

        end(session, person, helper)

        assert asked(session, helper, person) == NOTHING

    def test_lasts_to_the_end_of_the_last_day_in_london(self, session: Session, make: Make) -> None:
        person = make.person()
        last_today = make.supporter(
            person=person, scopes={Scope.PAY}, ends_before=TODAY + timedelta(days=1)
        )
        ended = make.supporter(person=person, scopes={Scope.PAY}, ends_before=TODAY)

        assert asked(session, last_today, person).may_pay
        assert asked(session, ended, person) == NOTHING

    def test_follows_the_clock_of_london_in_summer(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes={Scope.PAY}, ends_before=date(2026, 7, 2))
        late = NOON.replace(month=7, day=1, hour=22, minute=59)

        def may_pay(minutes: int) -> bool:
            return queries.authority(
                session,
                user_id=helper.user_id,
                person_id=person.user_id,
                at=late + timedelta(minutes=minutes),
            ).may_pay

        assert (may_pay(0), may_pay(1)) == (True, False)

    def test_ends_with_either_account(self, session: Session, make: Make) -> None:
        person, other = make.person(), make.person()
        helper = make.supporter(person=person, scopes={Scope.PAY})
        gone = make.supporter(person=other, scopes={Scope.PAY})
        for closing in (person, gone):
            commands.close_account(
                session, user_id=closing.user_id, by_user_id=closing.user_id, at=NOON
            )

        assert asked(session, person, person) == NOTHING
        assert asked(session, helper, person) == NOTHING
        assert asked(session, gone, other) == NOTHING

    def test_is_asked_with_one_statement(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes={Scope.PAY})
        seen: list[str] = []
        engine = session.get_bind()
        session.flush()

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        if is_lite(session):  # there the statement goes past the engine's events
            driver(session).set_trace_callback(seen.append)
        event.listen(engine, "before_cursor_execute", note)
        try:
            asked(session, helper, person)
        finally:
            event.remove(engine, "before_cursor_execute", note)
            if is_lite(session):
                driver(session).set_trace_callback(None)

        assert len(seen) == 1
