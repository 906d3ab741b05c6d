"""An order that nobody answers ends by itself, and its money comes back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import expired_holds, wallet
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands
from marketplace.orders.rules import ANSWER_WITHIN, OrderState
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import Deal

LATER = PAID_IN + ANSWER_WITHIN


def close_all(session: Session, at: datetime) -> int:
    """Do what the worker does, in one transaction."""
    order_ids = expired_holds(session, at=at)
    for order_id in order_ids:
        commands.close_unanswered(session, order_id=order_id, at=at)
    return len(order_ids)


def state(make: Make, deal: Deal) -> OrderState:
    """Return what became of the order."""
    return make.order(deal, at=LATER).state


def test_nothing_ends_before_its_time(session: Session, make: Make) -> None:
    deal = make.placed()

    assert close_all(session, LATER - timedelta(seconds=1)) == 0
    assert state(make, deal) is OrderState.PLACED


def test_it_ends_with_its_money_back_and_both_told(session: Session, make: Make) -> None:
    deal = make.placed()

    assert close_all(session, LATER) == 1
    assert close_all(session, LATER) == 0

    money = wallet(session, person_id=deal.person.buys_for, at=LATER)
    assert (state(make, deal), money.held) == (OrderState.CANCELLED, ZERO)
    assert make.order(deal, at=LATER).reason == "Nobody answered in time."
    subjects = set(session.scalars(select(Letter.subject)))
    assert "Nobody answered your order" in subjects


def test_an_accepted_order_keeps_its_money(session: Session, make: Make) -> None:
    deal = make.accepted()

    assert close_all(session, LATER) == 0
    assert wallet(session, person_id=deal.person.buys_for, at=LATER).held == Money(30_00)


def test_an_order_with_another_time_proposed_ends_too(session: Session, make: Make) -> None:
    deal = make.placed()
    wish = commands.ProposeChange(
        order_id=deal.order_id, first_at=PAID_IN + timedelta(days=2), words="I am free then."
    )
    commands.propose_change(session, wish, by=deal.provider, at=PAID_IN)

    assert close_all(session, LATER) == 1
    assert state(make, deal) is OrderState.CANCELLED
