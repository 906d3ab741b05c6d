"""Which entries grew old, and what waits too long."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import EntryReport, Group, Listing
from marketplace.community.rules import (
    DROPPED_AFTER,
    MARKED_AFTER,
    NUDGED_AFTER,
    Freshness,
    GroupState,
    ListingState,
)
from marketplace.kernel.clock import local_day

OVER = "over"
"""As what the search is told of a one-off that has been."""


def nudges_due(session: Session, *, at: datetime) -> bool:
    """Tell whether somebody is to be asked whether their entries are right."""
    due = select(Listing.id).join(Group, Group.id == Listing.group_id).where(*needs_a_nudge(at))
    return session.scalar(select(exists(due))) or False


def reports_overdue(session: Session, *, at: datetime) -> bool:
    """Tell whether a report waits longer than its council lets it."""
    late = select(EntryReport.id).where(
        EntryReport.answered_at.is_(None),
        EntryReport.passed_on_at.is_(None),
        EntryReport.due_at <= at,
    )
    return session.scalar(select(exists(late))) or False


def some_aged(session: Session, *, at: datetime) -> bool:
    """Tell whether the search has yet to hear that entries grew old."""
    changed = [and_(is_so, Listing.indexed_as != name) for name, is_so in ages(at).items()]
    rows = select(Listing.id).where(Listing.state == ListingState.OPEN, or_(*changed))
    return session.scalar(select(exists(rows))) or False


def needs_a_nudge(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of an entry whose keepers are to be asked."""
    return (
        Group.state == GroupState.SHOWN,
        Listing.state == ListingState.OPEN,
        Listing.confirmed_at <= at - NUDGED_AFTER,
        or_(Listing.nudged_at.is_(None), Listing.nudged_at < Listing.confirmed_at),
        or_(Listing.on_day.is_(None), Listing.on_day >= local_day(at)),
    )


def ages(at: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Return, for each age the search may be told of, what is true of its entries."""
    over = and_(Listing.on_day.is_not(None), Listing.on_day < local_day(at))
    going = or_(Listing.on_day.is_(None), Listing.on_day >= local_day(at))
    marked, dropped = at - MARKED_AFTER, at - DROPPED_AFTER
    return MappingProxyType(
        {
            OVER: over,
            Freshness.DROPPED: and_(going, Listing.confirmed_at < dropped),
            Freshness.MARKED: and_(
                going, Listing.confirmed_at >= dropped, Listing.confirmed_at < marked
            ),
            Freshness.FRESH: and_(going, Listing.confirmed_at >= marked, Listing.indexed_as != ""),
        }
    )
