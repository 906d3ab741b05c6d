"""Looking ahead for a standing order: its price, and how long the money lasts."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.budgets.queries import pool_name
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import DomainError
from marketplace.orders.commands.standing_away import tell_of_absences
from marketplace.orders.commands.standing_letters import tell_person_of
from marketplace.orders.commands.standing_locked import any_standing, course_of, state_of
from marketplace.orders.commands.standing_pool_ends import ends_without_pool
from marketplace.orders.commands.standing_prices import price_to_pay
from marketplace.orders.commands.standing_weeks import offer_to_pay
from marketplace.orders.models import StandingOrder
from marketplace.orders.queries.standing_money import money_lasts
from marketplace.orders.rules import day_words
from marketplace.orders.rules.standing_money import WARNED_AHEAD, Lasting

LOOKED_EVERY = timedelta(hours=20)


def look_ahead(session: Session, *, standing_id: UUID, at: datetime) -> bool:
    """Look after one standing order until tomorrow; tell whether there is anything to look after.

    Says early when the money will not last, once until it lasts again, and when the provider is
    away.

    Raises:
        NotFoundError: there is no such standing order.
    """
    standing = any_standing(session, standing_id)
    if not state_of(session, standing, at=at).goes_on:
        standing.next_look_at = None
        return False
    if ends_without_pool(session, standing, at=at):
        return True
    try:
        offer = offer_to_pay(session, standing, at=at)
        price_to_pay(session, standing, offer, course=course_of(session, standing), at=at)
    except DomainError:
        pass  # it is told with the week that cannot be ordered
    session.flush()
    tell_of_absences(session, standing, at=at)
    found = money_lasts(session, person_id=standing.person_id, pool_id=standing.pool_id, at=at)
    runs_out = found.missing_on is not None and found.missing_on <= local_day(at) + WARNED_AHEAD
    if not runs_out:
        standing.short_told_at = None
    elif standing.short_told_at is None:
        _tell(session, standing, found, at=at)
        standing.short_told_at = at
    standing.next_look_at = at + LOOKED_EVERY
    return True


def _tell(session: Session, standing: StandingOrder, found: Lasting, *, at: datetime) -> None:
    assert found.until is not None, "it runs out"
    if standing.pool_id is not None:
        _tell_pool(session, standing, found, at=at)
        return
    sentences = [
        f"Your money lasts until {day_words(found.until)}, if nothing changes.",
        f"On the day after, {found.missing} is missing for your standing orders.",
        "You can leave out visits, change a standing order, or ask for more money.",
    ]
    subject = f"Your money lasts until {day_words(found.until)}"
    key = f"short/{local_day(at)}"
    tell_person_of(session, standing, subject, sentences, key=key, at=at)


def _tell_pool(session: Session, standing: StandingOrder, found: Lasting, *, at: datetime) -> None:
    """Tell every member early; what is missing is missing for all that the pool has ordered."""
    assert found.until is not None, "it runs out"
    name = pool_name(session, pool_id=standing.pool_id)
    sentences = [
        f"The money in the pool {name} lasts until {day_words(found.until)}, if nothing changes.",
        f"On the day after, {found.missing} is missing for its standing orders.",
        "Every member can put money in. Whoever started it can leave out visits, or end it.",
    ]
    subject = f"The money in {name} lasts until {day_words(found.until)}"
    key = f"short/{local_day(at)}"
    tell_person_of(session, standing, subject, sentences, key=key, at=at)
