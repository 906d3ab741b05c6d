"""Providers who stop: for the council, the store, and each person whom it concerns."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.queries.instead import Instead, WantedInstead, offers_instead
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.models import Order, OrderLine, ProviderStop, StandingOrder, StopItem
from marketplace.orders.queries.seeing import sees_all
from marketplace.orders.queries.standing_course import DEAD
from marketplace.orders.queries.stopping import concerned_by, live_stops
from marketplace.orders.queries.stops_days import days_to_fill
from marketplace.orders.rules import add_up
from marketplace.orders.rules.stops import (
    Standing,
    StopItemState,
    StopKind,
    new_begins_on,
    standing_of,
    standing_of_all,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """A provider who stops, in a list."""

    id: UUID
    provider_id: UUID
    provider_name: str
    kind: StopKind
    last_on: date
    reason: str
    said_by_name: str
    said_at: datetime
    withdrawn: bool
    ended_at: datetime | None
    of_council: bool
    """A council said it for its own people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One order that cannot be finished."""

    id: UUID
    council_id: UUID
    title: str
    standing_id: UUID | None
    order_id: UUID | None
    planned: int
    held: Money
    standing: Standing
    new_order_id: UUID | None
    new_order_there: bool
    new_provider_name: str
    answered_by_name: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person whom it concerns, as their council sees it."""

    person_id: UUID
    name: str
    items: tuple[ItemRow, ...]

    @property
    def standing(self) -> Standing:
        """Where they are with all of it."""
        return standing_of_all(item.standing for item in self.items)

    @property
    def held(self) -> Money:
        """What was set aside for it when it was said."""
        return add_up(item.held for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilStop:
    """A provider who stops, and whom of a council's people it concerns."""

    row: StopRow
    people: tuple[PersonRow, ...]

    def count(self, standing: str) -> int:
        """Return how many people stand there."""
        return sum(person.standing is Standing(standing) for person in self.people)

    @property
    def held(self) -> Money:
        """What was set aside in all when it was said."""
        return add_up(person.held for person in self.people)

    @property
    def planned(self) -> int:
        """How many visits after the last day were planned."""
        return sum(item.planned for person in self.people for item in person.items)


@dataclass(frozen=True, slots=True)
class PersonItem:
    """One order that cannot be finished, and who could come instead."""

    row: ItemRow
    instead: tuple[Instead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStop:
    """A provider who stops, as a person and their circle see it."""

    row: StopRow
    begins_on: date
    """The first day on which somebody else can come."""
    items: tuple[PersonItem, ...]


def stop_for_council(session: Session, *, stop_id: UUID, seen_by: Actor) -> CouncilStop:
    """Return a provider who stops and whom of the council's own people it concerns.

    Raises:
        NotFoundError: it is another council's, or concerns nobody of theirs.
    """
    stop = session.get(ProviderStop, stop_id)
    council_id = seen_by.works_for
    if stop is None or stop.council_id not in {None, council_id}:
        raise NotFoundError
    items = _items(session, (StopItem.stop_id == stop.id) & (StopItem.council_id == council_id))
    if not items and stop.council_id is None:
        raise NotFoundError
    names = names_of(session, user_ids={item.person_id for item, _ in items})
    people: dict[UUID, list[ItemRow]] = {}
    for item, row in items:
        people.setdefault(item.person_id, []).append(row)
    found = [
        PersonRow(person_id=person_id, name=names.get(person_id, ""), items=tuple(rows))
        for person_id, rows in people.items()
    ]
    found.sort(key=lambda each: (each.name, each.person_id))
    return CouncilStop(row=_row(stop), people=tuple(found))


def stops_of_council(session: Session, *, council_id: UUID) -> list[StopRow]:
    """Return the providers who stop for somebody of a council, the next last day first."""
    concerned = select(StopItem.stop_id).where(StopItem.council_id == council_id)
    rows = (
        select(ProviderStop)
        .where(or_(ProviderStop.council_id == council_id, ProviderStop.id.in_(concerned)))
        .order_by(ProviderStop.ended_at.is_not(None), ProviderStop.last_on, ProviderStop.id)
    )
    return [_row(stop) for stop in session.scalars(rows)]


def stop_of_store(session: Session, *, provider_id: UUID) -> StopRow | None:
    """Return what the store itself said of stopping, if it has not ended."""
    rows = select(ProviderStop).where(
        ProviderStop.provider_id == provider_id,
        ProviderStop.council_id.is_(None),
        ProviderStop.live_key.is_not(None),
    )
    stop = session.scalars(rows).one_or_none()
    return _row(stop) if stop else None


def how_many_are_concerned(session: Session, *, provider_id: UUID, at: datetime) -> int:
    """Return for how many people a store has something to do after today."""
    rows = concerned_by(
        session, provider_id=provider_id, council_id=None, last_on=local_day(at), at=at
    )
    return len({each.person_id for each in rows})


def stores_of_council(session: Session, *, council_id: UUID) -> list[tuple[UUID, str]]:
    """Return the stores that have an open order for a council's money, by name."""
    rows = (
        select(Order.provider_id, Order.provider_name)
        .where(Order.council_id == council_id, Order.completed_at.is_(None))
        .where(Order.held_at.is_not(None), Order.state.not_in(DEAD))
        .distinct()
    )
    named = dict(session.execute(rows).all())
    return sorted(named.items(), key=lambda each: (each[1], each[0]))


def stop_for_person(session: Session, *, stop_id: UUID, seen_by: Actor, at: datetime) -> PersonStop:
    """Return a provider who stops, and who could come instead, for a person and their circle.

    Raises:
        NotFoundError: it concerns nothing of theirs.
    """
    stop = session.get(ProviderStop, stop_id)
    if stop is None or not sees_stops(seen_by):
        raise NotFoundError
    mine = (StopItem.stop_id == stop.id) & (StopItem.person_id == seen_by.buys_for)
    items = _items(session, mine)
    if not items:
        raise NotFoundError
    stopping = {each.provider_id for each in live_stops(session)}
    today = local_day(at)
    return PersonStop(
        row=_row(stop),
        begins_on=new_begins_on(stop.last_on, today=today),
        items=tuple(
            PersonItem(row, _instead(session, stop, item, stopping, today)) for item, row in items
        ),
    )


def stop_item_for(
    session: Session, *, item_id: UUID, seen_by: Actor
) -> tuple[StopRow, ItemRow, StandingOrder | None]:
    """Return one order that cannot be finished, for a person and their circle.

    Raises:
        NotFoundError: it is somebody else's.
    """
    if not sees_stops(seen_by):
        raise NotFoundError
    rows = _items(session, (StopItem.id == item_id) & (StopItem.person_id == seen_by.buys_for))
    if not rows:
        raise NotFoundError
    item, row = rows[0]
    stop = session.get_one(ProviderStop, item.stop_id)
    old = session.get(StandingOrder, item.standing_id) if item.standing_id else None
    return _row(stop), row, old


def stops_of_person(session: Session, *, by: Actor) -> list[StopRow]:
    """Return the providers of a person who stop, as far as the one who asks sees orders."""
    if by.person_id is None or not sees_stops(by):
        return []
    concerned = select(StopItem.stop_id).where(
        StopItem.person_id == by.person_id,
        StopItem.state.in_([StopItemState.WAITING, StopItemState.NOBODY]),
    )
    rows = (
        select(ProviderStop)
        .where(ProviderStop.id.in_(concerned), ProviderStop.live_key.is_not(None))
        .order_by(ProviderStop.last_on, ProviderStop.id)
    )
    return [_row(stop) for stop in session.scalars(rows)]


def sees_stops(by: Actor) -> bool:
    """Tell whether somebody sees all orders of a person, or may suggest some for them."""
    if by.person_id is None:
        return False
    return sees_all(by) or by.may(Permission.PROPOSE_ORDERS)


def _items(session: Session, which: ColumnElement[bool]) -> list[tuple[StopItem, ItemRow]]:
    rows = (
        select(StopItem, Order)
        .outerjoin(Order, Order.id == StopItem.new_order_id)
        .where(which)
        .order_by(StopItem.person_id, StopItem.title, StopItem.id)
    )
    return [(item, _item(item, new)) for item, new in session.execute(rows)]


def _item(item: StopItem, new: Order | None) -> ItemRow:
    dead = new is not None and new.state in DEAD
    held = new is not None and new.held_at is not None and not dead
    return ItemRow(
        id=item.id,
        council_id=item.council_id,
        title=item.title,
        standing_id=item.standing_id,
        order_id=item.order_id,
        planned=item.planned,
        held=item.held,
        standing=standing_of(item.state, new_is_held=held, new_is_dead=dead),
        new_order_id=item.new_order_id,
        new_order_there=new is not None,
        new_provider_name=item.new_provider_name or (new.provider_name if new else ""),
        answered_by_name=item.answered_by_name,
        answered_at=item.answered_at,
    )


def _instead(
    session: Session, stop: ProviderStop, item: StopItem, stopping: set[UUID], on: date
) -> tuple[Instead, ...]:
    rows = select(OrderLine).where(OrderLine.id == item.line_id)
    if item.standing_id is not None:
        first = select(StandingOrder.first_order_id).where(StandingOrder.id == item.standing_id)
        rows = select(OrderLine).where(OrderLine.order_id.in_(first)).limit(1)
    line = session.scalars(rows).one()
    wanted = WantedInstead(
        category=line.category,
        unit=Unit(line.unit),
        of_provider=stop.provider_id,
        council_id=item.council_id,
        language=line.language_wish,
        gender=line.gender_wish,
        days=days_to_fill(session, item, last_on=stop.last_on, today=on),
    )
    return tuple(offers_instead(session, wanted, on=on, without=stopping))


def _row(stop: ProviderStop) -> StopRow:
    return StopRow(
        id=stop.id,
        provider_id=stop.provider_id,
        provider_name=stop.provider_name,
        kind=stop.kind,
        last_on=stop.last_on,
        reason=stop.reason,
        said_by_name=stop.said_by_name,
        said_at=stop.said_at,
        withdrawn=stop.withdrawn,
        ended_at=stop.ended_at,
        of_council=stop.council_id is not None,
    )
