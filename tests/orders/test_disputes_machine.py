"""Whatever is done about queries in whatever order: no penny is lost, nobody is paid early."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.budgets.queries import find_hold, wallet
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import (
    Answer,
    AnswerQuery,
    DecideQuery,
    NoteDelivery,
    QueryVisit,
    SayMore,
)
from marketplace.orders.models import Dispute
from marketplace.orders.rules import NoteKind, add_up
from marketplace.orders.rules.disputes import ENDED, Outcome, Remedy
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal
from tests.pace import in_ci_or_hurry

AT = TOMORROW + timedelta(days=8)
FAR = AT + timedelta(days=40)

Deed = Callable[[Session, Deal, QueryVisit, Money], object]


def _answer(answer: Answer) -> Deed:
    def deed(session: Session, deal: Deal, wish: QueryVisit, amount: Money) -> None:
        new_at = AT + timedelta(days=1, minutes=amount.pence % 600)
        reply = AnswerQuery(
            query_id=wish.query_id,
            answer=answer,
            amount=amount if answer is Answer.OFFER else None,
            words="So it was.",
            new_at=new_at,
        )
        commands.answer_query(session, reply, by=deal.provider, at=AT)

    return deed


def _take(session: Session, deal: Deal, wish: QueryVisit, amount: Money) -> None:
    found = queries.query_for(session, query_id=wish.query_id, seen_by=deal.person, at=AT)
    shown = found.offered or amount
    commands.take_offer(session, query_id=wish.query_id, shown=shown, by=deal.person, at=AT)


def _decide(session: Session, deal: Deal, wish: QueryVisit, amount: Money) -> None:
    outcome = list(Outcome)[amount.pence % 3]
    decide = DecideQuery(query_id=wish.query_id, outcome=outcome, amount=amount, reason="So.")
    commands.decide_query(session, decide, by=deal.funded.practitioner, at=AT)


def _correct(session: Session, deal: Deal, wish: QueryVisit, amount: Money) -> None:
    kinds = [NoteKind.FULL, NoteKind.PART, NoteKind.MISSED]
    note = NoteDelivery(
        visit_id=wish.visit_id, note_kind=kinds[amount.pence % 3], part=1 + amount.pence % 99
    )
    commands.correct_note(session, note, by=deal.provider, at=AT)


DEEDS: dict[str, Deed] = {
    "accept": _answer(Answer.ACCEPT),
    "offer": _answer(Answer.OFFER),
    "disagree": _answer(Answer.DISAGREE),
    "take": _take,
    "decide": _decide,
    "correct": _correct,
    "council": lambda session, deal, wish, _: commands.ask_council_to_decide(
        session, SayMore(query_id=wish.query_id, words=""), by=deal.person, at=AT
    ),
    "silence": lambda session, _deal, wish, _: commands.pass_on_silent(
        session, query_id=wish.query_id, at=FAR
    ),
    "withdraw": lambda session, deal, wish, _: commands.withdraw_query(
        session, query_id=wish.query_id, by=deal.person, at=AT
    ),
    "confirm": lambda session, deal, wish, _: commands.confirm_visits(
        session, order_id=deal.order_id, visit_ids=[wish.visit_id], by=deal.person, at=AT
    ),
    "wait": lambda session, _deal, _wish, _: commands.tell_and_confirm_silent(session, at=FAR),
    "again": lambda session, deal, wish, amount: commands.query_visit(
        session,
        QueryVisit(visit_id=wish.visit_id, words="Still.", remedy=Remedy.PART_DUE, amount=amount),
        by=deal.person,
        at=AT,
    ),
}

MOVES = st.lists(
    st.tuples(
        st.sampled_from([0, 1]), st.sampled_from(sorted(DEEDS)), st.integers(1, 40_00).map(Money)
    ),
    max_size=10,
)


@pytest.mark.sqlite_only
@settings(
    max_examples=in_ci_or_hurry(40, 12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    remedies=st.tuples(st.sampled_from(Remedy), st.sampled_from(Remedy)),
    asked=st.integers(1, 29_99).map(Money),
    moves=MOVES,
)
def test_paid_back_and_held_are_always_what_was_set_aside(
    session: Session,
    make: Make,
    remedies: tuple[Remedy, Remedy],
    asked: Money,
    moves: list[tuple[int, str, Money]],
) -> None:
    deal = make.accepted(make.placed(visits=2, funded=make.funded_person()))
    wishes = []
    for number, remedy in enumerate(remedies, start=1):
        visit_id = make.noted(deal, visit=number, at=TOMORROW + timedelta(days=7))
        wish = QueryVisit(
            visit_id=visit_id,
            words="Not right.",
            remedy=remedy,
            amount=asked if remedy is Remedy.PART_DUE else None,
        )
        commands.query_visit(session, wish, by=deal.person, at=AT)
        wishes.append(wish)

    for which, name, amount in moves:
        try:
            with session.begin_nested():
                DEEDS[name](session, deal, wishes[which], amount)
        except DomainError:
            pass
        _holds_together(session, deal)


def _holds_together(session: Session, deal: Deal) -> None:
    assert queries.problems(session) == []
    hold = find_hold(session, order_id=deal.order_id)
    assert hold is not None
    assert hold.captured + hold.released + hold.open == Money(60_00)
    found = wallet(session, person_id=deal.funded.id, at=AT)
    assert found.available + found.held + found.spent == Money(100_00)
    for dispute in session.query(Dispute).filter_by(order_id=deal.order_id):
        if dispute.settled is not None:
            assert dispute.back is not None
            assert dispute.settled + dispute.back == dispute.stake == Money(30_00)
            assert ZERO <= dispute.settled <= dispute.claimed
        assert (dispute.state in ENDED) == (dispute.live_visit_id is None)
    live = session.query(Dispute).filter(
        Dispute.order_id == deal.order_id, Dispute.live_visit_id.is_not(None)
    )
    assert hold.open >= add_up(dispute.stake for dispute in live)
