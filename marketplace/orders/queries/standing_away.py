"""When the provider of a standing order is away: what is not planned, and who else could come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.holidays import BreakRow, breaks_of
from marketplace.catalogue.queries.instead import Instead, WantedInstead, offers_instead
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.orders.models import OrderLine, StandingOrder
from marketplace.orders.queries.standing_course import made_of
from marketplace.orders.rules import moments_words
from marketplace.orders.rules.standing import Course, Fate
from marketplace.orders.rules.standing_money import WARNED_AHEAD

_WEEK = timedelta(weeks=1)
_INSTEAD_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A holiday of the provider, and which visits are not planned because of it."""

    holiday: BreakRow
    times: tuple[datetime, ...]
    unit: str

    @property
    def words(self) -> str:
        """Which visits they are."""
        return moments_words(self.times, self.unit)


def absences(
    session: Session, standing: StandingOrder, course: Course, *, at: datetime
) -> tuple[Absence, ...]:
    """Return the holidays in the next twelve weeks on which nobody comes who would."""
    today = local_day(at)
    holidays = [
        each
        for each in breaks_of(session, provider_id=standing.provider_id, on=today)
        if each.away.starts_on <= today + WARNED_AHEAD
    ]
    if not holidays:
        return ()
    made = made_of(session, [standing], at=at)[standing.id]
    ordered = {each.planned_at for each in made}
    found = []
    for holiday in holidays:
        away = holiday.away
        times = tuple(
            each.planned_at
            for each in course.between(away.starts_on - _WEEK, away.ends_before + _WEEK)
            if each.fate is Fate.AWAY
            and away.covers(each.on)
            and each.planned_at > at
            and each.planned_at not in ordered
        )
        if times:
            found.append(Absence(holiday=holiday, times=times, unit=standing.unit))
    return tuple(found)


def who_else(
    session: Session, standing: StandingOrder, days: Iterable[date], *, at: datetime
) -> tuple[Instead, ...]:
    """Return who else does the same, near, with room, on the days nobody comes."""
    first = OrderLine.order_id == standing.first_order_id
    line = session.scalars(select(OrderLine).where(first).limit(1)).one()
    wanted = WantedInstead(
        category=line.category,
        unit=Unit(line.unit),
        of_provider=standing.provider_id,
        council_id=standing.council_id,
        language=standing.language_wish,
        gender=standing.gender_wish,
        days=tuple(sorted(set(days))),
    )
    return tuple(offers_instead(session, wanted, on=local_day(at))[:_INSTEAD_MOST])
