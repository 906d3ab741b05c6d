"""The council settles a query: who may, what both read, and what becomes of the money."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.rules import Actor, Basis, Role, Scope, own_hat
from marketplace.budgets.queries import wallet
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import (
    Answer,
    AnswerQuery,
    AskSide,
    DecideQuery,
    QueryVisit,
    SayMore,
)
from marketplace.orders.errors import ConflictedError, DisputeRefusedError, WrongStateError
from marketplace.orders.rules.disputes import DisputeState, Outcome, Side, StepKind
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal

LATER = TOMORROW + timedelta(days=2)


def with_council(session: Session, make: Make) -> tuple[Deal, QueryVisit, Actor]:
    """Let a visit of £30.00 be queried, the provider disagree, and the council be asked."""
    deal = make.accepted()
    wish = QueryVisit(visit_id=make.noted(deal), words="Only an hour.")
    commands.query_visit(session, wish, by=deal.person, at=TOMORROW)
    no = AnswerQuery(query_id=wish.query_id, answer=Answer.DISAGREE, words="We were there.")
    commands.answer_query(session, no, by=deal.provider, at=TOMORROW)
    ask = SayMore(query_id=wish.query_id, words="Please decide.")
    commands.ask_council_to_decide(session, ask, by=deal.person, at=TOMORROW)
    return deal, wish, deal.funded.practitioner


def supports(session: Session, make: Make, officer: Actor, person: Actor) -> None:
    """Let somebody of the council come into a person's circle."""
    wish = access.InviteSupporter(
        email=make.email_of(officer),
        basis=Basis.HELPER,
        scopes=frozenset({Scope.SEE}),
        invitation_id=uuid4(),
    )
    row_id = access.invite_supporter(session, wish, by=person, at=TOMORROW)
    helper = own_hat(officer.user_id, officer.name)
    access.accept_invitation(session, supporter_row_id=row_id, by=helper, at=TOMORROW)


def money(session: Session, deal: Deal) -> tuple[Money, Money, Money]:
    """Return what somebody has to spend, set aside and spent; the books must fit."""
    assert queries.problems(session) == []
    found = wallet(session, person_id=deal.funded.id, at=LATER)
    return found.available, found.held, found.spent


class TestDecide:
    @pytest.mark.parametrize(
        ("outcome", "amount", "left"),
        [
            (Outcome.FULL, None, (Money(70_00), ZERO, Money(30_00))),
            (Outcome.PART, Money(10_01), (Money(89_99), ZERO, Money(10_01))),
            (Outcome.NOTHING, None, (Money(100_00), ZERO, ZERO)),
        ],
    )
    def test_pays_what_was_decided_and_gives_the_rest_back(
        self,
        session: Session,
        make: Make,
        outcome: Outcome,
        amount: Money | None,
        left: tuple[Money, Money, Money],
    ) -> None:
        deal, wish, officer = with_council(session, make)
        decide = DecideQuery(
            query_id=wish.query_id, outcome=outcome, amount=amount, reason="The note says so."
        )

        commands.decide_query(session, decide, by=officer, at=LATER)
        commands.decide_query(session, decide, by=officer, at=LATER)

        assert money(session, deal) == left
        found = queries.query_for(session, query_id=wish.query_id, seen_by=deal.provider, at=LATER)
        last = found.steps[-1]
        assert (last.kind, last.words) == (StepKind.DECIDED, "The note says so.")
        assert last.who.startswith("Priya Nair, ")
        assert found.row.ended_by_name == "Priya Nair"

    def test_needs_a_reason_and_a_part_that_can_be(self, session: Session, make: Make) -> None:
        _, wish, officer = with_council(session, make)

        for outcome, amount, reason, sentence in (
            (Outcome.NOTHING, None, " ", "Say why"),
            (Outcome.PART, None, "So.", r"less than £30\.00"),
            (Outcome.PART, Money(30_00), "So.", r"less than £30\.00"),
            (Outcome.AGAIN, None, "So.", "Choose what is paid"),
        ):
            decide = DecideQuery(
                query_id=wish.query_id, outcome=outcome, amount=amount, reason=reason
            )
            with pytest.raises(DisputeRefusedError, match=sentence):
                commands.decide_query(session, decide, by=officer, at=LATER)

    def test_is_not_for_somebody_with_a_part_in_it(self, session: Session, make: Make) -> None:
        deal, wish, officer = with_council(session, make)
        decide = DecideQuery(query_id=wish.query_id, outcome=Outcome.FULL, reason="So.")
        supports(session, make, officer, deal.person)

        with pytest.raises(ConflictedError, match="You support this person"):
            commands.decide_query(session, decide, by=officer, at=LATER)
        seen = queries.query_for(session, query_id=wish.query_id, seen_by=officer, at=LATER)
        assert seen.why_not_decide.startswith("You support this person")
        more = SayMore(query_id=wish.query_id, words="I am sure that they are right.")
        with pytest.raises(ConflictedError, match="You support this person"):
            commands.say_more(session, more, by=officer, at=LATER)

    def test_is_not_for_somebody_who_works_for_the_provider(
        self, session: Session, make: Make
    ) -> None:
        deal, wish, _ = with_council(session, make)
        council_id = deal.funded.council_id
        both = make.staff(organisation_id=council_id, role=Role.PRACTITIONER)
        access.add_membership(
            session,
            user_id=both.user_id,
            organisation_id=deal.provider.works_for,
            organisation_name="Work",
            role=Role.PROVIDER_WORKER,
            by_user_id=None,
            at=LATER,
        )
        decide = DecideQuery(query_id=wish.query_id, outcome=Outcome.FULL, reason="So.")

        with pytest.raises(ConflictedError, match="You work for this provider"):
            commands.decide_query(session, decide, by=both, at=LATER)

    def test_is_for_the_council_that_pays_once_it_was_asked(
        self, session: Session, make: Make
    ) -> None:
        deal, wish, _ = with_council(session, make)
        decide = DecideQuery(query_id=wish.query_id, outcome=Outcome.FULL, reason="So.")
        elsewhere = make.practitioner()
        finance = make.staff(organisation_id=deal.funded.council_id, role=Role.FINANCE_OFFICER)

        for stranger in (elsewhere, finance, deal.person, deal.provider):
            with pytest.raises(NotFoundError):
                commands.decide_query(session, decide, by=stranger, at=LATER)

    def test_comes_too_late_once_the_person_took_an_offer(
        self, session: Session, make: Make
    ) -> None:
        deal, wish, officer = with_council(session, make)
        offer = AnswerQuery(query_id=wish.query_id, answer=Answer.OFFER, amount=Money(20_00))
        commands.answer_query(session, offer, by=deal.provider, at=LATER)
        commands.take_offer(
            session, query_id=wish.query_id, shown=Money(20_00), by=deal.person, at=LATER
        )
        decide = DecideQuery(query_id=wish.query_id, outcome=Outcome.FULL, reason="So.")

        with pytest.raises(WrongStateError, match="This has ended"):
            commands.decide_query(session, decide, by=officer, at=LATER)
        assert money(session, deal) == (Money(80_00), ZERO, Money(20_00))


class TestAskSide:
    def test_a_question_is_read_by_all_and_answered_there(
        self, session: Session, make: Make
    ) -> None:
        deal, wish, officer = with_council(session, make)
        ask = AskSide(query_id=wish.query_id, side=Side.PROVIDER, words="Who came?")

        commands.ask_side(session, ask, by=officer, at=LATER)
        commands.ask_side(session, ask, by=officer, at=LATER)
        more = SayMore(query_id=wish.query_id, words="Wren did.")
        commands.say_more(session, more, by=deal.provider, at=LATER)

        found = queries.query_for(session, query_id=wish.query_id, seen_by=deal.person, at=LATER)
        assert [(step.kind, step.words) for step in found.steps[-2:]] == [
            (StepKind.QUESTION, "Who came?"),
            (StepKind.WROTE, "Wren did."),
        ]

    def test_is_for_one_of_the_two(self, session: Session, make: Make) -> None:
        _, wish, officer = with_council(session, make)
        ask = AskSide(query_id=wish.query_id, side=Side.COUNCIL, words="Who came?")

        with pytest.raises(DisputeRefusedError, match="Choose whom"):
            commands.ask_side(session, ask, by=officer, at=LATER)


class TestSilence:
    @pytest.mark.parametrize("answer", [None, Answer.DISAGREE])
    def test_of_either_side_asks_the_council_and_tells_both(
        self, session: Session, make: Make, answer: Answer | None
    ) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.noted(deal), words="Only an hour.")
        commands.query_visit(session, wish, by=deal.person, at=TOMORROW)
        if answer:
            no = AnswerQuery(query_id=wish.query_id, answer=answer, words="We were there.")
            commands.answer_query(session, no, by=deal.provider, at=TOMORROW)
        on_the_last_day, after = TOMORROW + timedelta(days=7), TOMORROW + timedelta(days=8)

        assert queries.silent_disputes(session, at=on_the_last_day) == []
        assert not commands.pass_on_silent(session, query_id=wish.query_id, at=on_the_last_day)
        assert queries.silent_disputes(session, at=after) == [wish.query_id]
        assert commands.pass_on_silent(session, query_id=wish.query_id, at=after)
        assert not commands.pass_on_silent(session, query_id=wish.query_id, at=after)

        waiting = queries.queries_to_mediate(session, council_id=deal.funded.council_id)
        assert [row.state for row in waiting] == [DisputeState.COUNCIL]
        subject = "The council is asked to decide"
        told = {letter.to for letter in session.query(Letter).filter_by(subject=subject)}
        sides = (deal.person, deal.provider, deal.funded.practitioner)
        assert told == {make.email_of(side) for side in sides}
        assert money(session, deal) == (Money(70_00), Money(30_00), ZERO)

    def test_of_the_provider_leaves_time_before_the_person_may_ask(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.noted(deal), words="Only an hour.")
        commands.query_visit(session, wish, by=deal.person, at=TOMORROW)
        ask = SayMore(query_id=wish.query_id, words="")

        with pytest.raises(WrongStateError, match="still has time"):
            commands.ask_council_to_decide(session, ask, by=deal.person, at=LATER)
