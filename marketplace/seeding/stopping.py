"""A store of the demonstration that stops in three weeks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders import commands
from marketplace.orders.commands import SayStop
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import rows
from marketplace.seeding.year import Event

_WEEKS = timedelta(weeks=3)


def stopping(cast: Cast) -> Iterator[Event]:
    """Give the day on which a store says that it stops: one with a standing order."""
    yield Event(cast.ago(days=1), partial(_say, cast=cast))


def _say(session: Session, at: datetime, *, cast: Cast) -> None:
    slug = rows("standing", "standing")[-1]["offer"].split("/")[0]
    owner = cast.owners[slug]
    wish = SayStop(
        stop_id=uuid5(NAMESPACE_URL, f"seed:stop/{slug}"),
        provider_id=owner.works_for,
        last_on=local_day(at + timedelta(days=1) + _WEEKS),
        reason="I move to my daughter in Wales. I am sorry to leave you.",
    )
    commands.say_stop(session, wish, by=owner, at=at)
