"""When people of the demonstration want to be reminded of their visits."""

from sqlalchemy.orm import Session

from marketplace.calendars import commands
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import rows

_WISHES = (
    Wish(evening=True, weekly=True),
    Wish(morning=True),
    Wish(evening=True, morning=True, weekly=True),
)


def remind_people(session: Session, cast: Cast) -> None:
    """Let those who keep lists, and some stores, be reminded."""
    people = [cast.people[row["person"]] for row in rows("stores", "list")]
    stores = [cast.owners[row["provider"]] for row in rows("stores", "store")]
    for number, by in enumerate([*people, *stores]):
        commands.choose_reminders(
            session,
            subject=subjects_of(by)[-1],
            wish=_WISHES[number % len(_WISHES)],
            by=by,
            at=cast.ago(days=1),
        )
