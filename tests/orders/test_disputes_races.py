"""Several at once about one query: one outcome, and the money moves once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import Flask

from marketplace.access.rules import Actor
from marketplace.budgets.queries import wallet
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Answer, AnswerQuery, DecideQuery, QueryVisit, SayMore
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules.disputes import Outcome
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal
from tests.orders.test_races import together

LATER = TOMORROW + timedelta(days=1)


def with_council(make: Make) -> tuple[Deal, QueryVisit]:
    """Let £20.00 of £30.00 be offered for a visit, and the council be asked all the same."""
    deal = make.accepted()
    wish = QueryVisit(visit_id=make.noted(deal), words="Only an hour.")
    offer = AnswerQuery(query_id=wish.query_id, answer=Answer.OFFER, amount=Money(20_00))
    ask = SayMore(query_id=wish.query_id, words="")
    with transaction() as session:
        commands.query_visit(session, wish, by=deal.person, at=TOMORROW)
        commands.answer_query(session, offer, by=deal.provider, at=TOMORROW)
        commands.ask_council_to_decide(session, ask, by=deal.person, at=TOMORROW)
    return deal, wish


def tried(deed: Callable[[], None]) -> bool:
    """Tell whether a deed was the one that counted."""
    try:
        deed()
    except WrongStateError:
        return False
    return True


def take(wish: QueryVisit, by: Actor) -> None:
    with transaction() as session:
        commands.take_offer(session, query_id=wish.query_id, shown=Money(20_00), by=by, at=LATER)


def decide(wish: QueryVisit, by: Actor) -> None:
    nothing = DecideQuery(query_id=wish.query_id, outcome=Outcome.NOTHING, reason="So.")
    with transaction() as session:
        commands.decide_query(session, nothing, by=by, at=LATER)


def withdraw(wish: QueryVisit, by: Actor) -> None:
    with transaction() as session:
        commands.withdraw_query(session, query_id=wish.query_id, by=by, at=LATER)


def test_a_person_who_accepts_while_the_council_decides_makes_one_outcome(
    app: Flask, make: Make
) -> None:
    for _ in range(3):
        deal, wish = with_council(make)

        counted = together(
            [
                partial(tried, partial(take, wish, deal.person)),
                partial(tried, partial(decide, wish, deal.funded.practitioner)),
            ]
            * 3
        )

        assert sum(map(bool, counted)) == 1
        with reading() as session:
            assert queries.problems(session) == []
            found = wallet(session, person_id=deal.funded.id, at=LATER)
        assert found.held == ZERO
        assert found.spent in {ZERO, Money(20_00)}
        assert found.available + found.spent == Money(100_00)


def test_taking_back_at_the_same_moment_pays_once(app: Flask, make: Make) -> None:
    deal, wish = with_council(make)

    together(
        [
            *[partial(tried, partial(withdraw, wish, deal.person))] * 3,
            *[partial(tried, partial(decide, wish, deal.funded.practitioner))] * 3,
        ]
    )

    with reading() as session:
        assert queries.problems(session) == []
        found = wallet(session, person_id=deal.funded.id, at=LATER)
    assert found.spent in {ZERO, Money(30_00)}
    assert found.available + found.spent == Money(100_00)
