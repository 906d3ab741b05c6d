"""Ending a standing order: the person from a day on, the provider with four weeks' notice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.cancelling import free_visits
from marketplace.orders.commands.standing_letters import tell_both_of, tell_person_of
from marketplace.orders.commands.standing_locked import (
    must_go_on,
    persons_standing,
    providers_standing,
    record_standing,
)
from marketplace.orders.commands.standing_off import Days, call_off_days, each_order
from marketplace.orders.errors import BadLineError, StandingRefusedError
from marketplace.orders.models import StandingOrder
from marketplace.orders.rules import WORDS_LENGTH_MAX, day_words
from marketplace.orders.rules.standing import PROVIDER_NOTICE

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStanding:
    """A wish to end a standing order after a day."""

    standing_id: UUID
    last_on: date
    reason: str = ""
    agreed: Money = ZERO
    """What was shown to be due for visits called off late."""


def end_standing(session: Session, wish: EndStanding, *, by: Actor, at: datetime) -> None:
    """End a standing order after a day; what is planned after it is called off.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        StandingRefusedError: the day has gone.
        ShareDueError: some visits are late to call off, and that was not agreed to.
        WrongStateError: the provider has not taken it on yet, or it has ended.
    """
    standing = persons_standing(session, wish.standing_id, by)
    last_on = wish.last_on
    must_go_on(session, standing, at=at)
    if last_on < local_day(at) - _DAY:
        raise StandingRefusedError("last_on", "That day has gone. Choose today or a day to come.")
    if _ends_so(standing, wish, by):
        return
    days = Days(last_on + _DAY)
    call_off_days(session, standing, days, agreed=wish.agreed, by=by, at=at)
    _end(standing, last_on, wish.reason, by=by, at=at)
    sentences = [f"{by.name} ends it. The last day is {day_words(last_on)}."]
    if standing.end_reason:
        sentences.append(f"They say: {standing.end_reason}")
    subject = f"A standing order ends: {day_words(last_on)}"
    tell_both_of(session, standing, subject, sentences, key=f"end/{last_on}", at=at)
    record_standing(session, standing, "standing-ended", by=by, at=at, last=last_on.isoformat())


def stop_providing(session: Session, wish: EndStanding, *, by: Actor, at: datetime) -> None:
    """Say as the provider that one cannot go on after a day, with a reason and four weeks' notice.

    Raises:
        NotFoundError: it is another provider's.
        BadLineError: there is no reason.
        StandingRefusedError: it is too soon.
        WrongStateError: it was not taken on, or has ended.
    """
    standing = providers_standing(session, wish.standing_id, by)
    last_on = wish.last_on
    must_go_on(session, standing, at=at)
    if not wish.reason.strip():
        raise BadLineError("Say why, so that they can look elsewhere.")
    soonest = local_day(at) + PROVIDER_NOTICE
    if last_on < soonest:
        raise StandingRefusedError(
            "last_on",
            f"Leave them four weeks to find somebody else: {day_words(soonest)} or later. "
            "You can call off single visits before that.",
        )
    if _ends_so(standing, wish, by):
        return
    each_order(
        session,
        standing,
        Days(last_on + _DAY),
        lambda order, visits: free_visits(session, order, visits, by=by, at=at),
        at=at,
    )
    _end(standing, last_on, wish.reason, by=by, at=at)
    sentences = [
        f"{standing.provider_name} cannot go on after {day_words(last_on)}.",
        f"They say: {standing.end_reason}",
        "You can look for somebody else now.",
    ]
    subject = f"{standing.provider_name} stops on {day_words(last_on)}"
    tell_person_of(session, standing, subject, sentences, key=f"end/{last_on}", at=at)
    record_standing(session, standing, "standing-stopped", by=by, at=at, last=last_on.isoformat())


def _ends_so(standing: StandingOrder, wish: EndStanding, by: Actor) -> bool:
    """Tell whether this was said already: sent twice, it is done and told once."""
    said = (standing.ended_by_id, standing.ends_before, standing.end_reason)
    return said == (by.user_id, *_ending(standing, wish.last_on, wish.reason))


def _ending(standing: StandingOrder, last_on: date, reason: str) -> tuple[date, str]:
    return max(last_on + _DAY, standing.begins_on), reason.strip()[:WORDS_LENGTH_MAX]


def _end(standing: StandingOrder, last_on: date, reason: str, *, by: Actor, at: datetime) -> None:
    standing.ends_before, standing.end_reason = _ending(standing, last_on, reason)
    standing.ended_at, standing.ended_by_id, standing.ended_by_name = at, by.user_id, by.name
    standing.next_look_at = at
