"""Orders of today, for tests of pages, which go by the real clock."""

from datetime import datetime, timedelta

from marketplace.kernel import clock
from marketplace.orders.rules import NoteKind
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import Deal

LAST_HOUR = 23


def _before_the_last_hour() -> datetime:
    """Return this instant, or an hour before it in a day’s last: so that no test outlasts it."""
    now = clock.now()
    is_last = now.astimezone(clock.LONDON).hour == LAST_HOUR
    return now - timedelta(hours=1) if is_last else now


NOW = _before_the_last_hour()
STARTS_ON = clock.local_day(NOW)
SOON = NOW + timedelta(days=3)


def funded(make: Make, **wishes: object) -> Funded:
    """Make somebody with £100.00 to spend today."""
    return make.funded_person(starts_on=STARTS_ON, at=NOW, **wishes)  # type: ignore[arg-type]


def placed(make: Make, **wishes: object) -> Deal:
    """Place an order of today for three days from now."""
    wishes = {"funded": funded(make), "first_at": SOON, "at": NOW} | wishes
    return make.placed(**wishes)  # type: ignore[arg-type]


def delivered(make: Make, note: NoteKind = NoteKind.FULL) -> Deal:
    """Let an order be accepted, and its one visit, without a time, be noted."""
    deal = make.accepted(placed(make, first_at=None), at=NOW)
    make.noted(deal, note=note, at=NOW)
    return deal
