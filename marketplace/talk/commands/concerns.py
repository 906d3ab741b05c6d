"""A worry about somebody's safety: told at once to the council's team, and to nobody else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.talk.models import Concern, ConcernStep
from marketplace.talk.rules import (
    CONCERN_LENGTH_MAX,
    LINE_LENGTH_MAX,
    NOTE_LENGTH_MAX,
    CallBack,
    ConcernState,
    checked,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConcern:
    """What somebody is worried about, and how to get back to them."""

    concern_id: UUID
    council_id: UUID
    words: str
    about: str = ""
    call_back: CallBack = CallBack.NO
    reach: str = ""
    writer_name: str = ""


def write_concern(
    session: Session, wish: NewConcern, *, writer_id: UUID | None, at: datetime
) -> None:
    """Keep a concern for the council's team and write to the team; sent twice it is one.

    Neither the letter nor the trail says what it is about or who wrote it.

    Raises:
        NotFoundError: there is no such council.
        BadWordsError: there are no words, or too many, or no way to get back to them.
    """
    council = councils.council(session, council_id=wish.council_id)
    wants = wish.call_back is not CallBack.NO
    reach = checked(
        wish.reach if wants else "",
        most=LINE_LENGTH_MAX,
        needed="Enter a phone number or an e-mail address." if wants else "",
        field="reach",
    )
    values = {
        "id": wish.concern_id,
        "council_id": council.id,
        "writer_id": writer_id,
        "writer_name": checked(wish.writer_name, most=LINE_LENGTH_MAX, field="writer_name"),
        "words": checked(wish.words, most=CONCERN_LENGTH_MAX, needed="Write what worries you."),
        "about": checked(wish.about, most=LINE_LENGTH_MAX, field="about"),
        "call_back": wish.call_back,
        "reach": reach,
        "state": ConcernState.NEW,
        "written_at": at,
    }
    if not insert_once(session, Concern, values):
        return
    # Nobody is named: the trail of a council is read by more people than its team.
    _record(session, "concern-written", wish.concern_id, council.id, None, at)
    staff = access.staff_of(session, organisation_id=council.id)
    team = council.safeguarding_email or council.email
    officers = {person.email for person, role in staff if role is Role.SAFEGUARDING_OFFICER}
    # Somebody has to be able to open it: where nobody is, the administrators learn of it.
    others = {person.email for person, role in staff if role is Role.ADMINISTRATOR}
    for to in sorted({team, *(officers or others)}):
        letter = WriteLetter(
            key=f"concern/{wish.concern_id}/{to}",
            to=to,
            subject="Somebody is worried about somebody",
            template="concern_written",
            values={
                "team": council.safeguarding_team,
                "nobody": not officers,
                "path": f"/safeguarding/concerns/{wish.concern_id}",
                "staff_path": f"/councils/{council.id}/staff",
            },
        )
        write_letter(session, letter, at=at)


def take_concern(session: Session, concern_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that one looks at a concern now; saying so again changes nothing.

    Raises:
        NotFoundError: it is not a concern of their team.
    """
    concern = _locked(session, concern_id, by)
    if concern.state is not ConcernState.NEW:
        return
    _step(session, concern, ConcernState.LOOKED_AT, "", step_id=uuid4(), by=by, at=at)


def note_concern(  # noqa: PLR0913 - what, in which words, by whom and when
    session: Session,
    concern_id: UUID,
    state: ConcernState,
    note: str,
    *,
    step_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Write down what was done about a concern, and whether it is closed now.

    A closed one can be looked at again. Sent twice it is one note.

    Raises:
        NotFoundError: it is not a concern of their team.
        BadWordsError: there is no note, or it is too long.
    """
    concern = _locked(session, concern_id, by)
    words = checked(
        note, most=NOTE_LENGTH_MAX, needed="Write what was done, or why it is closed.", field="note"
    )
    if session.get(ConcernStep, step_id) is not None:
        return
    now = ConcernState.CLOSED if state is ConcernState.CLOSED else ConcernState.LOOKED_AT
    _step(session, concern, now, words, step_id=step_id, by=by, at=at)


def _locked(session: Session, concern_id: UUID, by: Actor) -> Concern:
    concern = session.get(Concern, concern_id, with_for_update=True, populate_existing=True)
    if (
        concern is None
        or not by.may(Permission.KEEP_SAFE)
        or concern.council_id != by.organisation_id
    ):
        raise NotFoundError
    return concern


def _step(  # noqa: PLR0913 - what, in which words, by whom and when
    session: Session,
    concern: Concern,
    state: ConcernState,
    note: str,
    *,
    step_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    count = select(func.count()).where(ConcernStep.concern_id == concern.id)
    number = (session.scalar(count) or 0) + 1
    session.add(
        ConcernStep(
            id=step_id,
            concern_id=concern.id,
            number=number,
            state=state,
            note=note,
            by_user_id=by.user_id,
            by_name=by.name,
            at=at,
        )
    )
    concern.state = state
    concern.closed_at = at if state is ConcernState.CLOSED else None
    what = "concern-closed" if state is ConcernState.CLOSED else "concern-looked-at"
    _record(session, what, concern.id, concern.council_id, by.user_id, at)


def _record(
    session: Session,
    what: str,
    concern_id: UUID,
    council_id: UUID,
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    record(
        session,
        what=what,
        chain_id=council_id,
        subject_id=concern_id,
        by_user_id=by_user_id,
        at=at,
    )
