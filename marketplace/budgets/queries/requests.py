"""Requests to go past a limit once: whose they are, who answers them, what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.models import FundingLine, SpendingLimit, SpendRequest
from marketplace.budgets.queries.limits import as_limit
from marketplace.budgets.rules import Limit, RequestState, window_of
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money

TOLD_FOR = timedelta(weeks=4)
"""How long a no stays on the wallet page."""
ANSWERED_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request to go past a limit once, as pages show it."""

    id: UUID
    person_id: UUID
    person_name: str
    council_id: UUID
    limit: Limit
    line_label: str
    provider_id: UUID
    provider_name: str
    amount: Money
    what: str
    words: str
    state: RequestState
    asked_by_id: UUID
    asked_by_name: str
    asked_at: datetime
    answerer_id: UUID | None
    answerer_name: str
    for_council: bool
    answered_by_name: str
    answered_at: datetime | None
    reason: str
    expires_at: datetime | None
    used_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state is RequestState.ASKED

    @property
    def until(self) -> date | None:
        """The last day on which it may be used, if it was agreed."""
        return local_day(self.expires_at - timedelta(minutes=1)) if self.expires_at else None

    def stands(self, at: datetime) -> bool:
        """Tell whether somebody has agreed, and it can still be used."""
        agreed = self.state is RequestState.AGREED and self.used_at is None
        return agreed and self.expires_at is not None and self.expires_at > at

    def may_be_answered_by(self, by: Actor) -> bool:
        """Tell whether somebody may answer it: never whoever asked."""
        return by.user_id != self.asked_by_id and may_answer(self, by)

    def may_be_withdrawn_by(self, by: Actor) -> bool:
        """Tell whether somebody may take it back: whoever asked, or the person."""
        return (
            self.is_open
            and by.person_id == self.person_id
            and by.user_id
            in {
                self.asked_by_id,
                self.person_id,
            }
        )


def may_answer(request: RequestRow | SpendRequest, by: Actor) -> bool:
    """Tell whether a hat is one that answers a request, whoever asked."""
    if request.for_council:
        return by.may(Permission.OPEN_FUNDING_LINES) and by.works_for == request.council_id
    names_them = by.user_id == request.answerer_id and by.person_id == request.person_id
    return names_them and by.may(Permission.APPROVE_ORDERS)


OF_PERSON = (
    SpendRequest.person_id == bindparam("person_id"),
    or_(
        SpendRequest.state == RequestState.ASKED,
        and_(
            SpendRequest.state == RequestState.AGREED,
            SpendRequest.used_at.is_(None),
            SpendRequest.expires_at > bindparam("now"),
        ),
        and_(
            SpendRequest.state == RequestState.TURNED_DOWN,
            SpendRequest.answered_at > bindparam("lately"),
        ),
    ),
)
"""A person's requests that matter to them now: values are person_id, now, lately."""


def requests_of(session: Session, *, person_id: UUID, at: datetime) -> list[RequestRow]:
    """Return a person's requests that wait or may be used, and what was lately turned down."""
    asked = {"person_id": person_id, "now": at, "lately": at - TOLD_FOR}
    return _rows(session, *OF_PERSON, values=asked)


def requests_to_answer(session: Session, *, by: Actor) -> list[RequestRow]:
    """Return the requests that somebody may answer in the hat they wear, the oldest first.

    Practitioners see those of their whole council, their own first.
    """
    if not (by.may(Permission.OPEN_FUNDING_LINES) or by.may(Permission.APPROVE_ORDERS)):
        return []
    rows = _rows(session, _theirs(by), SpendRequest.state == RequestState.ASKED)
    mine = [row for row in rows if row.may_be_answered_by(by)]
    return sorted(mine, key=lambda row: (row.answerer_id != by.user_id, row.asked_at, row.id))


def requests_answered(session: Session, *, by: Actor) -> list[RequestRow]:
    """Return the requests somebody answered last, the newest first."""
    rows = _rows(session, _theirs(by), SpendRequest.answered_by_id == by.user_id)
    newest = sorted(rows, key=lambda row: (row.answered_at is not None, row.answered_at, row.id))
    return newest[::-1][:ANSWERED_MOST]


def request_for(session: Session, *, request_id: UUID, seen_by: Actor) -> RequestRow:
    """Return a request, for those whose affair it is.

    Raises:
        NotFoundError: there is none, or not for them.
    """
    rows = _rows(session, SpendRequest.id == request_id)
    if not rows or not _is_affair_of(rows[0], seen_by):
        raise NotFoundError("We cannot find that request.")
    return rows[0]


def _is_affair_of(request: RequestRow, by: Actor) -> bool:
    if may_answer(request, by):
        return True
    if by.person_id != request.person_id:
        return False
    return by.user_id == request.asked_by_id or by.may(Permission.SEE_WALLET)


def _theirs(by: Actor) -> ColumnElement[bool]:
    if by.person_id is None:
        return and_(SpendRequest.council_id == by.works_for, SpendRequest.for_council)
    return and_(SpendRequest.answerer_id == by.user_id, SpendRequest.person_id == by.person_id)


def _rows(
    session: Session, *which: ColumnElement[bool], values: Mapping[str, object] | None = None
) -> list[RequestRow]:
    rows = (
        select(SpendRequest, SpendingLimit, FundingLine)
        .join(SpendingLimit, SpendingLimit.id == SpendRequest.limit_id)
        .join(FundingLine, FundingLine.id == SpendRequest.line_id)
        .where(*which)
        .order_by(SpendRequest.asked_at, SpendRequest.id)
    )
    found: Sequence[Any] = session.execute(rows, values or {}).all()
    names = access.names_of(session, user_ids=[row[0].person_id for row in found]) if found else {}
    return [
        _row(request, limit, line, names.get(request.person_id, ""))
        for request, limit, line in found
    ]


def _row(
    request: SpendRequest, limit: SpendingLimit, line: FundingLine, person_name: str
) -> RequestRow:
    day = local_day(request.asked_at)
    span = window_of(limit.window, day, line_starts_on=line.starts_on)
    return RequestRow(
        id=request.id,
        person_id=request.person_id,
        person_name=person_name,
        council_id=request.council_id,
        limit=as_limit(limit, span),
        line_label=line.funder.label,
        provider_id=request.provider_id,
        provider_name=request.provider_name,
        amount=request.amount,
        what=request.what,
        words=request.words,
        state=request.state,
        asked_by_id=request.asked_by_id,
        asked_by_name=request.asked_by_name,
        asked_at=request.asked_at,
        answerer_id=request.answerer_id,
        answerer_name=request.answerer_name,
        for_council=request.for_council,
        answered_by_name=request.answered_by_name,
        answered_at=request.answered_at,
        reason=request.reason,
        expires_at=request.expires_at,
        used_at=request.used_at,
    )
