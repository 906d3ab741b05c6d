"""The three steps of setting money aside: look with the accounts locked, decide, write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets import queries
from marketplace.budgets.adapters.books import Books, Look, NewHold, NewShare, NewUse, Seen, Writing
from marketplace.budgets.adapters.postgresql import PostgresBooks
from marketplace.budgets.adapters.sqlite import SqliteBooks
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.models import SpendRequest
from marketplace.budgets.rules import Answer, Limit, Part, Pot, Spend, decide, with_order
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money, total
from marketplace.wallet.commands import lock_accounts

_BOOKS: Mapping[str, Books] = MappingProxyType(
    {"sqlite": SqliteBooks(), "postgresql": PostgresBooks()}
)
_USE_EXCEPTION = (
    update(SpendRequest)
    .where(SpendRequest.id == bindparam("request"), SpendRequest.used_at.is_(None))
    .values(used_by_order_id=bindparam("order"), used_at=bindparam("now"))
)
_NO_WALL = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who sets money aside, for whom, when, and under which key."""

    what: str
    key: str
    person_id: UUID
    by: Actor | None
    at: datetime


def look(session: Session, spend: Spend, deed: Deed, *, locked: bool) -> Seen:
    """Look at what a spend depends on; with the accounts locked that it may change, if asked to.

    Two spends of one person take turns at that lock, here or where it is written, so the second
    is decided on what the first did.
    """
    by_user_id = deed.by.user_id if deed.by else None
    if spend.pool_id is None:
        wish = Look(
            person_id=deed.person_id,
            order_id=spend.order_id,
            by_user_id=by_user_id,
            day=local_day(deed.at),
            at=deed.at,
        )
        return _books(session).look(session, wish, locked=locked)
    # A pool's pot is shared and rare; it is looked at the long way.
    accounts = queries.account_ids_of(session, person_id=deed.person_id, pool_id=spend.pool_id)
    lock_accounts(session, accounts)
    return Seen(
        pots=_in_words(session, spend, deed),
        has_hold=queries.find_hold(session, order_id=spend.order_id) is not None,
        authority=None
        if by_user_id is None
        else access.authority(session, user_id=by_user_id, person_id=deed.person_id, at=deed.at),
        is_locked=True,
    )


def check_authority(authority: access.Authority | None, amount: Money) -> None:
    """Refuse who may not spend so much for this person; None is the market itself.

    Raises:
        NotAllowedError: they may no longer, or not so much.
    """
    if authority is None:
        return
    if not (authority.may_pay or authority.may_approve):
        raise NotAllowedError("You can no longer spend this money.")
    if not authority.reaches(amount):
        raise NotAllowedError(
            f"This costs {amount}, and you may spend up to {authority.ceiling} with one order."
        )


def decided(
    session: Session,
    spend: Spend,
    seen: Seen,
    deed: Deed,
    *,
    known: Sequence[tuple[UUID, Part]] = (),
    counted: frozenset[UUID] = frozenset(),
) -> tuple[Answer, list[UUID]] | None:
    """Return the yes, and the requests it uses up; or None, if it takes a lock to be sure.

    ``known`` is what the order takes already, and ``counted`` the limits that count it.

    Raises:
        SpendRefusedError: there is too little money, or a limit stands in the way.
    """
    day = local_day(deed.at)
    pots = with_order(seen.pots, known, spend.provider_id)
    answer = decide(spend, pots, day=day, counted=counted)
    if answer.yes:
        return answer, []
    if not seen.is_locked:
        return None
    agreed = {}
    if answer.may_ask:
        agreed = queries.exceptions_for(session, spend=spend, person_id=deed.person_id, at=deed.at)
    in_words = with_order(_in_words(session, spend, deed), known, spend.provider_id)
    answer = decide(spend, in_words, day=day, excepted=frozenset(agreed), counted=counted)
    if not answer.yes:
        raise SpendRefusedError(answer)
    return answer, [agreed[limit_id] for limit_id in sorted(answer.excepted)]


def write(  # noqa: PLR0913 - the answer, what it was based on, and what is written of it
    session: Session,
    answer: Answer,
    seen: Seen,
    deed: Deed,
    *,
    requests: Sequence[UUID],
    hold: NewHold | None,
    first: int = 0,
) -> bool:
    """Write what was decided; or nothing, if it has changed since it was seen without a lock.

    ``first`` is the position of the first new share.
    """
    spend = answer.spend
    limits = {limit.id: limit for pot in seen.pots for limit in pot.limits}
    writing = Writing(
        key=deed.key,
        person_id=deed.person_id,
        order_id=spend.order_id,
        what=deed.what,
        by_user_id=deed.by.user_id if deed.by else None,
        at=deed.at,
        total=spend.amount,
        hold=hold,
        shares=[_share(answer, number, first) for number in range(len(answer.shares))],
        uses=_uses(answer, limits),
        takings=answer.takings,
        moved=_moved(answer, seen.pots),
    )
    if not _books(session).write(session, writing, seen.mark):
        return False
    for request_id in requests:
        used = {"request": request_id, "order": spend.order_id, "now": deed.at}
        changed = session.connection().execute(_USE_EXCEPTION, used)
        assert changed.rowcount == 1, "a spend of this person waits until this one has ended"
    return True


def _books(session: Session) -> Books:
    return _BOOKS[session.get_bind().dialect.name]


def _in_words(session: Session, spend: Spend, deed: Deed) -> list[Pot]:
    return queries.pots_of(session, person_id=deed.person_id, at=deed.at, pool_id=spend.pool_id)


def _share(answer: Answer, number: int, first: int) -> NewShare:
    share = answer.shares[number]
    part = answer.spend.parts[share.part]
    return NewShare(
        id=uuid4(),
        line_id=share.line_id,
        position=first + number,
        category=part.category,
        outcome_id=part.outcome_id,
        amount=share.amount,
    )


def _uses(answer: Answer, limits: Mapping[UUID, Limit]) -> list[NewUse]:
    sums: dict[UUID, tuple[int, int]] = {}
    for taking in answer.takings:
        pence, count = sums.get(taking.limit_id, (0, 0))
        sums[taking.limit_id] = (pence + taking.amount.pence, count + taking.count)
    return [
        _use(limits[limit_id], Money(pence), count, passed=limit_id in answer.excepted)
        for limit_id, (pence, count) in sums.items()
    ]


def _use(limit: Limit, amount: Money, count: int, *, passed: bool) -> NewUse:
    amount_max, count_max = (Money(_NO_WALL), _NO_WALL) if passed else limit.walls
    if not count:  # an order that counts already adds none, even where a newer limit has too many
        count_max = _NO_WALL
    return NewUse(
        limit_id=limit.id,
        window_starts_on=limit.span.starts_on,
        amount=amount,
        count=count,
        amount_max=amount_max,
        count_max=count_max,
    )


def _moved(answer: Answer, pots: Sequence[Pot]) -> list[tuple[UUID, UUID, Money]]:
    moved = []
    for pot in pots:
        paid = total(share.amount for share in answer.shares if share.line_id == pot.id)
        if paid:
            moved.append((pot.available_account_id, pot.held_account_id, paid))
    return moved
