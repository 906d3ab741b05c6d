"""Whose spending a line's limits count: its own, its pools', and that of lines it carries on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Hold, HoldShare, Purchase
from marketplace.kernel.clock import local_instant


def paid_by(session: Session, line: FundingLine) -> ColumnElement[bool]:
    """Tell which shares of which holds count under a line's limits.

    A line counts what it and its shares in pools pay, all that was paid by the lines it follows,
    and what was paid by the one it is a part of until the two were parted.
    """
    counted: list[ColumnElement[bool]] = []
    until: datetime | None = None
    one: FundingLine | None = line
    seen: set[UUID] = set()
    while one is not None and one.id not in seen:
        chain, origin = _chain(session, one)
        seen.update(each.id for each in chain)
        theirs = HoldShare.line_id.in_(with_shares(session, [each.id for each in chain]))
        counted.append(theirs if until is None else and_(theirs, Hold.made_at <= until))
        one, until = origin, chain[-1].opened_at
    return or_(*counted)


def bought_from(day: date) -> ColumnElement[bool]:
    """Tell whether something was bought on a day or later; joined with ``Purchase``.

    An order was on the day it was placed, what was bought elsewhere on the day it was paid:
    that is the window it counts in, however late it was written down.
    """
    ordered = and_(Purchase.id.is_(None), Hold.made_at >= local_instant(day, 0, 0))
    return or_(ordered, Purchase.paid_on >= day)


def bought_before(day: date) -> ColumnElement[bool]:
    """Tell whether something was bought before a day; joined with ``Purchase``."""
    ordered = and_(Purchase.id.is_(None), Hold.made_at < local_instant(day, 0, 0))
    return or_(ordered, Purchase.paid_on < day)


def with_shares(session: Session, line_ids: Sequence[UUID]) -> list[UUID]:
    """Return some lines and their shares in pools: what those pay counts under their limits."""
    shares = select(FundingLine.id).where(
        FundingLine.part_of_line_id.in_(line_ids), FundingLine.pool_id.is_not(None)
    )
    return [*line_ids, *session.scalars(shares)]


def _chain(session: Session, line: FundingLine) -> tuple[list[FundingLine], FundingLine | None]:
    """Return a line with those it follows, newest first, and what the oldest is a part of."""
    found = [line]
    while (before := found[-1].follows_line_id) is not None:
        found.append(session.get_one(FundingLine, before))
    origin_id = None if found[-1].pool_id else found[-1].part_of_line_id
    return found, session.get_one(FundingLine, origin_id) if origin_id else None
