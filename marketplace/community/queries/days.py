"""How far ahead the days of entries are written down, and for which more are due."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import Listing
from marketplace.community.rules import ListingKind, ListingState
from marketplace.kernel.clock import local_day

DAYS_AHEAD = 63
_REFRESHED_EVERY = timedelta(days=14)
TIMED = (ListingKind.ACTIVITY, ListingKind.EVENT)
"""The kinds of entries that take place on days."""


def days_are_due(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an entry soon runs out of days that are written down."""
    enough = local_day(at) + timedelta(days=DAYS_AHEAD) - _REFRESHED_EVERY
    return _without_days(enough)


def some_days_due(session: Session, *, at: datetime) -> bool:
    """Tell whether an entry soon runs out of days that are written down."""
    return session.scalar(select(Listing.id).where(days_are_due(at)).limit(1)) is not None


def some_days_missing(session: Session, *, until: date) -> bool:
    """Tell whether of some entry not all days are written down up to a day."""
    return session.scalar(select(Listing.id).where(_without_days(until)).limit(1)) is not None


def _without_days(until: date) -> ColumnElement[bool]:
    return and_(
        Listing.state == ListingState.OPEN,
        Listing.kind.in_(TIMED),
        or_(Listing.days_until.is_(None), Listing.days_until < until),
    )
