"""Every deed of a standing order that sets money aside or lets it go, one's own and a pool's."""

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from marketplace.budgets import commands as budgets
from marketplace.budgets.queries import outcomes_of
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.commands import AnswerInPool, EndStanding, StartStanding
from tests.crash.dying import Act
from tests.crash.table import deed
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled
from tests.orders.standing import BEGINS_ON, TUESDAYS, Going
from tests.orders.standing_pooled import EIGHTY, FORTY, FOUR_WEEKS, going

SECOND_WEEK = BEGINS_ON + timedelta(weeks=1)


def asked_first(make: Make) -> Pooled:
    """Make a pool of two that says yes first to an order of £100.00 or more."""
    return make.pool(put_in=[EIGHTY, FORTY], asks_from=Money(100_00))


def started(make: Make, pooled: Pooled | None = None) -> Act:
    """Return how a standing order is started, with one's own money or a pool's."""
    funded = pooled.members[0] if pooled else make.funded_person()
    with make.block() as session:
        outcomes = outcomes_of(session, person_id=funded.id)
    wish = StartStanding(
        standing_id=uuid4(),
        offer_id=make.offer(provider=make.provider(), title="Gardening"),
        weekly=TUESDAYS,
        begins_on=BEGINS_ON,
        outcome_id=outcomes[0].id,
        pool_id=pooled.pool_id if pooled else None,
    )
    return partial(orders.start_standing, wish=wish, by=funded.person, at=PAID_IN)


def taken_on(one: Going) -> Act:
    """Return how the provider takes a standing order on."""
    order_id = one.first.order_id
    return partial(orders.accept_order, order_id=order_id, by=one.provider, at=PAID_IN)


def next_week(one: Going, week_on: date = SECOND_WEEK) -> Act:
    """Return how a week of a standing order is ordered."""
    return partial(orders.order_week, standing_id=one.id, week_on=week_on, at=PAID_IN)


@deed("start a standing order")
def _(make: Make) -> Act:
    return started(make)


@deed("start one from a pool")
def _(make: Make) -> Act:
    return started(make, make.pool(put_in=[EIGHTY, FORTY]))


@deed("ask a pool to start one")
def _(make: Make) -> Act:
    return started(make, asked_first(make))


@deed("say yes to one of a pool")
def _(make: Make) -> Act:
    pooled = asked_first(make)
    wish = AnswerInPool(standing_id=going(make, pooled).id, agrees=True, seen=FOUR_WEEKS)
    return partial(orders.answer_in_pool, wish=wish, by=pooled.members[1].person, at=PAID_IN)


@deed("take a standing order on")
def _(make: Make) -> Act:
    return taken_on(Going(make))


@deed("take one of a pool on")
def _(make: Make) -> Act:
    return taken_on(going(make, make.pool(put_in=[EIGHTY, FORTY])))


@deed("order a week")
def _(make: Make) -> Act:
    return next_week(Going(make).accepted())


@deed("order a week from a pool")
def _(make: Make) -> Act:
    return next_week(going(make, make.pool(put_in=[EIGHTY, FORTY])).accepted())


@deed("leave a pool that pays one")
def _(make: Make) -> Act:
    pooled = make.pool(put_in=[EIGHTY, FORTY])
    going(make, pooled).accepted()
    leaver = pooled.members[1].person
    return partial(budgets.leave_pool, pool_id=pooled.pool_id, by=leaver, at=PAID_IN)


@deed("end one of a pool")
def _(make: Make) -> Act:
    one = going(make, make.pool(put_in=[EIGHTY, FORTY])).accepted()
    for weeks in (1, 2, 3):
        with make.block() as session:
            next_week(one, BEGINS_ON + timedelta(weeks=weeks))(session)
    wish = EndStanding(standing_id=one.id, last_on=BEGINS_ON)
    return partial(orders.end_standing, wish=wish, by=one.person, at=PAID_IN)
