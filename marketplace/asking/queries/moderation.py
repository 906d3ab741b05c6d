"""Open asks, as a council's moderators read them: as providers see them, without a name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.models import Ask, Telling
from marketplace.asking.queries.person import category_names
from marketplace.asking.queries.rows import SeenAsk, seen
from marketplace.asking.rules import AskState
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToModerate:
    """An ask as a moderator reads it."""

    id: UUID
    state: AskState
    seen: SeenAsk
    asked_at: datetime
    told: int
    reason: str


def asks_to_moderate(session: Session, *, by: Actor, page: int = 1) -> Page[AskToModerate]:
    """Return a page of the open asks of a moderator's council, the newest first.

    Raises:
        NotFoundError: they are no moderator.
    """
    mine = (_looked_after(by), Ask.state == AskState.OPEN)
    count = session.scalar(select(func.count()).select_from(Ask).where(*mine)) or 0
    rows = session.execute(
        select(Ask, _told())
        .where(*mine)
        .order_by(Ask.asked_at.desc(), Ask.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    names = category_names(session)
    found = tuple(_row(ask, told, names.get(ask.category, ask.category)) for ask, told in rows)
    return Page(found, page, count)


def ask_to_moderate(session: Session, *, ask_id: UUID, by: Actor) -> AskToModerate:
    """Return one ask as a moderator reads it.

    Raises:
        NotFoundError: it is not for their council to look at, or not open.
    """
    found = session.execute(
        select(Ask, _told()).where(
            Ask.id == ask_id,
            _looked_after(by),
            Ask.state.in_([AskState.OPEN, AskState.UNANSWERED, AskState.TAKEN_DOWN]),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError
    ask, told = found
    return _row(ask, told, category_names(session).get(ask.category, ask.category))


def _looked_after(by: Actor) -> ColumnElement[bool]:
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    # What belongs to no council is everybody's who looks after such things.
    return or_(Ask.council_id == by.works_for, Ask.council_id.is_(None))


def _told() -> ColumnElement[int]:
    return select(func.count()).where(Telling.ask_id == Ask.id).correlate(Ask).scalar_subquery()


def _row(ask: Ask, told: int, category_name: str) -> AskToModerate:
    return AskToModerate(
        id=ask.id,
        state=ask.state,
        seen=seen(ask, category_name),
        asked_at=ask.asked_at,
        told=told,
        reason=ask.reason,
    )
