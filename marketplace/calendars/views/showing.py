"""What every page of a calendar shows, whoever's it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from sqlalchemy.orm import Session

from marketplace.calendars.queries import Asked
from marketplace.calendars.rules.entries import Day, Entry, by_day
from marketplace.calendars.rules.weeks import Month, Week
from marketplace.database import reading
from marketplace.kernel import clock

Entries = Callable[[Session, Asked], Sequence[Entry]]
"""Reads what stands in a calendar between two days."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a calendar: when it is, and which day that is."""

    at: datetime
    today: date

    @classmethod
    def now(cls) -> "Look":
        """Return a look at this instant."""
        at = clock.now()
        return cls(at, clock.local_day(at))

    @property
    def week(self) -> Week:
        """The week in which it is."""
        return Week.of(self.today)


def days_of_week(session: Session, look: Look, week: Week, entries: Entries) -> tuple[Day, ...]:
    """Return the days of a week with what is on."""
    asked = Asked(week.starts_on, week.ends_before, look.at)
    return by_day(_shown(entries(session, asked)), week.days)


def month_page(template: str, month: Month, entries: Entries, **values: object) -> str:
    """Show a month as a table of its weeks."""
    look = Look.now()
    asked = Asked(month.weeks[0].starts_on, month.weeks[-1].ends_before, look.at)
    with reading() as session:
        found = _shown(entries(session, asked))
    return render_template(
        template,
        month=month,
        rows=[(week, by_day(found, week.days)) for week in month.weeks],
        is_empty=not any(entry.on and Month.of(entry.on) == month for entry in found),
        today=look.today,
        this_month=Month.of(look.today),
        **values,
    )


def _shown(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.hidden]
