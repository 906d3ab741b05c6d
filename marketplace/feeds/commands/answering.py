"""Answering whether what a source has is here already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.feeds.commands.taking import take
from marketplace.feeds.errors import AnsweredAlreadyError
from marketplace.feeds.models import Question, SourceEntry
from marketplace.feeds.queries.market import here_now, market
from marketplace.feeds.queries.sources import question_for
from marketplace.feeds.rules.answering import Answer
from marketplace.feeds.rules.planning import (
    Bundle,
    Deed,
    EntryState,
    Known,
    Part,
    Step,
    plan,
)
from marketplace.feeds.rules.said import FeedSaid, organisation_from, service_from
from marketplace.kernel.errors import NotFoundError


def answer_question(
    session: Session, *, question_id: UUID, answer: Answer, by: Actor, at: datetime
) -> None:
    """Say what something of a source is, and take it over accordingly, at once.

    Raises:
        NotFoundError: there is no such question for this council, or what was here has gone.
        AnsweredAlreadyError: somebody has answered it.
    """
    question_for(session, question_id=question_id, by=by)
    question = session.get_one(Question, question_id, with_for_update=True, populate_existing=True)
    if question.answer is not None:
        raise AnsweredAlreadyError("Somebody has answered this already.")
    question.answer, question.answered_at = answer, at
    entry = session.get_one(SourceEntry, question.entry_id)
    if answer is Answer.LEAVE_OUT:
        entry.state = EntryState.LEFT_OUT
    else:
        _take_one(session, entry, question, answer, at)
    if entry.part is Part.ORGANISATION:
        _take_waiting(session, entry, answer, at)
    record(
        session,
        what=f"feed-question-{answer.value.replace('_', '-')}",
        chain_id=by.works_for,
        subject_id=entry.id,
        by_user_id=by.user_id,
        at=at,
    )


def _take_one(
    session: Session, entry: SourceEntry, question: Question, answer: Answer, at: datetime
) -> None:
    said = (
        organisation_from(entry.said)
        if entry.part is Part.ORGANISATION
        else service_from(entry.said)
    )
    here = None
    if answer is Answer.SAME:
        here = here_now(session, [question.here_id]).get(question.here_id)
        if here is None:
            raise NotFoundError("What was here before is not here any more. Choose another answer.")
    step = Step(
        deed=Deed.LINKED if here else Deed.NEW,
        part=entry.part,
        key=entry.key,
        title=entry.title,
        said=said,
        known=_known(entry),
        here=here,
    )
    groups = []
    if entry.part is Part.SERVICE and here is None:
        groups = [_group_step(session, entry)]
    take(session, [Bundle((*groups, step))], source_id=entry.source_id, at=at)


def _group_step(session: Session, entry: SourceEntry) -> Step:
    """Return a step that changes nothing and says which group the service belongs to."""
    group = session.scalars(
        select(SourceEntry).where(
            SourceEntry.source_id == entry.source_id,
            SourceEntry.part == Part.ORGANISATION,
            SourceEntry.key == entry.organisation_key,
        )
    ).first()
    here = here_now(session, [group.target_id]) if group and group.target_id else {}
    return Step(
        deed=Deed.SAME,
        part=Part.ORGANISATION,
        key=entry.organisation_key,
        title=entry.title,
        here=next(iter(here.values()), None),
    )


def _take_waiting(
    session: Session, organisation: SourceEntry, answer: Answer, at: datetime
) -> None:
    waiting = session.scalars(
        select(SourceEntry).where(
            SourceEntry.source_id == organisation.source_id,
            SourceEntry.part == Part.SERVICE,
            SourceEntry.organisation_key == organisation.key,
            SourceEntry.state == EntryState.WAITING,
        )
    ).all()
    if answer is Answer.LEAVE_OUT:
        for entry in waiting:
            entry.state = EntryState.LEFT_OUT
        return
    session.flush()  # the plan reads what has just been written
    feed = FeedSaid(
        organisations={organisation.key: organisation_from(organisation.said)},
        services=tuple(service_from(entry.said) for entry in waiting),
        complete=False,
    )
    here = market(session, source_id=organisation.source_id)
    take(session, plan(feed, here, at=at), source_id=organisation.source_id, at=at)


def _known(entry: SourceEntry) -> Known:
    return Known(
        id=entry.id,
        part=entry.part,
        key=entry.key,
        state=EntryState.TAKEN,
        target_kind="",
        target_id=None,
        organisation_key=entry.organisation_key,
        title=entry.title,
        values={},
        digest="",
        missing_times=0,
    )
