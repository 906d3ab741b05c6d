"""Fills one side of the world with money put together."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.budgets import commands
from marketplace.budgets.commands import AskPool
from marketplace.budgets.queries import outcomes_of
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.commands import StartStanding, choose_payer, start_standing
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.pools import Pooled
from tests.house.access.side import Side, Values


def fill_pools(make: Make, side: Side, *, at: datetime) -> None:
    """Make pools of the person and somebody else, an invitation, two questions, and a basket."""
    other = make.funded_person(council_id=side.council_id, starts_on=local_day(at), at=at)
    another = make.funded_person(council_id=side.council_id, starts_on=local_day(at), at=at)
    pooled = make.pool(members=[side.funded, other], put_in=[Money(30_00), Money(20_00)], at=at)
    strange = make.pool(members=[another], put_in=[Money(10_00)], at=at)
    invitation_id = make.asked_into_pool(
        strange.pool_id, make.email_of(side.funded.person), asked_by=another.person, at=at
    )
    pool: Values = {"pool_id": pooled.pool_id}
    share_id = make.pool_view(pooled).mine[0].line_id
    side.objects["pool"] = pool
    side.objects["pool_share"] = {**pool, "share_id": share_id}
    side.objects["pool_invitation"] = {"invitation_id": invitation_id}
    side.objects["pool_ask"] = {**pool, "ask_id": _ask(make, side, pooled, at=at)}
    side.objects["pool_standing"] = {"standing_id": _standing(make, side, other, at=at)}
    provider_id = side.provider.works_for
    with make.block() as session:
        choose_payer(
            session,
            provider_id=provider_id,
            pool_id=pooled.pool_id,
            by=side.funded.person,
            at=at,
        )
    side.objects["basket_store"] = {"provider_id": provider_id}
    side.typed["line"] = side.funded.line_id


def _ask(make: Make, side: Side, pooled: Pooled, *, at: datetime) -> object:
    """Let the other member ask for a yes."""
    wish = AskPool(
        order_id=uuid4(),
        pool_id=pooled.pool_id,
        provider_id=side.provider.works_for,
        provider_name=side.names.store,
        amount=Money(5_00),
    )
    with make.block() as session:
        commands.ask_pool(session, wish, by=pooled.members[1].person, at=at)
    return wish.order_id


def _standing(make: Make, side: Side, other: Funded, *, at: datetime) -> object:
    """Let the other member ask for a yes to what goes on week after week."""
    amounts = [Money(1_00), Money(20_00)]
    pooled = make.pool(members=[side.funded, other], put_in=amounts, asks_from=Money(1), at=at)
    begins_on = local_day(at) + timedelta(days=7)
    wish = StartStanding(
        standing_id=uuid4(),
        offer_id=side.offer_id,
        weekly=Weekly(weekdays=frozenset({begins_on.weekday()}), minutes=(15 * 60,)),
        begins_on=begins_on,
        pool_id=pooled.pool_id,
    )
    with make.block() as session:
        outcomes = outcomes_of(session, person_id=other.id)
        if outcomes:
            wish = replace(wish, outcome_id=outcomes[0].id)
        start_standing(session, wish, by=other.person, at=at)
    return wish.standing_id
