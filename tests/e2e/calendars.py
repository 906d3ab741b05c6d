"""A week with visits in it, a calendar in a phone, and the letters that remind of it."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.access.rules import Actor
from marketplace.calendars import commands
from marketplace.calendars.adapters.links import stop_token
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.web.site import settings
from tests.factories import Make


def add_calendars(
    make: Make, actors: Mapping[str, Actor], *, now: datetime
) -> dict[str, list[str]]:
    """Let the person and a supporter follow the calendar; return the page that stops letters."""
    person, key = actors["person"], settings().secret_key
    with make.block() as session:
        for by in (person, actors["supporter"]):
            wish = FollowCalendar(subjects_of(by)[0])
            own = commands.follow(session, wish, secret_key=key, by=by, at=now)
            commands.choose_reminders(
                session, subject=wish.subject, wish=Wish(evening=True), by=by, at=now
            )
    return {"stranger": [f"/calendar/stop/{stop_token(key, own)}"]}
