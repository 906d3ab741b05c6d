"""A standing order whose pool pays no more ends after the weeks that are ordered."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.budgets.queries import is_member, pool_name
from marketplace.kernel.clock import local_day
from marketplace.orders.commands.standing_letters import tell_person_of, tell_provider_of
from marketplace.orders.commands.standing_locked import made_since, record_standing
from marketplace.orders.models import StandingOrder
from marketplace.orders.rules import day_words

_DAY = timedelta(days=1)


def ends_without_pool(session: Session, standing: StandingOrder, *, at: datetime) -> bool:
    """End a locked standing order if whoever placed it is not in the pool, or that has ended.

    Its weeks that are ordered still happen, as any order does after its pool.
    """
    pool_id = standing.pool_id
    if pool_id is None or is_member(session, pool_id=pool_id, person_id=standing.person_id):
        return False
    last_on = end_after_ordered(session, standing, at=at)
    name = pool_name(session, pool_id=pool_id)
    standing.end_reason = "It is not paid for any more."
    sentences = [
        f"The pool {name} pays for this no more. It has ended, or whoever ordered this has left.",
        f"What is ordered already still happens, the last time on {day_words(last_on)}.",
        "After that nobody comes. You can start a new one, with your own money or another pool.",
    ]
    subject = f"It ends after {day_words(last_on)}"
    tell_person_of(session, standing, subject, sentences, key=f"pool-end/{at}", at=at)
    mine = [f"It ends. The last day is {day_words(last_on)}."]
    tell_provider_of(
        session,
        standing,
        f"A standing order ends: {day_words(last_on)}",
        mine,
        key=f"pool-end/{at}",
        at=at,
    )
    record_standing(session, standing, "standing-ended", by=None, at=at, last=last_on.isoformat())
    return True


def end_after_ordered(session: Session, standing: StandingOrder, *, at: datetime) -> date:
    """End a locked standing order after the last visit that is ordered, and return that day."""
    lives = [each for each in made_since(session, standing, at=at) if each.lives]
    days = [local_day(each.planned_at) for each in lives]
    last_on = max([local_day(at) - _DAY, *days])
    standing.ends_before = max(last_on + _DAY, standing.begins_on)
    standing.ended_at, standing.ended_by_id, standing.ended_by_name = at, None, ""
    standing.next_look_at = None
    return last_on
