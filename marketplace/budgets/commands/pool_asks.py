"""Asking the other members of a pool for a yes to an order, and answering."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.budgets.commands.pool_letters import tell_others
from marketplace.budgets.commands.pool_locks import check_may_act, locked_pool, record_of_pool
from marketplace.budgets.errors import PoolError
from marketplace.budgets.models import PoolAsk
from marketplace.budgets.rules import RequestState, check_amount, first_name
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPool:
    """A wish for the yes of another member to one order."""

    order_id: UUID
    pool_id: UUID
    provider_id: UUID
    provider_name: str
    amount: Money


def ask_pool(session: Session, wish: AskPool, *, by: Actor, at: datetime) -> None:
    """Ask the other members for a yes, and write to them; the same again asks nobody twice.

    Raises:
        NotFoundError: the person is not in such a pool, or the id is that of another's order.
        NotAllowedError: the supporter may not spend this person's money.
        PoolError: the pool has ended.
    """
    check_may_act(by)
    check_amount("amount", wish.amount)
    pool = locked_pool(session, wish.pool_id, by)
    values = {
        "id": wish.order_id,
        "pool_id": pool.id,
        "person_id": by.buys_for,
        "provider_id": wish.provider_id,
        "amount": wish.amount,
        "state": RequestState.ASKED,
        "asked_by_id": by.user_id,
        "asked_at": at,
    }
    if not insert_once(session, PoolAsk, values):
        ask = session.get_one(PoolAsk, wish.order_id, populate_existing=True)
        if (ask.person_id, ask.pool_id) != (by.buys_for, pool.id):
            raise NotFoundError
        if ask.amount == wish.amount and ask.state is not RequestState.TURNED_DOWN:
            return
        ask.amount, ask.state, ask.provider_id = wish.amount, RequestState.ASKED, wish.provider_id
        ask.asked_by_id, ask.asked_at = by.user_id, at
        ask.answered_for_id = ask.answered_by_id = ask.answered_at = None
    who = first_name(by.person_name)
    tell_others(
        session,
        pool,
        template="pool_ask",
        subject=f"{who} asks for your yes",
        about=f"{wish.amount} for {wish.provider_name}",
        by=by,
        at=at,
    )
    record_of_pool(session, "pool-asked", wish.order_id, by=by, at=at, pence=wish.amount.pence)


def answer_pool_ask(
    session: Session, *, pool_id: UUID, ask_id: UUID, agrees: bool, by: Actor, at: datetime
) -> None:
    """Say yes or no to another member's order; the same answer twice is one.

    Raises:
        NotFoundError: the person is not in this pool, or nothing like this was asked there.
        NotAllowedError: it is their own order, or the supporter may not say yes for this person,
            or not to so much.
        PoolError: somebody else has answered already, or the pool has ended.
    """
    pool = locked_pool(session, pool_id, by)
    ask = session.get(PoolAsk, ask_id, populate_existing=True)
    if ask is None or ask.pool_id != pool.id:
        raise NotFoundError("We cannot find that.")
    if not by.may(Permission.APPROVE_ORDERS):
        raise NotAllowedError(f"{by.person_name} has not asked you to say yes or no to orders.")
    if by.buys_for == ask.person_id or by.user_id == ask.asked_by_id:
        raise NotAllowedError("Whoever asks does not answer. Another member must say yes or no.")
    if agrees and by.ceiling is not None and ask.amount > by.ceiling:
        raise NotAllowedError(
            f"This is {ask.amount}, and you may say yes to {by.ceiling} or less. Say no, or ask "
            f"{by.person_name} to answer."
        )
    wanted = RequestState.AGREED if agrees else RequestState.TURNED_DOWN
    if ask.state is wanted and ask.answered_for_id == by.buys_for:
        return
    if ask.state is not RequestState.ASKED:
        raise PoolError("Another member has answered this already.")
    ask.state, ask.answered_for_id = wanted, by.buys_for
    ask.answered_by_id, ask.answered_at = by.user_id, at
    what = "pool-agreed" if agrees else "pool-turned-down"
    record_of_pool(session, what, ask.id, by=by, at=at, pence=ask.amount.pence)
