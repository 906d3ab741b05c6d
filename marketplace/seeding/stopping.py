"""A store of the demonstration that stops in three weeks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayStop
from marketplace.seeding.cast import Cast
from marketplace.seeding.year import Event

_WEEKS = timedelta(weeks=3)


def stopping(cast: Cast) -> Iterator[Event]:
    """Give the day on which a store says that it stops: that with the most people who go on."""
    yield Event(cast.ago(days=1), partial(_say, cast=cast))


def _say(session: Session, at: datetime, *, cast: Cast) -> None:
    concerned = {
        slug: queries.how_many_are_concerned(session, provider_id=owner.works_for, at=at + _WEEKS)
        for slug, owner in cast.owners.items()
    }
    slug = max(sorted(concerned), key=lambda each: concerned[each])
    owner = cast.owners[slug]
    wish = SayStop(
        stop_id=uuid5(NAMESPACE_URL, f"seed:stop/{slug}"),
        provider_id=owner.works_for,
        last_on=local_day(at + timedelta(days=1) + _WEEKS),
        reason="I move to my daughter in Wales. I am sorry to leave you.",
    )
    commands.say_stop(session, wish, by=owner, at=at)
