"""Setting and ending spending limits."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    LimitUse,
    SpendingLimit,
)
from marketplace.budgets.rules import (
    WORDS_LENGTH_MAX,
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    Span,
    check_amount,
    check_words,
    window_of,
)
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet.commands import lock_accounts

NOBODY = UUID(int=0)
"""Who sold what was bought outside the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """The most that may be spent in a window, and why. The id comes from the form."""

    window: LimitWindow
    reason: str
    amount: Money = ZERO
    kind: LimitKind = LimitKind.REFUSE
    measure: Measure = Measure.AMOUNT
    count_max: int = 0
    narrowed: Narrowing = Narrowing.NOTHING
    narrowed_to: tuple[str, ...] = ()
    others: bool = False
    about: str = ""
    """What it is narrowed to, in words."""
    asks_id: UUID | None = None
    asks_name: str = ""
    second_look: str = ""
    """Why it is right although it may come between the person and food or safety."""
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
    _check(wish)
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
        set_by_name=f"{by.name} ({by.organisation_name})" if by.organisation_name else by.name,
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
    if limit.window.adds_up:
        _count_what_was_taken(session, line, limit, at)
    _record(session, "limit-set", line, limit, by=by, at=at)
    return limit.id


def _check(wish: NewLimit) -> None:
    if wish.measure is Measure.COUNT:
        if wish.count_max < 0 or wish.amount:
            raise BadLineError("count_max", "Enter how many orders, as a whole number.")
        if wish.window is LimitWindow.ORDER and wish.count_max:
            raise BadLineError("window", "Choose over what time the orders are counted.")
    elif wish.narrowed is Narrowing.NOTHING:
        check_amount("amount", wish.amount)
    elif wish.amount < ZERO:
        raise BadLineError("amount", "Enter an amount of nothing or more, like 12.50.")
    if (wish.narrowed is Narrowing.NOTHING) != (not wish.narrowed_to):
        raise BadLineError("narrowed_to", "Choose what the limit is for.")


def _count_what_was_taken(
    session: Session, line: FundingLine, limit: SpendingLimit, at: datetime
) -> None:
    """Count what was spent in the window of today already, order by order."""
    span = window_of(limit.window, local_day(at), line_starts_on=line.starts_on)
    seen = as_limit(limit, span)
    takings: list[HoldTaking] = []
    counted: set[UUID] = set()
    for share in _taken_in(session, line, span):
        part = Part(share.category, share.outcome_id, share.kept)
        if not share.kept or not seen.covers(part, share.provider_id or NOBODY):
            continue
        takings.append(
            HoldTaking(
                hold_id=share.hold_id,
                share_id=share.id,
                limit_id=limit.id,
                window_starts_on=span.starts_on,
                amount=share.kept,
                count=0 if share.hold_id in counted else 1,
            )
        )
        counted.add(share.hold_id)
    used = total(taking.amount for taking in takings)
    counter = {"limit_id": limit.id, "window_starts_on": span.starts_on}
    session.add_all([*takings, LimitUse(**counter, used=used, count=len(counted))])


def as_limit(limit: SpendingLimit, span: Span) -> Limit:
    """Return a stored limit as a spend sees it, with nothing used of it."""
    return Limit(
        id=limit.id,
        window=limit.window,
        span=span,
        amount=limit.amount,
        measure=limit.measure,
        count_max=limit.count_max,
        narrowed=limit.narrowed,
        narrowed_to=frozenset(limit.narrowed_to),
        others=limit.others,
        about=limit.about,
        kind=limit.kind,
        reason=limit.reason,
        set_by_name=limit.set_by_name,
        asks_name=limit.asks_name,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a share has of a line's money, and for what."""

    id: UUID
    hold_id: UUID
    category: str
    outcome_id: UUID | None
    provider_id: UUID | None
    kept: Money


def _taken_in(session: Session, line: FundingLine, span: Span) -> list[_Taken]:
    kept = type_coerce(
        HoldShare.held - HoldShare.released - HoldShare.refunded, HoldShare.held.type
    )
    rows = (
        select(
            HoldShare.id, Hold.id, HoldShare.category, HoldShare.outcome_id, Hold.provider_id, kept
        )
        .join(Hold, HoldShare.hold_id == Hold.id)
        .where(HoldShare.line_id == line.id)
        .order_by(Hold.made_at, Hold.id, HoldShare.position)
    )
    if span.ends_before is not None:  # "ever" counts everything
        rows = rows.where(
            Hold.made_at >= local_instant(span.starts_on, 0, 0),
            Hold.made_at < local_instant(span.ends_before, 0, 0),
        )
    return [_Taken(*row) for row in session.execute(rows)]


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
