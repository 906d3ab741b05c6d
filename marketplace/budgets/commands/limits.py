"""Setting and ending spending limits."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    LimitUse,
    SpendingLimit,
)
from marketplace.budgets.rules import (
    LimitKind,
    LimitWindow,
    Span,
    check_amount,
    check_words,
    window_of,
)
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money, total
from marketplace.wallet.commands import lock_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """The most that may be spent in a window, and why. The id comes from the form."""

    window: LimitWindow
    amount: Money
    reason: str
    kind: LimitKind = LimitKind.REFUSE
    limit_id: UUID = field(default_factory=uuid4)


def set_limit(session: Session, *, line_id: UUID, limit: NewLimit, by: Actor, at: datetime) -> UUID:
    """Set a limit on a line and return its id. What was spent in its window already counts.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: the amount or the reason cannot be like this.
    """
    line = _line_of_their_council(session, line_id, by)
    lock_accounts(session, [line.available_account_id, line.held_account_id])
    return add_limit(session, line, limit, by=by, at=at)


def end_limit(session: Session, *, limit_id: UUID, by: Actor, at: datetime) -> None:
    """End a limit; it stays in the history. Ending it again changes nothing.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has set no such limit.
    """
    limit = session.get(SpendingLimit, limit_id)
    if limit is None:
        raise NotFoundError
    line = _line_of_their_council(session, limit.line_id, by)
    if limit.ended_at is not None:
        return
    limit.ended_at = at
    _record(session, "limit-ended", line, limit, by=by, at=at)


def add_limit(
    session: Session, line: FundingLine, wish: NewLimit, *, by: Actor, at: datetime
) -> UUID:
    """Add a limit to a line whose accounts are locked, or that nobody has seen yet."""
    earlier = session.get(SpendingLimit, wish.limit_id)
    if earlier is not None:
        if earlier.line_id != line.id:
            raise NotFoundError
        return earlier.id
    check_amount("amount", wish.amount)
    limit = SpendingLimit(
        id=wish.limit_id,
        line_id=line.id,
        window=wish.window,
        amount=wish.amount,
        kind=wish.kind,
        reason=check_words("reason", wish.reason, sentence="Say why there is this limit."),
        set_by_id=by.user_id,
        set_by_name=f"{by.name} ({by.organisation_name})",
        set_at=at,
    )
    session.add(limit)
    session.flush()  # what was taken refers to the limit
    if limit.window.adds_up:
        _count_what_was_taken(session, line, limit, at)
    _record(session, "limit-set", line, limit, by=by, at=at)
    return limit.id


def _count_what_was_taken(
    session: Session, line: FundingLine, limit: SpendingLimit, at: datetime
) -> None:
    span = window_of(limit.window, local_day(at), line_starts_on=line.starts_on)
    takings = [
        HoldTaking(
            hold_id=hold_id,
            line_id=line.id,
            limit_id=limit.id,
            window_starts_on=span.starts_on,
            amount=amount,
        )
        for hold_id, amount in _taken_in(session, line, span)
        if amount
    ]
    used = total(taking.amount for taking in takings)
    session.add_all(
        [*takings, LimitUse(limit_id=limit.id, window_starts_on=span.starts_on, used=used)]
    )


def _taken_in(session: Session, line: FundingLine, span: Span) -> list[tuple[UUID, Money]]:
    taken = type_coerce(
        HoldShare.held - HoldShare.released - HoldShare.refunded, HoldShare.held.type
    )
    rows = (
        select(Hold.id, taken)
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .where(HoldShare.line_id == line.id)
    )
    if span.ends_before is not None:  # "ever" counts everything
        rows = rows.where(
            Hold.made_at >= local_instant(span.starts_on, 0, 0),
            Hold.made_at < local_instant(span.ends_before, 0, 0),
        )
    return [(hold_id, amount) for hold_id, amount in session.execute(rows)]


def _line_of_their_council(session: Session, line_id: UUID, by: Actor) -> FundingLine:
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can change a limit.")
    line = session.get(FundingLine, line_id)
    if line is None or line.council_id != by.works_for:
        raise NotFoundError
    return line


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
