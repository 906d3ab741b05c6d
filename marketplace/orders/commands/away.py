"""A store that is away: nothing new for those days, and everybody who planned them is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands import TakeBreak, end_break, take_break
from marketplace.catalogue.queries import away_then
from marketplace.catalogue.rules.holidays import Away
from marketplace.kernel.clock import local_day
from marketplace.orders.commands.letters import About, tell_person
from marketplace.orders.commands.standing_away import (
    look_again_soon,
    missing_because_of,
    tell_of_return,
)
from marketplace.orders.errors import BadLineError
from marketplace.orders.models import Order
from marketplace.orders.queries.away import affected
from marketplace.orders.queries.priced import Priced
from marketplace.orders.rules import moment_words


@dataclass(frozen=True, slots=True)
class Told:
    """How many orders have visits on the days of a holiday; whoever made them was told."""

    orders: int
    visits: int


def not_away(session: Session, found: Sequence[Priced]) -> None:
    """Refuse visits on days on which the store is away.

    Raises:
        BadLineError: it is, and when it is back.
    """
    for each in found:
        days = [local_day(at) for at in each.times if at is not None]
        away = away_then(session, provider_id=each.offer.provider_id, days=days)
        if away is not None:
            raise BadLineError(
                f"{each.offer.provider_name} is away {away.words}. Choose another day."
            )


def take_holiday(session: Session, wish: TakeBreak, *, by: Actor, at: datetime) -> Told:
    """Close one's own store for some days, and write to everybody who has a visit then.

    Their visits stay planned: they, or the store, call them off or move them.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadTimesError: the days cannot be, or fall in another holiday.
        BadWordsError: the words are too long.
    """
    if not take_break(session, wish, by=by, at=at):
        return Told(0, 0)
    hit = affected(
        session, provider_id=by.works_for, from_on=wish.starts_on, last_on=wish.last_on, at=at
    )
    look_again_soon(session, provider_id=by.works_for, at=at)
    by_order: dict[UUID, list[str]] = {}
    for visit in hit.visits:
        by_order.setdefault(visit.order_id, []).append(moment_words(visit.planned_at))
    away = hit.away
    for order_id, times in by_order.items():
        _tell(session, session.get_one(Order, order_id), wish, away, times, at=at)
    return Told(len(by_order), len(hit.visits))


def come_back(session: Session, *, break_id: UUID, by: Actor, at: datetime) -> None:
    """Call a holiday off, or come back early: what was not planned because of it comes back.

    Raises:
        NotFoundError: it is not one of their store's.
    """
    missing = missing_because_of(session, provider_id=by.works_for, break_id=break_id, at=at)
    end_break(session, break_id=break_id, by=by, at=at)
    look_again_soon(session, provider_id=by.works_for, at=at)
    tell_of_return(session, missing.items(), at=at)


def _tell(
    session: Session,
    order: Order,
    wish: TakeBreak,
    away: Away,
    times: Sequence[str],
    *,
    at: datetime,
) -> None:
    about = About(
        template="provider_away",
        subject=f"{order.provider_name} is away for some days",
        key=f"away/{wish.break_id}",
        values={"away": away.words, "words": wish.words, "times": list(times)},
    )
    tell_person(session, order, about, at=at)
