"""Who answers a request, and what a yes is good for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.models import User
from marketplace.access.rules import Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import (
    AnsweredAlreadyError,
    BadLineError,
    SpendRefusedError,
)
from marketplace.budgets.rules import LimitKind, LimitWindow, RequestState, Spend
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from tests.budgets.asking import FORTY, answer, ask, buy, letters
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


class TestAnswering:
    @pytest.mark.parametrize("kind", list(LimitKind))
    def test_a_yes_is_good_for_one_order(
        self, session: Session, make: Make, seller: UUID, kind: LimitKind
    ) -> None:
        limit = make.limit(window=LimitWindow.WEEK, kind=kind)
        funded = make.funded_person(to_spend=Money(500_00), limits=[limit])
        request_id, _ = ask(session, make, funded, seller)
        answer(session, request_id, funded.practitioner)

        with pytest.raises(SpendRefusedError):
            buy(session, funded, seller, Money(40_01))
        with pytest.raises(SpendRefusedError):
            buy(session, funded, uuid4())
        buy(session, funded, seller)
        with pytest.raises(SpendRefusedError):
            buy(session, funded, seller)

        used = queries.request_for(session, request_id=request_id, seen_by=funded.person)
        assert used.used_at == PAID_IN
        assert queries.requests_of(session, person_id=funded.id, at=PAID_IN) == []

    @pytest.mark.parametrize(
        ("at", "days", "over"),
        [
            # 14 days from 4 March; then past the change of the clocks on 29 March, and back.
            (PAID_IN, 14, datetime(2026, 3, 19, tzinfo=UTC)),
            (
                datetime(2026, 3, 28, 9, tzinfo=UTC),
                2,
                datetime(2026, 3, 30, 23, tzinfo=UTC),
            ),
            (
                datetime(2026, 10, 24, 9, tzinfo=UTC),
                1,
                datetime(2026, 10, 26, tzinfo=UTC),
            ),
        ],
    )
    def test_a_yes_runs_out_at_the_end_of_its_last_day(
        self,
        session: Session,
        make: Make,
        funded: Funded,
        at: datetime,
        days: int,
        over: datetime,
    ) -> None:
        seller = make.provider().works_for
        request_id, _ = ask(session, make, funded, seller, at=at)
        answer(session, request_id, funded.practitioner, days=days, at=at)

        (row,) = queries.requests_of(session, person_id=funded.id, at=over - timedelta(seconds=1))
        assert row.until == local_day(at) + timedelta(days=days)
        assert queries.requests_of(session, person_id=funded.id, at=over) == []
        with pytest.raises(SpendRefusedError):
            buy(session, funded, seller, at=over)
        buy(session, funded, seller, at=over - timedelta(seconds=1))

    def test_a_no_is_shown_with_its_reason(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, _ = ask(session, make, funded, seller)

        answer(session, request_id, funded.practitioner, agree=False, reason="Not this week.")

        (row,) = queries.requests_of(session, person_id=funded.id, at=PAID_IN)
        assert (row.state, row.reason) == (RequestState.TURNED_DOWN, "Not this week.")
        with pytest.raises(SpendRefusedError):
            buy(session, funded, seller)
        assert letters(session)[-1][0] == make.email_of(funded.person)

    def test_again_in_the_same_way_is_one_answer_and_otherwise_too_late(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
        request_id, _ = ask(session, make, funded, seller)

        for _ in range(2):
            answer(session, request_id, funded.practitioner)
        with pytest.raises(AnsweredAlreadyError, match="Priya Nair has said yes to this already"):
            answer(session, request_id, colleague, agree=False)
        with pytest.raises(AnsweredAlreadyError, match="Priya Nair has said yes"):
            commands.withdraw_request(session, request_id=request_id, by=funded.person, at=PAID_IN)
        assert len(letters(session)) == 2
        assert [row.id for row in queries.requests_answered(session, by=funded.practitioner)] == [
            request_id
        ]

    def test_is_never_for_who_asked(self, session: Session, make: Make, seller: UUID) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY, Scope.APPROVE])
        wish = replace(make.limit(), asks_id=helper.user_id)
        commands.set_limit(
            session, line_id=funded.line_id, limit=wish, by=funded.practitioner, at=PAID_IN
        )

        request_id, _ = ask(session, make, funded, seller, by=helper)

        assert queries.requests_to_answer(session, by=helper) == []
        with pytest.raises(NotFoundError):
            answer(session, request_id, helper)
        answer(session, request_id, funded.practitioner)

    def test_is_never_for_who_asked_in_another_hat_either(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
        hat = make.supporter(person=funded.person, scopes=[Scope.PAY])
        asking = replace(hat, user_id=colleague.user_id)
        request_id, _ = ask(session, make, funded, seller, by=asking)

        assert queries.requests_to_answer(session, by=colleague) == []
        with pytest.raises(NotAllowedError, match="somebody else has to answer"):
            answer(session, request_id, colleague)

    def test_writes_to_nobody_whose_account_was_closed(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PAY])
        request_id, _ = ask(session, make, funded, seller, by=helper)
        session.get_one(User, helper.user_id).closed_at = PAID_IN

        answer(session, request_id, funded.practitioner)

        assert [to for to, _ in letters(session)[1:]] == [make.email_of(funded.person)]

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"days": 0}, "days"), ({"days": 15}, "days"), ({"reason": ""}, "reason")],
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
        request_id, _ = ask(session, make, funded, seller)

        with pytest.raises(BadLineError) as refusal:
            answer(session, request_id, funded.practitioner, **change)

        assert refusal.value.field == field

    def test_is_refused_to_strangers(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, _ = ask(session, make, funded, seller)

        for by in (make.practitioner(), make.person(), funded.person):
            with pytest.raises(NotFoundError):
                answer(session, request_id, by)
        with pytest.raises(NotFoundError):
            answer(session, uuid4(), funded.practitioner)
        for by in (make.practitioner(), make.person()):
            with pytest.raises(NotFoundError):
                queries.request_for(session, request_id=request_id, seen_by=by)
            with pytest.raises(NotFoundError):
                commands.withdraw_request(session, request_id=request_id, by=by, at=PAID_IN)

    def test_a_request_taken_back_needs_no_answer(
        self, session: Session, make: Make, funded: Funded, seller: UUID
    ) -> None:
        request_id, _ = ask(session, make, funded, seller)

        for _ in range(2):
            commands.withdraw_request(session, request_id=request_id, by=funded.person, at=PAID_IN)

        with pytest.raises(AnsweredAlreadyError, match="taken back"):
            answer(session, request_id, funded.practitioner)


def test_a_basket_passes_only_with_the_order_that_was_agreed(
    session: Session, make: Make, funded: Funded, seller: UUID
) -> None:
    request_id, _ = ask(session, make, funded, seller)
    answer(session, request_id, funded.practitioner)

    def in_basket(*wanted: tuple[Money, UUID, UUID]) -> list[bool]:
        spends = [
            Spend.of(
                amount,
                order_id=order_id,
                council_id=funded.council_id,
                category="meals",
                provider_id=provider_id,
            )
            for amount, provider_id, order_id in wanted
        ]
        found = queries.may_buy(session, person_id=funded.id, spends=spends, at=PAID_IN)
        return [one.yes for one in found]

    order_id = uuid4()
    half = (Money(20_00), seller, order_id)
    assert in_basket((FORTY, seller, uuid4()), (FORTY, uuid4(), uuid4())) == [True, False]
    assert in_basket(half, half) == [True, True]
    assert in_basket(half, half, (Money(1_00), seller, order_id)) == [True, False, True]
