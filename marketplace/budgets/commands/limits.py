"""Setting and ending spending limits."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.commands.counting import count_what_was_taken
from marketplace.budgets.commands.wishes import (
    NewLimit,
    author_name,
    check_wish,
    limit_of,
    line_to_limit,
    spell_out,
)
from marketplace.budgets.errors import SecondLookError
from marketplace.budgets.models import FundingLine, SpendingLimit, SpendRequest
from marketplace.budgets.rules import (
    WORDS_LENGTH_MAX,
    Limit,
    RequestState,
    check_words,
    window_of,
)
from marketplace.budgets.rules.lines import check_not_own
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.wallet.commands import lock_accounts

SET_AWAY = "The limit was ended, so nobody needs to be asked."


def set_limit(session: Session, *, line_id: UUID, limit: NewLimit, by: Actor, at: datetime) -> UUID:
    """Set a limit on a line and return its id. What was spent in its window already counts.

    Raises:
        NotAllowedError: they may set no limit on this line.
        NotFoundError: neither their council nor the person whose hat they wear has such a line.
        BadLineError: an amount, a name or the reason cannot be like this.
        SecondLookError: it may come between the person and food or safety, and nobody said why.
    """
    line = line_to_limit(session, line_id, by)
    lock_accounts(session, [line.available_account_id, line.held_account_id])
    if session.get(SpendingLimit, limit.limit_id) is not None:
        return add_limit(session, line, limit, by=by, at=at)
    wish = spell_out(session, line, limit, by=by, at=at)
    reasons = queries.look_twice(
        session, line=line, limit=limit_of(line, wish, by=by, at=at), at=at
    )
    if reasons and not wish.second_look.strip():
        raise SecondLookError(reasons)
    if not reasons:
        wish = replace(wish, second_look="")
    return add_limit(session, line, wish, by=by, at=at)


def end_limit(
    session: Session, *, limit_id: UUID, by: Actor, at: datetime, reason: str = ""
) -> None:
    """End a limit; it stays in the history. Ending it again changes nothing.

    Who set a limit can end it. The council can end any on its money, and says why. The person can
    end any that their circle set.

    Raises:
        NotAllowedError: it is the council's, or somebody else's.
        NotFoundError: there is none on their lines.
        BadLineError: a reason is missing.
    """
    limit = session.get(SpendingLimit, limit_id, with_for_update={"key_share": True})
    if limit is None:
        raise NotFoundError
    line = session.get_one(FundingLine, limit.line_id)
    _check_may_end(line, limit, by)
    if limit.ended_at is not None:
        return
    if by.organisation_id is not None and by.user_id != limit.set_by_id:
        check_words("reason", reason, sentence="Say why this limit ends.")
    limit.ended_at = at
    limit.ended_by_name = author_name(by)
    limit.ended_reason = " ".join(reason.split())[:WORDS_LENGTH_MAX]
    session.execute(
        update(SpendRequest)
        .where(SpendRequest.limit_id == limit_id, SpendRequest.state == RequestState.ASKED)
        .values(state=RequestState.WITHDRAWN, reason=SET_AWAY, answered_at=at)
    )
    _record(session, "limit-ended", line, limit, by=by, at=at)


def end_limits_of(session: Session, line: FundingLine, *, at: datetime) -> None:
    """End all limits of a line that is closed; nobody needs to be asked about them any more."""
    # The limits before the requests, as everywhere.
    session.execute(
        update(SpendingLimit)
        .where(SpendingLimit.line_id == line.id, SpendingLimit.ended_at.is_(None))
        .values(ended_at=at)
    )
    session.execute(
        update(SpendRequest)
        .where(SpendRequest.line_id == line.id, SpendRequest.state == RequestState.ASKED)
        .values(state=RequestState.WITHDRAWN, reason=SET_AWAY, answered_at=at)
    )


def limit_to_end(session: Session, *, limit_id: UUID, by: Actor, at: datetime) -> Limit:
    """Return a limit that somebody may end, as it stands today.

    Raises:
        NotAllowedError: it is the council's, or somebody else's.
        NotFoundError: there is none on their lines.
    """
    limit = session.get(SpendingLimit, limit_id)
    if limit is None:
        raise NotFoundError
    line = session.get_one(FundingLine, limit.line_id)
    _check_may_end(line, limit, by)
    return queries.as_limit(
        limit, window_of(limit.window, local_day(at), line_starts_on=line.starts_on)
    )


def _check_may_end(line: FundingLine, limit: SpendingLimit, by: Actor) -> None:
    if by.person_id is None:
        if not by.may(Permission.OPEN_FUNDING_LINES):
            raise NotAllowedError("Only a practitioner of a council can change a limit.")
        if line.council_id != by.works_for:
            raise NotFoundError
        check_not_own(line.person_id, by_user_id=by.user_id)
        if line.funder.is_private and not limit.by_council:
            raise NotAllowedError("This is their own money. Only they can end this limit.")
        return
    if line.person_id != by.person_id:
        raise NotFoundError
    if limit.by_council:
        raise NotAllowedError(f"{limit.set_by_name} set this limit. Ask them to end it.")
    if by.user_id not in {limit.set_by_id, line.person_id}:
        raise NotAllowedError(f"{limit.set_by_name} set this limit. Only they can end it.")


def add_limit(
    session: Session, line: FundingLine, wish: NewLimit, *, by: Actor, at: datetime
) -> UUID:
    """Add a limit to a line whose accounts are locked, or that nobody has seen yet."""
    earlier = session.get(SpendingLimit, wish.limit_id)
    if earlier is not None:
        if earlier.line_id != line.id:
            raise NotFoundError
        return earlier.id
    check_wish(wish)
    limit = SpendingLimit(
        id=wish.limit_id,
        line_id=line.id,
        window=wish.window,
        measure=wish.measure,
        amount=wish.amount,
        count_max=wish.count_max,
        narrowed=wish.narrowed,
        narrowed_to=sorted(set(wish.narrowed_to)),
        others=wish.others,
        about=wish.about.strip(),
        kind=wish.kind,
        reason=check_words("reason", wish.reason, sentence="Say why there is this limit."),
        set_by_id=by.user_id,
        set_by_name=author_name(by),
        by_council=by.organisation_id is not None,
        second_look=" ".join(wish.second_look.split())[:WORDS_LENGTH_MAX],
        asks_id=wish.asks_id,
        asks_name=wish.asks_name.strip(),
        set_at=at,
        ended_by_name="",
        ended_reason="",
    )
    session.add(limit)
    session.flush()  # what was taken refers to the limit
    count_what_was_taken(session, line, limit, at)
    _record(session, "limit-set", line, limit, by=by, at=at)
    return limit.id


def _record(
    session: Session,
    what: str,
    line: FundingLine,
    limit: SpendingLimit,
    *,
    by: Actor,
    at: datetime,
) -> None:
    record(
        session,
        what=what,
        chain_id=line.person_id,
        subject_id=limit.id,
        by_user_id=by.user_id,
        for_person_id=line.person_id,
        at=at,
        details={"window": limit.window.value, "pence": limit.amount.pence},
    )
