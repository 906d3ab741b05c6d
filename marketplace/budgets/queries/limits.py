"""What a limit would do before it is set, and what is left under limits after an order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, type_coerce
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Role
from marketplace.budgets.models import (
    FundingLine,
    Hold,
    HoldShare,
    HoldTaking,
    LimitUse,
    Purchase,
    SpendingLimit,
)
from marketplace.budgets.queries.carried import bought_from, paid_by, with_shares
from marketplace.budgets.rules import (
    LOOK_BACK_WEEKS,
    NOBODY,
    Bought,
    Contradiction,
    HoldKind,
    Limit,
    LimitAfter,
    LimitWindow,
    Part,
    Span,
    Standing,
    Trial,
    anniversary,
    clashing_with,
    second_look,
    try_on,
    window_of,
)
from marketplace.catalogue.queries import categories, provider_names
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money

_KEPT = type_coerce(HoldShare.held - HoldShare.released - HoldShare.refunded, HoldShare.held.type)
_OPEN = type_coerce(HoldShare.held - HoldShare.captured - HoldShare.released, HoldShare.held.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a limit would do, shown before it is set."""

    limit: Limit
    trial: Trial
    """What it would have stopped in the last year."""
    clashes: tuple[Contradiction, ...]
    look_twice: tuple[str, ...]
    """Why it may come between the person and food or safety; nothing if it does not."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who can be named to be asked."""

    id: UUID
    name: str
    words: str
    """Who they are: a practitioner, or of the circle."""


def preview(session: Session, *, line_id: UUID, limit: Limit, at: datetime) -> Preview:
    """Return what a limit would have done to the last year, and how it fits what is there."""
    line, today = session.get_one(FundingLine, line_id), local_day(at)
    since = anniversary(today, today.year - 1)
    past = _past(session, line, limit, since)
    beside = [as_limit(row, limit.span) for row in _limits_of(session, line_id)]
    return Preview(
        limit=limit,
        trial=try_on(limit, past, line_starts_on=line.starts_on, since=since),
        clashes=tuple(clashing_with(limit, beside)),
        look_twice=tuple(look_twice(session, line=line, limit=limit, at=at)),
    )


def look_twice(session: Session, *, line: FundingLine, limit: Limit, at: datetime) -> list[str]:
    """Return why a limit may come between a person and food or safety."""
    since = at - timedelta(weeks=LOOK_BACK_WEEKS)
    paying = with_shares(session, [line.id])
    recent = bought(session, paying, or_(Hold.made_at >= since, _OPEN > ZERO))
    goes_on = standing_of(session, line_id=line.id, today=local_day(at))
    return second_look(limit, recent, goes_on, line_starts_on=line.starts_on)


def bought(session: Session, line_ids: Iterable[UUID], *which: ColumnElement[bool]) -> list[Bought]:
    """Return what some lines paid or still keep, order by order, the oldest first."""
    return _bought(session, HoldShare.line_id.in_(line_ids), *which)


def _bought(session: Session, *which: ColumnElement[bool]) -> list[Bought]:
    rows = (
        select(
            Hold.id,
            Hold.made_at,
            Purchase.paid_on,
            Hold.provider_id,
            Hold.kind,
            HoldShare.category,
            HoldShare.outcome_id,
            _KEPT,
        )
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .outerjoin(Purchase, Purchase.id == Hold.id)
        .where(_KEPT > ZERO, *which)
        .order_by(Hold.made_at, Hold.id, HoldShare.position)
    )
    found = [
        Bought(
            order_id=order_id,
            on=paid_on or local_day(made_at),
            provider_id=provider_id or NOBODY,
            parts=tuple(Part(category, outcome_id, kept) for *_, category, outcome_id, kept in of),
            is_order=kind is HoldKind.ORDER,
        )
        for (order_id, made_at, paid_on, provider_id, kind), of in groupby(
            session.execute(rows), key=lambda row: row[:5]
        )
    ]
    return sorted(found, key=lambda one: one.on)  # those of one day stay as they were made


def standing_of(session: Session, *, line_id: UUID, today: date) -> list[Standing]:
    """Return the standing orders that a line pays for and that go on."""
    rows = (
        select(
            Hold.id, Hold.provider_id, Hold.agreed, HoldShare.category, HoldShare.outcome_id, _KEPT
        )
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .where(HoldShare.line_id == line_id, Hold.covers_until > today)
        .order_by(Hold.id, HoldShare.position)
    )
    return [
        Standing(
            provider_id=provider_id or NOBODY,
            agreed=agreed,
            parts=tuple(Part(category, outcome_id, kept) for *_, category, outcome_id, kept in of),
        )
        for (_, provider_id, agreed), of in groupby(session.execute(rows), key=lambda row: row[:3])
    ]


def what_was_bought(session: Session, things: Sequence[Bought]) -> dict[UUID, str]:
    """Return what some orders were for, in words: "Meals, Kettle Kitchen"."""
    names = {row.slug: row.name for row in categories(session)}
    sellers = provider_names(session, provider_ids={one.provider_id for one in things})
    return {
        one.order_id: ", ".join(
            dict.fromkeys(
                [
                    *(names.get(part.category, part.category) for part in one.parts),
                    *filter(None, [sellers.get(one.provider_id)]),
                ]
            )
        )
        for one in things
    }


def limits_after_orders(
    session: Session, *, order_ids: Collection[UUID], person_id: UUID, at: datetime
) -> list[LimitAfter]:
    """Return what is left today under a person's limits that orders used of, in their words.

    An order of a pool counts under the limits of every member, which nobody else is told.
    """
    rows = (
        select(SpendingLimit, FundingLine.starts_on, LimitUse)
        .join(FundingLine, FundingLine.id == SpendingLimit.line_id)
        .join(LimitUse, LimitUse.limit_id == SpendingLimit.id)
        .where(
            FundingLine.person_id == person_id,
            SpendingLimit.ended_at.is_(None),
            SpendingLimit.id.in_(
                select(HoldTaking.limit_id).where(
                    HoldTaking.hold_id.in_(order_ids),
                    HoldTaking.window_starts_on == LimitUse.window_starts_on,
                )
            ),
        )
        .order_by(SpendingLimit.set_at, SpendingLimit.id)
    )
    found = []
    for row, starts_on, use in session.execute(rows):
        span = window_of(row.window, local_day(at), line_starts_on=starts_on)
        if span.starts_on == use.window_starts_on:
            limit = as_limit(row, span, used=use.used, used_count=use.count)
            found.append(LimitAfter(limit.label, limit.left))
    return found


def limit_of_person(session: Session, *, limit_id: UUID, person_id: UUID, at: datetime) -> Limit:
    """Return a limit on somebody's money that has not ended.

    Raises:
        NotFoundError: there is none.
    """
    stored = session.get(SpendingLimit, limit_id)
    line = session.get(FundingLine, stored.line_id) if stored else None
    if stored is None or line is None or line.person_id != person_id or stored.ended_at is not None:
        raise NotFoundError("We cannot find that limit. It may have ended.")
    return as_limit(stored, window_of(stored.window, local_day(at), line_starts_on=line.starts_on))


def limits_to_end(session: Session, *, line_id: UUID, by: Actor) -> frozenset[UUID]:
    """Return the limits of a person's line that they, or who set them, can end themselves."""
    rows = select(SpendingLimit.id, SpendingLimit.set_by_id).where(
        SpendingLimit.line_id == line_id,
        SpendingLimit.ended_at.is_(None),
        SpendingLimit.by_council.is_(False),
    )
    return frozenset(
        limit_id
        for limit_id, set_by_id in session.execute(rows)
        if by.user_id in {set_by_id, by.person_id}
    )


def who_may_be_asked(session: Session, *, line_id: UUID, by: Actor, at: datetime) -> list[Answerer]:
    """Return whom somebody can name to be asked about a line's money, besides themself.

    A person is offered the practitioners who have had to do with the line; a practitioner all
    their colleagues. Both are offered those of the circle who may say yes.
    """
    line = session.get_one(FundingLine, line_id)
    circle = [
        Answerer(decider.user_id, decider.name, "in the circle of support")
        for decider in access.deciders(session, person_id=line.person_id, at=at)
    ]
    known = _who_had_to_do_with(session, line)
    council = [
        Answerer(person.id, person.name, "of the council")
        for person, role in access.staff_of(session, organisation_id=line.council_id)
        if role is Role.PRACTITIONER and (by.organisation_id is not None or person.id in known)
    ]
    may = [*([] if line.funder.is_private else council), *circle]
    once = {one.id: one for one in reversed(may)}
    return [one for one in may if once[one.id] is one and one.id != by.user_id]


def as_limit(
    stored: SpendingLimit, span: Span, *, used: Money = ZERO, used_count: int = 0
) -> Limit:
    """Return a stored limit as a spend sees it, in one of its windows."""
    return Limit(
        id=stored.id,
        window=stored.window,
        span=span,
        amount=stored.amount,
        measure=stored.measure,
        count_max=stored.count_max,
        narrowed=stored.narrowed,
        narrowed_to=frozenset(stored.narrowed_to),
        others=stored.others,
        about=stored.about,
        kind=stored.kind,
        reason=stored.reason,
        set_by_name=stored.set_by_name,
        asks_name=stored.asks_name,
        used=used,
        used_count=used_count,
    )


def _past(session: Session, line: FundingLine, limit: Limit, since: date) -> list[Bought]:
    """Return what counts towards a year under a limit, with what lines it carries on paid."""
    counts = paid_by(session, line)
    if limit.window is LimitWindow.EVER:
        return _bought(session, counts)
    begins = window_of(limit.window, since, line_starts_on=line.starts_on).starts_on
    return _bought(session, counts, bought_from(begins))


def _limits_of(session: Session, line_id: UUID) -> list[SpendingLimit]:
    rows = select(SpendingLimit).where(
        SpendingLimit.line_id == line_id, SpendingLimit.ended_at.is_(None)
    )
    return list(session.scalars(rows.order_by(SpendingLimit.set_at, SpendingLimit.id)))


def _who_had_to_do_with(session: Session, line: FundingLine) -> set[UUID | None]:
    setters = select(SpendingLimit.set_by_id).where(SpendingLimit.line_id == line.id)
    return {line.opened_by_id, *session.scalars(setters)}
