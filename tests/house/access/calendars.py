"""Fills one side of the world with calendars that are followed, and reminders."""

from datetime import datetime
from uuid import UUID

from marketplace.access.rules import Actor, Scope
from marketplace.calendars import commands
from marketplace.calendars.adapters.links import stop_token
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.models import Feed
from marketplace.calendars.rules.addresses import secret_of
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.kernel.clock import local_day
from marketplace.web.site import settings
from tests.factories import Make
from tests.house.access.side import Side


def fill_calendars(make: Make, side: Side, *, at: datetime) -> None:
    """Let the person and a supporter put the calendar in their phones, and be reminded."""
    person, today = side.funded.person, local_day(at)
    year, week, _ = today.isocalendar()
    own, own_secret = _follow(make, person, at)
    other, _ = _follow(make, side.supporters[Scope.SEE], at)
    with make.block() as session:
        commands.choose_reminders(
            session, subject=subjects_of(person)[0], wish=Wish(evening=True), by=person, at=at
        )
    side.objects["calendar_week"] = {"year": year, "number": week}
    side.objects["calendar_month"] = {"year": today.year, "number": today.month}
    side.objects["calendar_feed"] = {"secret": own_secret}
    side.objects["calendar_follower"] = {"feed_id": other}
    side.objects["stop_link"] = {"token": stop_token(settings().secret_key, own)}


def _follow(make: Make, by: Actor, at: datetime) -> tuple[UUID, str]:
    key = settings().secret_key
    wish = FollowCalendar(subjects_of(by)[0])
    with make.block() as session:
        feed_id = commands.follow(session, wish, secret_key=key, by=by, at=at)
        return feed_id, secret_of(key, feed_id, session.get_one(Feed, feed_id).salt)
