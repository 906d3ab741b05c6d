"""A person's funding lines as a spend sees them: every spend passes through here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import FundingLine, SpendRequest
from marketplace.budgets.queries.pool_spends import pool_refusal
from marketplace.budgets.queries.rows import limits_of_lines, stored_lines
from marketplace.budgets.rules import (
    Answer,
    Pot,
    RequestState,
    Spend,
    decide_all,
    may_buy_with,
    share_label,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger

_LIMITING = select(FundingLine.available_account_id).where(
    FundingLine.id.in_(bindparam("line_ids", expanding=True))
)
_EXCEPTIONS = select(SpendRequest.id, SpendRequest.limit_id).where(
    SpendRequest.person_id == bindparam("person_id"),
    SpendRequest.state == RequestState.AGREED,
    SpendRequest.used_at.is_(None),
    SpendRequest.expires_at > bindparam("at"),
    SpendRequest.provider_id == bindparam("provider_id"),
    SpendRequest.amount >= bindparam("amount"),
)


def account_ids_of(session: Session, *, person_id: UUID, pool_id: UUID | None = None) -> list[UUID]:
    """Return the accounts of a person's lines, or of a pool's: what a spend may change.

    With a pool's come those of the lines that the shares came from: they share their limits.
    """
    lines = stored_lines(session, person_id, pool_id)
    limited_by = {line.limited_by_id for line in lines} - {line.id for line in lines}
    beyond = session.scalars(_LIMITING, {"line_ids": list(limited_by)}).all() if limited_by else ()
    return [
        *(
            account_id
            for line in lines
            for account_id in (line.available_account_id, line.held_account_id)
        ),
        *beyond,
    ]


def pots_of(
    session: Session,
    *,
    person_id: UUID,
    at: datetime,
    balances: Mapping[UUID, Money] | None = None,
    pool_id: UUID | None = None,
) -> list[Pot]:
    """Return a person's lines, or a pool's, as a spend sees them, in their sequence.

    ``balances`` are those of accounts that were locked; without them they are looked up.
    """
    lines = stored_lines(session, person_id, pool_id)
    if balances is None:
        accounts = [line.available_account_id for line in lines]
        balances = ledger.balances_of(session, account_ids=accounts)
    limits = limits_of_lines(session, lines, local_day(at))
    owners = {line.person_id for line in lines} if pool_id else set()
    names = access.names_of(session, user_ids=owners) if owners else {}
    return [
        Pot(
            id=line.id,
            council_id=line.council_id,
            label=share_label(names[line.person_id], line.funder.label)
            if pool_id
            else line.funder.label,
            available_account_id=line.available_account_id,
            held_account_id=line.held_account_id,
            available=balances.get(line.available_account_id, ZERO),
            starts_on=line.starts_on,
            ends_before=line.ends_before,
            limits=tuple(limit for limit, *_ in limits[line.id]),
            next_instalment=line.next_instalment,
            may_buy=may_buy_with(
                line.funder, line.holder, only_for=line.only_for, only_words=line.only_words
            ),
            pool_id=line.pool_id,
            is_mine=line.person_id == person_id,
        )
        for line in lines
    ]


def exceptions_for(
    session: Session, *, spend: Spend, person_id: UUID, at: datetime
) -> dict[UUID, UUID]:
    """Return the limits a spend may pass once because somebody agreed, each with that request."""
    about = {"provider_id": spend.provider_id, "amount": spend.amount}
    rows = session.execute(_EXCEPTIONS, {"person_id": person_id, "at": at, **about})
    return {limit_id: request_id for request_id, limit_id in rows}


def may_buy(
    session: Session, *, person_id: UUID, spends: Sequence[Spend], at: datetime
) -> list[Answer]:
    """Answer whether some things may be bought, one after the other, and from what.

    Things with the same order id are parts of one order, as a limit for one order sees them.
    """
    answers: dict[int, Answer] = {}
    for pool_id in dict.fromkeys(spend.pool_id for spend in spends):
        numbers = [n for n, spend in enumerate(spends) if spend.pool_id == pool_id]
        of_pool = [spends[n] for n in numbers]
        found = _answers(session, of_pool, pool_id, person_id=person_id, at=at)
        answers.update(zip(numbers, found, strict=True))
    return [answers[n] for n in range(len(spends))]


def _answers(
    session: Session,
    spends: Sequence[Spend],
    pool_id: UUID | None,
    *,
    person_id: UUID,
    at: datetime,
) -> list[Answer]:
    pots = pots_of(session, person_id=person_id, at=at, pool_id=pool_id)
    answers = decide_all(spends, pots, day=local_day(at))
    if any(answer.may_ask for answer in answers):
        excepted = {
            whole.order_id: frozenset(
                exceptions_for(session, spend=whole, person_id=person_id, at=at)
            )
            for whole in _whole_orders(spends)
        }
        if any(excepted.values()):
            answers = decide_all(spends, pots, day=local_day(at), excepted=excepted)
    if pool_id is None:
        return answers
    whole: dict[UUID, Money] = defaultdict(lambda: ZERO)
    for spend in spends:
        whole[spend.order_id] += spend.amount
    return [
        pool_refusal(session, spend=spend, person_id=person_id, amount=whole[spend.order_id])
        or answer
        for spend, answer in zip(spends, answers, strict=True)
    ]


def _whole_orders(spends: Sequence[Spend]) -> list[Spend]:
    """Return some things put together as they will be ordered: somebody agreed to an order."""
    orders: dict[UUID, Spend] = {}
    for spend in spends:
        before = orders.get(spend.order_id)
        parts = spend.parts if before is None else (*before.parts, *spend.parts)
        orders[spend.order_id] = replace(spend, parts=parts)
    return list(orders.values())


def paying_council(session: Session, *, person_id: UUID, at: datetime) -> UUID | None:
    """Return the council of the first line with money, or of the first line, or none."""
    day = local_day(at)
    pots = [pot for pot in pots_of(session, person_id=person_id, at=at) if pot.is_open(day)]
    paying = next((pot for pot in pots if pot.available > ZERO), next(iter(pots), None))
    return paying.council_id if paying else None
