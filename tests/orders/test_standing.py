"""Standing orders: started, rolled week by week, changed, paused and ended."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from marketplace.budgets.queries import wallet
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import StartStanding
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN

TUESDAYS = Weekly(weekdays=frozenset({1}), minute=14 * 60, quantity=2)


def roll(session: Session, at: datetime) -> int:
    done = 0
    for standing_id, weeks in queries.standing_due(session, at=at):
        for week_on in weeks:
            done += commands.order_week(session, standing_id=standing_id, week_on=week_on, at=at)
        commands.look_ahead(session, standing_id=standing_id, at=at)
    return done


def test_smoke(session: Session, make: Make) -> None:
    funded = make.funded_person(to_spend=Money(200_00))
    provider = make.provider()
    offer = make.offer(provider=provider)
    outcome = (
        __import__("marketplace.budgets.queries", fromlist=["x"])
        .outcomes_of(session, person_id=funded.id)[0]
        .id
    )
    wish = StartStanding(
        standing_id=uuid4(),
        offer_id=offer,
        weekly=TUESDAYS,
        begins_on=date(2026, 3, 9),
        outcome_id=outcome,
    )
    sid = commands.start_standing(session, wish, by=funded.person, at=PAID_IN)
    assert wallet(session, person_id=funded.id, at=PAID_IN).held == Money(30_00)
    page = queries.orders_of_person(session, by=funded.person)
    commands.accept_order(session, order_id=page.rows[0].id, by=provider, at=PAID_IN)
    assert roll(session, PAID_IN) == 3
    assert wallet(session, person_id=funded.id, at=PAID_IN).held == Money(120_00)
    assert roll(session, PAID_IN + timedelta(days=7)) == 1
    assert roll(session, PAID_IN + timedelta(days=7)) == 0
    assert queries.problems(session) == []
