"""Choosing who pays for what is in the basket, and asking a pool's members for a yes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.commands import AskPool, ask_pool
from marketplace.budgets.queries import is_member
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.commands.basket import may_suggest, record_of_basket
from marketplace.orders.models import BasketLine
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.priced import priced
from marketplace.orders.rules import add_up


def choose_payer(
    session: Session, *, provider_id: UUID, pool_id: UUID | None, by: Actor, at: datetime
) -> None:
    """Say who is to pay for all that waits from one provider; no pool: the person's own money.

    Raises:
        NotFoundError: nothing of this provider waits, or the person is not in such a pool.
        NotAllowedError: the supporter may not suggest orders.
    """
    may_suggest(by)
    lines = _waiting(session, provider_id, by)
    if pool_id is not None and not is_member(session, pool_id=pool_id, person_id=by.buys_for):
        raise NotFoundError("We cannot find that pool.")
    for line in lines:
        line.pool_id = pool_id
    record_of_basket(session, "pool-chosen", lines[0].order_id, by, at)


def ask_pool_for(session: Session, *, provider_id: UUID, by: Actor, at: datetime) -> None:
    """Ask the other members of a pool for a yes to what waits from one provider.

    Raises:
        NotFoundError: nothing of this provider waits for a pool, or is on sale any more.
        NotAllowedError: the supporter may not spend this person's money.
        PoolError: the pool has ended, or the person has left it.
    """
    lines = _waiting(session, provider_id, by)
    pool_id = lines[0].pool_id
    if pool_id is None:
        raise NotFoundError("No pool was chosen to pay for this.")
    council_id = council_that_pays(session, person_id=by.buys_for, pool_id=pool_id, at=at)
    total = add_up(
        priced(session, line.wanted, person_id=by.buys_for, council_id=council_id, at=at).total
        for line in lines
    )
    wish = AskPool(
        order_id=lines[0].order_id,
        pool_id=pool_id,
        provider_id=provider_id,
        provider_name=provider_names(session, provider_ids=[provider_id])[provider_id],
        amount=total,
    )
    ask_pool(session, wish, by=by, at=at)


def _waiting(session: Session, provider_id: UUID, by: Actor) -> list[BasketLine]:
    rows = (
        select(BasketLine)
        .where(BasketLine.person_id == by.buys_for, BasketLine.provider_id == provider_id)
        .order_by(BasketLine.added_at, BasketLine.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    lines = list(session.scalars(rows))
    if not lines:
        raise NotFoundError("This is not in the basket any more.")
    return lines
