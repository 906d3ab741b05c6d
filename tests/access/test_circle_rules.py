"""How circles decide, what supporters earn, and what a person agrees to before a broker acts."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import commands, queries
from marketplace.access.commands import ChooseCircleRule, DecideFamily, Declare, InviteSupporter
from marketplace.access.errors import CircleTooSmallError, DeclarationError, InvitationError
from marketplace.access.queries import NamedStore
from marketplace.access.rules import (
    Actor,
    Basis,
    FeePer,
    Role,
    Scope,
    fee_words,
    stuck_suggester,
    waits_for_a_yes,
)
from marketplace.audit.queries import deeds_of
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from tests.conftest import NOON
from tests.factories import Make

PEOPLE = [UUID(int=number) for number in range(1, 5)]


class TestRules:
    @given(
        yeses=st.integers(1, 2),
        suggesters=st.sets(st.sampled_from(PEOPLE)),
        approvers=st.sets(st.sampled_from(PEOPLE)),
    )
    def test_find_whoever_could_never_be_agreed_with(
        self, yeses: int, suggesters: set[UUID], approvers: set[UUID]
    ) -> None:
        stuck = stuck_suggester(yeses, suggesters=suggesters, approvers=approvers)

        fine = [one for one in suggesters if yeses <= 1 + len(approvers - {one})]
        assert (stuck is None) == (len(fine) == len(suggesters))
        assert stuck is None or stuck in suggesters - set(fine)

    @pytest.mark.parametrize(
        ("asks_from", "waits"),
        [(None, False), (Money(0), True), (Money(30_00), True), (Money(30_01), False)],
    )
    def test_ask_from_an_amount_on(self, asks_from: Money | None, waits: bool) -> None:  # noqa: FBT001
        assert waits_for_a_yes(Money(30_00), asks_from=asks_from) is waits

    @pytest.mark.parametrize(
        ("per", "amount", "percent", "words"),
        [
            (FeePer.NOTHING, None, None, "no fee"),
            (FeePer.HOUR, Money(25_00), None, "£25.00 an hour"),
            (FeePer.MONTH, Money(25_00), None, "£25.00 a month"),
            (FeePer.YEAR, Money(25_00), None, "£25.00 a year"),
            (FeePer.ONCE, Money(25_00), None, "£25.00, once"),
            (FeePer.PERCENT, None, 5, "5% of the budget"),
        ],
    )
    def test_write_a_fee(
        self, per: FeePer, amount: Money | None, percent: int | None, words: str
    ) -> None:
        assert fee_words(per, amount=amount, percent=percent) == words
        assert per.label


def choose(session: Session, by: Actor, yeses: int, asks_from: Money | None = None) -> None:
    commands.choose_circle_rule(
        session, ChooseCircleRule(yeses=yeses, asks_from=asks_from), by=by, at=NOON
    )


def letters(session: Session, template: str) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.template == template)))


class TestCircleRule:
    def test_is_one_yes_until_somebody_chooses(self, session: Session, make: Make) -> None:
        person = make.person()
        before = queries.circle_rule(session, person_id=person.user_id)

        choose(session, person, 2, Money(0))
        after = queries.circle_rule(session, person_id=person.user_id)
        choose(session, person, 1)

        assert (before.yeses, before.asks_from) == (1, None)
        assert (after.yeses, after.asks_from) == (2, Money(0))
        assert queries.circle_rule(session, person_id=person.user_id).yeses == 1

    def test_of_two_is_refused_where_nobody_could_say_the_second(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(name="Ann Hill")
        scopes = [Scope.PROPOSE, Scope.APPROVE]
        make.supporter(person=person, scopes=scopes, name="Mo Reed")

        with pytest.raises(CircleTooSmallError, match="If Mo Reed suggests something, only Ann"):
            choose(session, person, 2)
        make.supporter(person=person, scopes=[Scope.APPROVE], name="Bea Lane")
        choose(session, person, 2)

        assert queries.circle_rule(session, person_id=person.user_id).yeses == 2
        assert queries.who_gets_stuck(session, person_id=person.user_id, yeses=2, at=NOON) == ""

    def test_is_chosen_by_a_supporter_who_may_and_the_person_is_told(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        manager = make.supporter(person=person, scopes=[Scope.MANAGE_CIRCLE], name="Mo Reed")
        other = make.supporter(person=person, scopes=[Scope.PAY])

        choose(session, manager, 1, Money(40_00))
        choose(session, manager, 1, Money(40_00))

        assert [one.subject for one in letters(session, "circle_rule")] == [
            "Mo Reed changed how your circle decides"
        ]
        with pytest.raises(NotAllowedError):
            choose(session, other, 1)
        deeds = [deed.what for deed in deeds_of(session, chain_id=person.user_id)]
        assert deeds.count("circle-rule-chosen") == 1


def invited(session: Session, make: Make, person: Actor, basis: Basis) -> tuple[Actor, UUID]:
    helper = make.person(name="Bo Marsh")
    wish = InviteSupporter(
        email=make.email_of(helper),
        basis=basis,
        scopes=frozenset({Scope.PAY}),
        invitation_id=uuid4(),
    )
    return helper, commands.invite_supporter(session, wish, by=person, at=NOON)


def may_pay(session: Session, helper: Actor, person: Actor) -> bool:
    return queries.authority(
        session, user_id=helper.user_id, person_id=person.user_id, at=NOON
    ).may_pay


class TestBroker:
    def test_acts_once_the_person_has_seen_the_fee_and_said_yes(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        broker, row_id = invited(session, make, person, Basis.BROKER)
        store = NamedStore(make.provider(name="Bo Cares").works_for, "Bo Cares")
        said = Declare(
            supporter_row_id=row_id,
            fee_per=FeePer.HOUR,
            fee=Money(25_00),
            sells=True,
            stores=(store,),
        )

        with pytest.raises(InvitationError, match="First say what you charge"):
            commands.accept_invitation(session, supporter_row_id=row_id, by=broker, at=NOON)
        with pytest.raises(InvitationError, match="First say what you charge"):
            commands.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=NOON)
        with pytest.raises(InvitationError, match="have not answered"):
            commands.agree_to_broker(session, supporter_row_id=row_id, by=person, at=NOON)
        commands.declare(session, said, by=broker, at=NOON)
        commands.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=NOON)
        commands.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=NOON)
        between = may_pay(session, broker, person)
        shown = queries.declarations_of(session, supporter_row_ids=[row_id])[row_id]
        commands.agree_to_broker(session, supporter_row_id=row_id, by=person, at=NOON)
        commands.agree_to_broker(session, supporter_row_id=row_id, by=person, at=NOON)

        assert (between, may_pay(session, broker, person)) == (False, True)
        assert (shown.fee_in_words, shown.stores) == ("£25.00 an hour", (store,))
        assert [one.values["fee"] for one in letters(session, "broker_offered")] == [
            "£25.00 an hour"
        ]

    def test_does_not_agree_to_themself(self, session: Session, make: Make) -> None:
        person, other = make.person(), make.person()
        broker, row_id = invited(session, make, person, Basis.BROKER)
        commands.declare(session, Declare(supporter_row_id=row_id), by=broker, at=NOON)
        commands.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=NOON)
        hat = Actor(
            user_id=broker.user_id,
            name=broker.name,
            role=Role.SUPPORTER,
            person_id=person.user_id,
            scopes=frozenset({Scope.MANAGE_CIRCLE}),
        )

        for by in (hat, make.supporter(person=person, scopes=[Scope.PAY])):
            with pytest.raises(NotAllowedError):
                commands.agree_to_broker(session, supporter_row_id=row_id, by=by, at=NOON)
        with pytest.raises(NotFoundError):
            commands.agree_to_broker(session, supporter_row_id=row_id, by=other, at=NOON)

    def test_can_be_said_no_to(self, session: Session, make: Make) -> None:
        person = make.person()
        broker, row_id = invited(session, make, person, Basis.BROKER)
        commands.declare(session, Declare(supporter_row_id=row_id), by=broker, at=NOON)
        commands.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=NOON)

        commands.end_supporter(session, supporter_row_id=row_id, by=person, at=NOON)

        assert not may_pay(session, broker, person)
        assert letters(session, "supporter_ended") == []


class TestDeclare:
    def test_keeps_every_word_and_tells_of_changes(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.PAY], name="Mo Reed")
        row_id = place_of(session, person, helper)
        first = Declare(supporter_row_id=row_id, family=True)

        commands.declare(session, first, by=helper, at=NOON)
        commands.declare(session, first, by=helper, at=NOON)
        changed = Declare(supporter_row_id=row_id, fee_per=FeePer.PERCENT, fee_percent=5)
        commands.declare(session, changed, by=helper, at=NOON + timedelta(days=1))

        now = queries.declarations_of(session, supporter_row_ids=[row_id])[row_id]
        assert (now.fee_in_words, now.family) == ("5% of the budget", False)
        told = letters(session, "terms_declared")
        assert sorted(one.values["fee"] for one in told) == ["", "5% of the budget"]
        deeds = [deed.what for deed in deeds_of(session, chain_id=person.user_id)]
        assert deeds.count("terms-declared") == 2

    @pytest.mark.parametrize(
        ("wish", "sentence"),
        [
            ({"fee_per": FeePer.HOUR}, "Enter how much you charge"),
            ({"fee": Money(5_00)}, "Say for what you charge"),
            ({"fee_percent": 5}, "Say for what you charge"),
            ({"fee_per": FeePer.PERCENT}, "between 1 and 100"),
            ({"fee_per": FeePer.PERCENT, "fee_percent": 101}, "between 1 and 100"),
            ({"sells": True}, "Name the stores"),
            ({"words": "x" * 501}, "at most 500"),
        ],
    )
    def test_refuses_half_a_word(
        self, session: Session, make: Make, wish: dict[str, object], sentence: str
    ) -> None:
        person = make.person()
        helper = make.supporter(person=person)
        row_id = place_of(session, person, helper)

        with pytest.raises(DeclarationError, match=sentence):
            commands.declare(
                session,
                Declare(supporter_row_id=row_id, **wish),  # type: ignore[arg-type]
                by=helper,
                at=NOON,
            )

    def test_is_for_ones_own_place_alone(self, session: Session, make: Make) -> None:
        person = make.person()
        helper, other = make.supporter(person=person), make.supporter(person=person)
        row_id = place_of(session, person, helper)

        for by in (other, person):
            with pytest.raises(NotFoundError):
                commands.declare(session, Declare(supporter_row_id=row_id), by=by, at=NOON)
        commands.end_supporter(session, supporter_row_id=row_id, by=person, at=NOON)
        with pytest.raises(NotFoundError):
            commands.declare(session, Declare(supporter_row_id=row_id), by=helper, at=NOON)


def place_of(session: Session, person: Actor, helper: Actor) -> UUID:
    rows = queries.circle_of(session, person_id=person.user_id)
    return next(row.id for row in rows if row.supporter_id == helper.user_id)


class TestEnding:
    def test_tells_the_person_where_to_see_the_orders(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, name="Mo Reed")
        row_id = place_of(session, person, helper)

        commands.end_supporter(session, supporter_row_id=row_id, by=helper, at=NOON)
        commands.end_supporter(session, supporter_row_id=row_id, by=person, at=NOON)

        told = letters(session, "supporter_ended")
        assert [(one.to, one.values["row_id"]) for one in told] == [
            (make.email_of(person), str(row_id))
        ]

    def test_comes_with_a_second_invitation_that_is_accepted(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        helper, first = invited(session, make, person, Basis.HELPER)
        commands.accept_invitation(session, supporter_row_id=first, by=helper, at=NOON)
        wish = InviteSupporter(
            email=make.email_of(helper),
            basis=Basis.DEPUTY,
            scopes=frozenset({Scope.SEE}),
            invitation_id=uuid4(),
        )
        second = commands.invite_supporter(session, wish, by=person, at=NOON)
        commands.accept_invitation(session, supporter_row_id=second, by=helper, at=NOON)

        hats = queries.hats_of(session, user_id=helper.user_id, at=NOON)
        assert [hat.scopes for hat in hats if hat.acts_for_another] == [frozenset({Scope.SEE})]
        assert not may_pay(session, helper, person)


class TestFamily:
    def test_is_declared_and_ended_by_the_person(self, session: Session, make: Make) -> None:
        person, other = make.person(), make.person()
        store = NamedStore(make.provider().works_for, "Amber Lane")
        wish = {"carer_id": uuid4(), "store": store, "at": NOON}

        commands.declare_family_carer(session, who="My sister", by=person, **wish)  # type: ignore[arg-type]
        commands.declare_family_carer(session, who="My sister", by=person, **wish)  # type: ignore[arg-type]
        rows = queries.family_carers_of(session, person_ids=[person.user_id])

        assert [(row.who, row.provider_name) for row in rows] == [("My sister", "Amber Lane")]
        with pytest.raises(NotFoundError):
            commands.end_family_carer(session, carer_id=rows[0].id, by=other, at=NOON)
        for _ in range(2):
            commands.end_family_carer(session, carer_id=rows[0].id, by=person, at=NOON)
        assert queries.family_carers_of(session, person_ids=[person.user_id]) == []

    def test_needs_a_name_and_the_right_to_look_after_the_circle(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.PAY])
        wish = {"carer_id": uuid4(), "store": NamedStore(uuid4(), "Amber"), "at": NOON}

        with pytest.raises(DeclarationError):
            commands.declare_family_carer(session, who="  ", by=person, **wish)  # type: ignore[arg-type]
        with pytest.raises(NotAllowedError):
            commands.declare_family_carer(session, who="Sue", by=helper, **wish)  # type: ignore[arg-type]
        with pytest.raises(NotAllowedError):
            commands.end_family_carer(session, carer_id=uuid4(), by=helper, at=NOON)

    def test_is_decided_by_the_council_and_the_last_answer_counts(
        self, session: Session, make: Make
    ) -> None:
        person, practitioner = make.person(), make.practitioner()
        provider_id = make.provider().works_for

        def decide(by: Actor, reason: str, *, agreed: bool) -> None:
            wish = DecideFamily(
                person_id=person.user_id, provider_id=provider_id, agreed=agreed, reason=reason
            )
            commands.decide_on_family(session, wish, by=by, at=NOON)

        decide(practitioner, "Not needed.", agreed=False)
        decide(practitioner, "It suits them.", agreed=True)
        decide(practitioner, "It suits them.", agreed=True)

        answers = queries.family_answers(
            session, person_ids=[person.user_id], council_id=practitioner.works_for
        )
        answer = answers[person.user_id, provider_id]
        assert (answer.agreed, answer.reason) == (True, "It suits them.")
        with pytest.raises(DeclarationError):
            decide(practitioner, " ", agreed=True)
        with pytest.raises(NotAllowedError):
            decide(person, "Mine.", agreed=True)
