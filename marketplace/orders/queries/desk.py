"""The desk of whoever supports people: everybody in one list, and one list of what to do.

However many people somebody supports, the number of statements is the same.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import SupportedPerson, supported_people
from marketplace.access.rules import Scope
from marketplace.budgets.queries import MoneyOfPerson, money_of_people, requests_for_desk
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.models import Approval, Order, Visit
from marketplace.orders.rules import (
    ANSWERS_WITHIN,
    LOW_BELOW,
    DeskKind,
    OrderState,
    VisitState,
    day_words,
    ends_soon,
    low_words,
)

EACH_MAX = 500
"""Of each kind of thing to do so many are read; who has more does these first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskItem:
    """One thing to look at for one person."""

    kind: DeskKind
    person_id: UUID
    person_name: str
    words: str
    since_at: datetime | None = None
    order_id: UUID | None = None
    """The order it is about; None if it is about money or the circle."""
    request_id: UUID | None = None
    """The question to the council or a supporter that was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPerson:
    """Somebody on the desk, with what is left to spend if one may see it."""

    person: SupportedPerson
    money: MoneyOfPerson | None
    to_do: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that somebody who supports people looks at in the morning."""

    people: tuple[DeskPerson, ...]
    items: tuple[DeskItem, ...]


def desk(
    session: Session, *, user_id: UUID, at: datetime, name: str = "", below: Money = LOW_BELOW
) -> Desk:
    """Return the desk of somebody, with those alone whose name has some letters in it."""
    letters = name.strip().casefold()
    people = [
        one
        for one in supported_people(session, user_id=user_id, at=at)
        if letters in one.name.casefold()
    ]
    names = {one.person_id: one.name for one in people}
    money = money_of_people(session, person_ids=_with(people, Scope.SEE), at=at)
    found = [
        *_suggestions(session, people, names, user_id),
        *_orders(session, people, names),
        *_visits(session, people, names),
        *_requests(session, names, user_id, at),
        *_money(money, names, below),
        *_ending(people, at),
    ]
    items = sorted(
        found,
        key=lambda item: (
            item.kind.urgency,
            item.since_at is None,
            item.since_at or at,
            item.person_name,
        ),
    )
    to_do: dict[UUID, int] = {}
    for item in items:
        to_do[item.person_id] = to_do.get(item.person_id, 0) + (item.kind is not DeskKind.WAITING)
    return Desk(
        people=tuple(
            DeskPerson(
                person=one, money=money.get(one.person_id), to_do=to_do.get(one.person_id, 0)
            )
            for one in people
        ),
        items=tuple(items),
    )


def _with(people: Sequence[SupportedPerson], *scopes: Scope) -> set[UUID]:
    return {one.person_id for one in people if one.scopes & set(scopes)}


def _suggestions(
    session: Session, people: Sequence[SupportedPerson], names: dict[UUID, str], user_id: UUID
) -> Iterator[DeskItem]:
    ceilings = {one.person_id: one.ceiling for one in people}
    rows = session.execute(
        _order_columns()
        .where(
            Order.person_id.in_(_with(people, Scope.APPROVE)),
            Order.state == OrderState.PROPOSED,
            Order.placed_by_id != user_id,
            Order.needs_own_yes.is_(False),
        )
        .limit(EACH_MAX)
    ).all()
    answered = _answered(session, [row.id for row in rows], user_id)
    for row in rows:
        ceiling = ceilings[row.person_id]
        if row.id in answered or (ceiling is not None and row.total > ceiling):
            continue
        words = f"{row.placed_by_name} suggests {row.provider_name}, {row.total}"
        yield _item(DeskKind.SUGGESTION, row.person_id, names, words, row.placed_at, row.id)


def _answered(session: Session, order_ids: Collection[UUID], user_id: UUID) -> set[UUID]:
    rows = (
        select(Approval.order_id)
        .where(
            Approval.order_id.in_(order_ids),
            Approval.user_id == user_id,
        )
        .distinct()
    )
    return set(session.scalars(rows))


def _orders(
    session: Session, people: Sequence[SupportedPerson], names: dict[UUID, str]
) -> Iterator[DeskItem]:
    sees = _with(people, Scope.SEE, Scope.APPROVE, Scope.PAY)
    pays = _with(people, Scope.PAY)
    rows = session.execute(
        _order_columns()
        .where(
            Order.person_id.in_(sees),
            Order.state.in_([OrderState.PLACED, OrderState.CHANGE_PROPOSED]),
        )
        .limit(EACH_MAX)
    )
    for row in rows:
        other_time = row.state is OrderState.CHANGE_PROPOSED and row.person_id in pays
        kind = DeskKind.OTHER_TIME if other_time else DeskKind.WAITING
        words = f"Order {row.number} from {row.provider_name}, {row.total}"
        yield _item(kind, row.person_id, names, words, row.placed_at, row.id)


def _visits(
    session: Session, people: Sequence[SupportedPerson], names: dict[UUID, str]
) -> Iterator[DeskItem]:
    first = func.min(Visit.noted_at, type_=Visit.noted_at.type)
    rows = session.execute(
        select(Order.id, Order.person_id, Order.provider_name, func.count(), first)
        .join(Visit, Visit.order_id == Order.id)
        .where(
            Order.person_id.in_(_with(people, Scope.PAY)),
            Order.state == OrderState.ACCEPTED,
            Visit.state == VisitState.NOTED,
        )
        .group_by(Order.id, Order.person_id, Order.provider_name)
        .order_by(first, Order.id)
        .limit(EACH_MAX)
    )
    for order_id, person_id, provider_name, count, noted_at in rows:
        visits = "1 visit" if count == 1 else f"{count} visits"
        words = f"{visits} by {provider_name} to confirm, or to ask about"
        yield _item(DeskKind.VISITS, person_id, names, words, noted_at, order_id)


def _requests(
    session: Session, names: dict[UUID, str], user_id: UUID, at: datetime
) -> Iterator[DeskItem]:
    rows = requests_for_desk(
        session, user_id=user_id, person_ids=names.keys(), since=at - ANSWERS_WITHIN
    )
    for row in rows:
        said = "yes" if row.agreed else "no"
        reason = f": {row.reason}" if row.reason else ""
        answer = f"{row.answered_by_name} said {said} to {row.what}, {row.amount}{reason}"
        question = f"{row.asked_by_name} asks you for {row.what}, {row.amount}"
        kind = DeskKind.QUESTION if row.waits else DeskKind.ANSWER
        words = question if row.waits else answer
        item = _item(kind, row.person_id, names, words.removesuffix("."), row.at)
        yield replace(item, request_id=row.id)


def _money(
    money: dict[UUID, MoneyOfPerson], names: dict[UUID, str], below: Money
) -> Iterator[DeskItem]:
    for person_id, one in money.items():
        if one.late_since is not None:
            words = f"It should have come on {day_words(one.late_since)}"
            yield _item(DeskKind.LATE, person_id, names, words)
        low = low_words(one.available, one.usual_week, below=below)
        if low:
            yield _item(DeskKind.LOW, person_id, names, low)


def _ending(people: Sequence[SupportedPerson], at: datetime) -> Iterator[DeskItem]:
    today = local_day(at)
    for one in people:
        if one.last_on is not None and ends_soon(one.last_on, today=today):
            yield DeskItem(
                kind=DeskKind.ENDING,
                person_id=one.person_id,
                person_name=one.name,
                words=f"Your last day is {day_words(one.last_on)}",
            )


def _item(
    kind: DeskKind,
    person_id: UUID,
    names: dict[UUID, str],
    words: str,
    since_at: datetime | None = None,
    order_id: UUID | None = None,
) -> DeskItem:
    return DeskItem(
        kind=kind,
        person_id=person_id,
        person_name=names[person_id],
        words=words,
        since_at=since_at,
        order_id=order_id,
    )


def _order_columns() -> Select[UUID, int, UUID, str, Money, OrderState, str, datetime]:
    return select(
        Order.id,
        Order.number,
        Order.person_id,
        Order.provider_name,
        Order.total,
        Order.state,
        Order.placed_by_name,
        Order.placed_at,
    ).order_by(Order.placed_at, Order.id)
