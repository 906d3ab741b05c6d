"""Who is asked to let something through a limit once."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.commands import end_membership
from marketplace.access.rules import Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.errors import (
    AskedAlreadyError,
    BadLineError,
    OwnLimitError,
)
from marketplace.budgets.rules import LimitKind, LimitWindow, RequestState
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import PENCE_MAX, Money
from tests.budgets.asking import FORTY, answer, ask, letters, limit_of, state_of
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £500.00, who may spend £30.00 in a week."""
    limit = make.limit(window=LimitWindow.WEEK)
    return make.funded_person(to_spend=Money(500_00), limits=[limit])


@pytest.fixture
def seller(make: Make) -> UUID:
    """Return a provider."""
    return make.provider(name="Kettle Kitchen").works_for


class TestAsking:
    def test_writes_to_who_set_the_limit(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, _ = ask(session, make, funded, seller)

        (row,) = queries.requests_to_answer(session, by=funded.practitioner)
        assert (row.id, row.amount, row.provider_name) == (request_id, FORTY, "Kettle Kitchen")
        assert letters(session) == [
            (
                make.email_of(funded.practitioner),
                f"{funded.person.name} asks you to allow something once",
            )
        ]

    def test_twice_with_one_form_is_one_request(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, wish = ask(session, make, funded, seller)

        again = commands.ask_once(session, wish, by=funded.person, at=PAID_IN)

        assert (again, len(letters(session))) == (request_id, 1)

    def test_waits_for_the_answer_before_asking_the_same_again(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, _ = ask(session, make, funded, seller)

        with pytest.raises(AskedAlreadyError, match="they have not answered yet"):
            ask(session, make, funded, seller)
        commands.withdraw_request(session, request_id=request_id, by=funded.person, at=PAID_IN)
        ask(session, make, funded, seller)

    def test_goes_to_whoever_is_named(self, session: Session, make: Make, seller: UUID) -> None:
        funded = make.funded_person()
        uncle = make.supporter(person=funded.person, scopes=[Scope.APPROVE])
        wish = NewLimit(
            window=LimitWindow.ORDER,
            amount=Money(30_00),
            reason="Start small.",
            kind=LimitKind.ASK,
            asks_id=uncle.user_id,
        )
        commands.set_limit(
            session, line_id=funded.line_id, limit=wish, by=funded.practitioner, at=PAID_IN
        )

        request_id, _ = ask(session, make, funded, seller)

        assert queries.requests_to_answer(session, by=funded.practitioner) == []
        assert [row.id for row in queries.requests_to_answer(session, by=uncle)] == [request_id]
        with pytest.raises(NotFoundError):
            answer(session, request_id, funded.practitioner)
        answer(session, request_id, uncle)

    def test_goes_to_the_council_when_who_set_it_has_left(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
        end_membership(
            session,
            user_id=funded.practitioner.user_id,
            organisation_id=funded.council_id,
            role=Role.PRACTITIONER,
            by_user_id=None,
            at=PAID_IN,
        )

        request_id, _ = ask(session, make, funded, seller)

        (row,) = queries.requests_to_answer(session, by=colleague)
        assert row.answerer_name == "the council"
        answer(session, request_id, colleague)

    def test_by_a_supporter_goes_to_the_person_who_set_the_limit(
        self, session: Session, make: Make, seller: UUID
    ) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY])
        commands.set_limit(
            session, line_id=funded.line_id, limit=make.limit(), by=funded.person, at=PAID_IN
        )

        with pytest.raises(OwnLimitError, match="You set this limit yourself"):
            ask(session, make, funded, seller)
        request_id, _ = ask(session, make, funded, seller, by=helper)
        answer(session, request_id, funded.person)

        assert letters(session)[0][0] == make.email_of(funded.person)
        assert state_of(session, request_id, helper) is RequestState.AGREED

    def test_goes_past_whoever_may_not_say_yes_to_so_much(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        """Jo is named, and may say yes to £20.00: so who set the limit is asked about £40.00."""
        jo = make.supporter(
            person=funded.person, scopes=[Scope.APPROVE], ceiling=Money(20_00), name="Jo Reed"
        )
        wish = replace(make.limit(Money(10_00)), asks_id=jo.user_id)
        limit_id = commands.set_limit(
            session, line_id=funded.line_id, limit=wish, by=funded.practitioner, at=PAID_IN
        )

        ask(session, make, funded, seller, limit_id=limit_id)

        assert [to for to, _ in letters(session)] == [make.email_of(funded.practitioner)]
        small = make.provider(name="Small Things").works_for
        request_id, _ = ask(session, make, funded, small, limit_id=limit_id, amount=Money(20_00))
        with pytest.raises(NotAllowedError, match=r"you may say yes to £19\.99 or less"):
            answer(session, request_id, replace(jo, ceiling=Money(19_99)))
        answer(session, request_id, jo)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"amount": Money(0)}, "amount"),
            ({"amount": Money(-1)}, "amount"),
            ({"amount": Money(PENCE_MAX + 1)}, "amount"),
            ({"words": " "}, "words"),
            ({"words": "x" * 301}, "words"),
            ({"what": ""}, "what"),
        ],
    )
    def test_refuses_what_cannot_be(
        self,
        session: Session,
        make: Make,
        funded: Funded,
        seller: UUID,
        change: dict[str, object],
        field: str,
    ) -> None:
        with pytest.raises(BadLineError) as refusal:
            ask(session, make, funded, seller, **change)

        assert refusal.value.field == field

    def test_is_refused_to_strangers_and_for_what_is_not_there(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        limit_id = limit_of(make, funded)
        sees = make.supporter(person=funded.person, scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError):
            ask(session, make, funded, seller, by=sees)
        with pytest.raises(NotFoundError):
            ask(session, make, funded, seller, by=make.person())
        with pytest.raises(NotFoundError):
            ask(session, make, funded, uuid4())
        with pytest.raises(NotFoundError):
            ask(session, make, funded, seller, limit_id=uuid4())
        request_id, wish = ask(session, make, funded, seller)
        stranger = make.funded_person(limits=[make.limit()])
        stolen = replace(wish, limit_id=limit_of(make, stranger))
        with pytest.raises(NotFoundError):
            commands.ask_once(session, stolen, by=stranger.person, at=PAID_IN)
        commands.end_limit(session, limit_id=limit_id, by=funded.practitioner, at=PAID_IN)
        with pytest.raises(NotFoundError, match="has ended"):
            ask(session, make, funded, seller, limit_id=limit_id)
        assert state_of(session, request_id, funded.person) is RequestState.WITHDRAWN
