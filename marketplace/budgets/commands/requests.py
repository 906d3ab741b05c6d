"""Asking to go past a limit once, and answering."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.queries import Person
from marketplace.access.rules import Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.errors import (
    AnsweredAlreadyError,
    AskedAlreadyError,
    BadLineError,
    OwnLimitError,
)
from marketplace.budgets.models import FundingLine, SpendingLimit, SpendRequest
from marketplace.budgets.rules import RequestState, check_words
from marketplace.budgets.rules.lines import check_not_own
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import PENCE_MAX, ZERO, Money
from marketplace.outbox.commands import WriteLetter, write_letter

DAYS_MOST = 14
"""For how many days a yes is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOnce:
    """What somebody wants to buy although a limit stands in the way. The id is the form's."""

    request_id: UUID
    limit_id: UUID
    provider_id: UUID
    amount: Money
    what: str
    words: str
    """Why, in their own words."""


def ask_once(session: Session, wish: AskOnce, *, by: Actor, at: datetime) -> UUID:
    """Ask to go past a limit once, and write to who answers. The same form twice is one request.

    Raises:
        NotAllowedError: they may place no orders for the person.
        NotFoundError: the person has no such limit any more, or there is no such provider.
        BadLineError: the amount or the words cannot be like this.
        AskedAlreadyError: the same was asked and has no answer yet.
        OwnLimitError: they would have to answer themself.
    """
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError("Only who may place orders can ask for this.")
    # Two who ask at the same moment take turns, so that the second sees the first.
    limit = session.get(SpendingLimit, wish.limit_id, with_for_update={"key_share": True})
    line = session.get(FundingLine, limit.line_id) if limit else None
    if limit is None or line is None or line.person_id != by.buys_for:
        raise NotFoundError("We cannot find that limit.")
    earlier = session.get(SpendRequest, wish.request_id)
    if earlier is not None:
        return _same(earlier, by)
    if limit.ended_at is not None:
        raise NotFoundError("This limit has ended. You can order without asking.")
    what, words = _checked(wish)
    names = provider_names(session, provider_ids=[wish.provider_id])
    if wish.provider_id not in names:
        raise NotFoundError("We cannot find that provider.")
    _refuse_what_waits(session, wish, by)
    asked = _who_answers(session, limit, line, wish.amount, by=by, at=at)
    request = SpendRequest(
        id=wish.request_id,
        person_id=line.person_id,
        council_id=line.council_id,
        line_id=line.id,
        limit_id=limit.id,
        provider_id=wish.provider_id,
        provider_name=names[wish.provider_id],
        amount=wish.amount,
        what=what,
        words=words,
        state=RequestState.ASKED,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        asked_at=at,
        answerer_id=asked.id,
        answerer_name=asked.name,
        for_council=asked.for_council,
        answered_by_name="",
        reason="",
    )
    session.add(request)
    session.flush()
    _write_to_answerers(session, request, asked, person_name=by.person_name, at=at)
    _record(session, "limit-request-asked", request, by=by, at=at)
    return request.id


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest:
    """Yes or no to a request, and why."""

    request_id: UUID
    agree: bool
    reason: str
    days: int = DAYS_MOST
    """For how many days a yes is good."""


def answer_request(session: Session, wish: AnswerRequest, *, by: Actor, at: datetime) -> None:
    """Agree once, for some days, or turn it down; say why. The same answer again is one answer.

    Raises:
        NotFoundError: it is not theirs to answer.
        NotAllowedError: they asked it themself, or it is more than they may say yes to.
        BadLineError: the reason is missing, or it is for too long or too short.
        AnsweredAlreadyError: somebody answered it before, or it was taken back.
    """
    request = _locked(session, wish.request_id)
    if not queries.may_answer(request, by):
        raise NotFoundError("We cannot find that request.")
    _check_hands(request, by)
    answer = RequestState.AGREED if wish.agree else RequestState.TURNED_DOWN
    if request.state is not RequestState.ASKED:
        if (request.state, request.answered_by_id) == (answer, by.user_id):
            return
        raise AnsweredAlreadyError(_too_late(request))
    if wish.agree:
        _check_reach(request, by)
    words = check_words("reason", wish.reason, sentence="Say why, so that they understand.")
    if wish.agree and not 1 <= wish.days <= DAYS_MOST:
        raise BadLineError("days", f"Enter a number of days from 1 to {DAYS_MOST}.")
    request.state, request.reason = answer, words
    request.answered_by_id, request.answered_by_name, request.answered_at = by.user_id, by.name, at
    if wish.agree:
        request.expires_at = local_instant(local_day(at) + timedelta(days=wish.days + 1), 0, 0)
    _write_back(session, request, at=at)
    what = "limit-request-agreed" if wish.agree else "limit-request-turned-down"
    _record(session, what, request, by=by, at=at)


def withdraw_request(session: Session, *, request_id: UUID, by: Actor, at: datetime) -> None:
    """Take a request back before it is answered. Taking it back again changes nothing.

    Raises:
        NotFoundError: neither they nor the person whose hat they wear asked it.
        ConflictError: it was answered already.
    """
    request = _locked(session, request_id)
    theirs = by.user_id in {request.asked_by_id, request.person_id}
    if request.person_id != by.person_id or not theirs:
        raise NotFoundError("We cannot find that request.")
    if request.state is RequestState.WITHDRAWN:
        return
    if request.state is not RequestState.ASKED:
        raise AnsweredAlreadyError(_too_late(request))
    request.state = RequestState.WITHDRAWN
    request.answered_at = at
    _record(session, "limit-request-withdrawn", request, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked: somebody by name, or any practitioner of the council."""

    id: UUID | None
    name: str
    for_council: bool
    letters_to: tuple[Person, ...]


def _same(earlier: SpendRequest, by: Actor) -> UUID:
    if earlier.person_id != by.person_id:
        raise NotFoundError("We cannot find that request.")
    return earlier.id


def _checked(wish: AskOnce) -> tuple[str, str]:
    if not ZERO < wish.amount <= Money(PENCE_MAX):
        raise BadLineError("amount", "Enter an amount of more than nothing, like 12.50.")
    return (
        check_words("what", wish.what, sentence="Say what you want to buy."),
        check_words("words", wish.words, sentence="Say why you need it."),
    )


def _refuse_what_waits(session: Session, wish: AskOnce, by: Actor) -> None:
    waiting = session.scalar(
        select(SpendRequest).where(
            SpendRequest.person_id == by.buys_for,
            SpendRequest.limit_id == wish.limit_id,
            SpendRequest.provider_id == wish.provider_id,
            SpendRequest.state == RequestState.ASKED,
        )
    )
    if waiting is not None:
        raise AskedAlreadyError(waiting.answerer_name)


def _who_answers(
    session: Session,
    limit: SpendingLimit,
    line: FundingLine,
    amount: Money,
    *,
    by: Actor,
    at: datetime,
) -> _Asked:
    """Return who is asked: the first who is named and still there, and does not ask themself.

    Nobody in the circle lets more through than they may say yes to.
    """
    practitioners = {
        person.id: person
        for person, role in access.staff_of(session, organisation_id=line.council_id)
        if role is Role.PRACTITIONER
    }
    circle = {
        decider.user_id: Person(decider.user_id, decider.name, decider.email)
        for decider in access.deciders(session, person_id=line.person_id, at=at)
        if decider.reaches(amount)
    }
    if line.person_id != by.user_id:
        circle[line.person_id] = access.person(session, user_id=line.person_id)
    for user_id in filter(None, (limit.asks_id, limit.set_by_id)):
        if user_id == by.user_id:
            continue
        if user_id in circle:
            found = circle[user_id]
            return _Asked(found.id, found.name, for_council=False, letters_to=(found,))
        if user_id in practitioners and not line.funder.is_private:
            found = practitioners[user_id]
            return _Asked(found.id, found.name, for_council=True, letters_to=(found,))
    others = tuple(one for one in practitioners.values() if one.id != by.user_id)
    if limit.by_council and others:
        return _Asked(None, "the council", for_council=True, letters_to=others)
    raise OwnLimitError


def _locked(session: Session, request_id: UUID) -> SpendRequest:
    found = session.get(
        SpendRequest,
        request_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if found is None:
        raise NotFoundError("We cannot find that request.")
    return found


def _check_hands(request: SpendRequest, by: Actor) -> None:
    if request.for_council:
        check_not_own(request.person_id, by_user_id=by.user_id)
    if by.user_id == request.asked_by_id:
        raise NotAllowedError("You asked this yourself, so somebody else has to answer it.")


def _check_reach(request: SpendRequest, by: Actor) -> None:
    if by.ceiling is not None and request.amount > by.ceiling:
        raise NotAllowedError(
            f"This is {request.amount}, and you may say yes to {by.ceiling} or less. Say no, or "
            f"ask {by.person_name} to let you say yes to more."
        )


def _too_late(request: SpendRequest) -> str:
    said = {
        RequestState.AGREED: f"{request.answered_by_name} has said yes to this already. Thank you.",
        RequestState.TURNED_DOWN: (
            f"{request.answered_by_name} has said no to this already. Talk with them if you see "
            "it another way."
        ),
    }
    return said.get(request.state, "This was taken back, so it needs no answer any more.")


def _write_to_answerers(
    session: Session,
    request: SpendRequest,
    asked: _Asked,
    *,
    person_name: str,
    at: datetime,
) -> None:
    for person in asked.letters_to:
        _write(
            session,
            request,
            person,
            "limit_request",
            f"{request.asked_by_name} asks you to allow something once",
            {
                "who": request.asked_by_name,
                "person": "" if request.asked_by_id == request.person_id else person_name,
                "words": request.words,
            },
            at=at,
        )


def _write_back(session: Session, request: SpendRequest, *, at: datetime) -> None:
    agreed = request.state is RequestState.AGREED
    last = local_day(request.expires_at - timedelta(minutes=1)) if request.expires_at else None
    for user_id in sorted({request.asked_by_id, request.person_id} - {request.answered_by_id}):
        try:
            person = access.person(session, user_id=user_id)
        except NotFoundError:  # their account was closed meanwhile
            continue
        _write(
            session,
            request,
            person,
            "limit_answered",
            f"{request.answered_by_name} said {'yes' if agreed else 'no'} to what you asked",
            {
                "who": request.answered_by_name,
                "agreed": agreed,
                "reason": request.reason,
                "until": f"{last:%A} {last.day} {last:%B}" if last else "",
            },
            at=at,
        )


def _write(  # noqa: PLR0913 - private: a letter has this many sides
    session: Session,
    request: SpendRequest,
    to: Person,
    template: str,
    subject: str,
    values: Mapping[str, object],
    *,
    at: datetime,
) -> None:
    about = {
        "name": to.name,
        "what": request.what,
        "provider": request.provider_name,
        "amount": str(request.amount),
        "path": f"/requests/{request.id}",
    }
    letter = WriteLetter(
        key=f"{template}/{request.id}/{to.id}",
        to=to.email,
        subject=subject,
        template=template,
        values={**about, **values},
    )
    write_letter(session, letter, at=at)


def _record(session: Session, what: str, request: SpendRequest, *, by: Actor, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=request.person_id,
        subject_id=request.id,
        by_user_id=by.user_id,
        for_person_id=request.person_id,
        at=at,
        details={"pence": request.amount.pence},
    )
