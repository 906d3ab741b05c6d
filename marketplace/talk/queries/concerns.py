"""Concerns as the council's team reads them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.talk.models import Concern, ConcernStep
from marketplace.talk.rules import CallBack, ConcernState

_BEGINNING = 120
"""So many characters of a concern stand in the list."""


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern in the team's list."""

    id: UUID
    about: str
    begins: str
    state: ConcernState
    written_at: datetime


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that the team did."""

    state: ConcernState
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernView:
    """A concern with everything that was done about it."""

    id: UUID
    about: str
    words: str
    writer_name: str
    call_back: CallBack
    reach: str
    state: ConcernState
    written_at: datetime
    steps: tuple[StepRow, ...]


def concerns_for(session: Session, *, by: Actor, page: int = 1) -> Page[ConcernRow]:
    """Return a page of the concerns of somebody's team: new ones first, then those open.

    Raises:
        NotFoundError: they are not in such a team.
    """
    council_id = _team_of(by)
    open_first = case(
        (Concern.state == ConcernState.NEW, 0),
        (Concern.state == ConcernState.LOOKED_AT, 1),
        else_=2,
    )
    count = session.scalar(select(func.count()).where(Concern.council_id == council_id)) or 0
    rows = session.execute(
        select(Concern.id, Concern.about, Concern.words, Concern.state, Concern.written_at)
        .where(Concern.council_id == council_id)
        .order_by(open_first, Concern.written_at.desc(), Concern.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    found = tuple(
        ConcernRow(concern_id, about, _beginning(words), state, at)
        for concern_id, about, words, state, at in rows
    )
    return Page(found, page, count)


def concern_for(session: Session, *, concern_id: UUID, by: Actor) -> ConcernView:
    """Return a concern of somebody's team.

    Raises:
        NotFoundError: it is not there for them.
    """
    council_id = _team_of(by)
    concern = session.get(Concern, concern_id)
    if concern is None or concern.council_id != council_id:
        raise NotFoundError
    steps = session.scalars(
        select(ConcernStep).where(ConcernStep.concern_id == concern_id).order_by(ConcernStep.number)
    )
    return ConcernView(
        id=concern.id,
        about=concern.about,
        words=concern.words,
        writer_name=concern.writer_name,
        call_back=concern.call_back,
        reach=concern.reach,
        state=concern.state,
        written_at=concern.written_at,
        steps=tuple(StepRow(step.state, step.note, step.by_name, step.at) for step in steps),
    )


def _team_of(by: Actor) -> UUID:
    if not by.may(Permission.KEEP_SAFE):
        raise NotFoundError
    return by.works_for


def _beginning(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _BEGINNING else line[: _BEGINNING - 1].rstrip() + "…"
