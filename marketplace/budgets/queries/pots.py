"""A person's funding lines as a spend sees them: every spend passes through here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.models import FundingLine, LimitUse, SpendingLimit, SpendRequest
from marketplace.budgets.queries.pool_spends import pool_refusal
from marketplace.budgets.rules import (
    Answer,
    Calendar,
    Funder,
    Holder,
    Limit,
    LimitWindow,
    Pot,
    RequestState,
    Schedule,
    Spend,
    decide_all,
    may_buy_with,
    share_label,
    window_of,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True)
class LineColumns:
    """A funding line as it is stored."""

    id: UUID
    council_id: UUID
    funder: Funder
    holder: Holder
    holder_name: str
    cost_code: str
    yearly: Money
    starts_on: date
    ends_before: date | None
    sequence: int
    next_due_on: date | None
    available_account_id: UUID
    held_account_id: UUID
    calendar: Calendar
    paid_in: Money
    pool_id: UUID | None
    part_of_line_id: UUID | None
    person_id: UUID
    only_for: list[str]
    only_words: str

    @property
    def next_instalment(self) -> tuple[date, Money] | None:
        """When the next instalment comes, and how much it is."""
        if self.next_due_on is None:
            return None
        schedule = Schedule(self.calendar, self.starts_on, self.ends_before)
        return self.next_due_on, schedule.amount(self.yearly, self.next_due_on)

    @property
    def limited_by_id(self) -> UUID:
        """The line whose limits count: a share in a pool has those of the line it came from."""
        return self.part_of_line_id if self.pool_id and self.part_of_line_id else self.id


_COLUMNS = (
    select(
        FundingLine.id,
        FundingLine.council_id,
        FundingLine.funder,
        FundingLine.holder,
        FundingLine.holder_name,
        FundingLine.cost_code,
        FundingLine.yearly,
        FundingLine.starts_on,
        FundingLine.ends_before,
        FundingLine.sequence,
        FundingLine.next_due_on,
        FundingLine.available_account_id,
        FundingLine.held_account_id,
        FundingLine.calendar,
        FundingLine.paid_in,
        FundingLine.pool_id,
        FundingLine.part_of_line_id,
        FundingLine.person_id,
        FundingLine.only_for,
        FundingLine.only_words,
    )
    .where(FundingLine.closed_at.is_(None))
    .order_by(FundingLine.sequence, FundingLine.id)
)
_LINES = _COLUMNS.where(
    FundingLine.person_id == bindparam("person_id"), FundingLine.pool_id.is_(None)
)
_POOLED_LINES = _COLUMNS.where(FundingLine.pool_id == bindparam("pool_id"))
_LIMITING = select(FundingLine.available_account_id).where(
    FundingLine.id.in_(bindparam("line_ids", expanding=True))
)
_LIMITS = (
    select(
        SpendingLimit.id,
        SpendingLimit.line_id,
        SpendingLimit.window,
        SpendingLimit.amount.label("amount"),
        SpendingLimit.kind,
        SpendingLimit.reason,
        SpendingLimit.set_by_name,
        SpendingLimit.set_at,
        SpendingLimit.measure,
        SpendingLimit.count_max,
        SpendingLimit.narrowed,
        SpendingLimit.narrowed_to,
        SpendingLimit.others,
        SpendingLimit.about,
        SpendingLimit.asks_name,
        SpendingLimit.second_look,
        LimitUse.window_starts_on,
        LimitUse.used.label("used"),
        LimitUse.count.label("used_count"),
    )
    .outerjoin(
        LimitUse,
        and_(
            LimitUse.limit_id == SpendingLimit.id,
            LimitUse.window_starts_on.in_(bindparam("windows", expanding=True)),
        ),
    )
    .where(
        SpendingLimit.line_id.in_(bindparam("line_ids", expanding=True)),
        SpendingLimit.ended_at.is_(None),
    )
    .order_by(SpendingLimit.set_at, SpendingLimit.id)
)
_EXCEPTIONS = select(SpendRequest.id, SpendRequest.limit_id).where(
    SpendRequest.person_id == bindparam("person_id"),
    SpendRequest.state == RequestState.AGREED,
    SpendRequest.used_at.is_(None),
    SpendRequest.expires_at > bindparam("at"),
    SpendRequest.provider_id == bindparam("provider_id"),
    SpendRequest.amount >= bindparam("amount"),
)


def account_ids_of(session: Session, *, person_id: UUID, pool_id: UUID | None = None) -> list[UUID]:
    """Return the accounts of a person's lines, or of a pool's: what a spend may change.

    With a pool's come those of the lines that the shares came from: they share their limits.
    """
    lines = stored_lines(session, person_id, pool_id)
    limited_by = {line.limited_by_id for line in lines} - {line.id for line in lines}
    beyond = session.scalars(_LIMITING, {"line_ids": list(limited_by)}).all() if limited_by else ()
    return [
        *(
            account_id
            for line in lines
            for account_id in (line.available_account_id, line.held_account_id)
        ),
        *beyond,
    ]


def pots_of(
    session: Session,
    *,
    person_id: UUID,
    at: datetime,
    balances: Mapping[UUID, Money] | None = None,
    pool_id: UUID | None = None,
) -> list[Pot]:
    """Return a person's lines, or a pool's, as a spend sees them, in their sequence.

    ``balances`` are those of accounts that were locked; without them they are looked up.
    """
    lines = stored_lines(session, person_id, pool_id)
    if balances is None:
        accounts = [line.available_account_id for line in lines]
        balances = ledger.balances_of(session, account_ids=accounts)
    limits = limits_of_lines(session, lines, local_day(at))
    owners = {line.person_id for line in lines} if pool_id else set()
    names = access.names_of(session, user_ids=owners) if owners else {}
    return [
        Pot(
            id=line.id,
            council_id=line.council_id,
            label=share_label(names[line.person_id], line.funder.label)
            if pool_id
            else line.funder.label,
            available_account_id=line.available_account_id,
            held_account_id=line.held_account_id,
            available=balances.get(line.available_account_id, ZERO),
            starts_on=line.starts_on,
            ends_before=line.ends_before,
            limits=tuple(limit for limit, *_ in limits[line.id]),
            next_instalment=line.next_instalment,
            may_buy=may_buy_with(
                line.funder, line.holder, only_for=line.only_for, only_words=line.only_words
            ),
            pool_id=line.pool_id,
            is_mine=line.person_id == person_id,
        )
        for line in lines
    ]


def exceptions_for(
    session: Session, *, spend: Spend, person_id: UUID, at: datetime
) -> dict[UUID, UUID]:
    """Return the limits a spend may pass once because somebody agreed, each with that request."""
    about = {"provider_id": spend.provider_id, "amount": spend.amount}
    rows = session.execute(_EXCEPTIONS, {"person_id": person_id, "at": at, **about})
    return {limit_id: request_id for request_id, limit_id in rows}


def may_buy(
    session: Session, *, person_id: UUID, spends: Sequence[Spend], at: datetime
) -> list[Answer]:
    """Answer whether some things may be bought, one after the other, and from what.

    Things with the same order id are parts of one order, as a limit for one order sees them.
    """
    answers: dict[int, Answer] = {}
    for pool_id in dict.fromkeys(spend.pool_id for spend in spends):
        numbers = [n for n, spend in enumerate(spends) if spend.pool_id == pool_id]
        of_pool = [spends[n] for n in numbers]
        found = _answers(session, of_pool, pool_id, person_id=person_id, at=at)
        answers.update(zip(numbers, found, strict=True))
    return [answers[n] for n in range(len(spends))]


def _answers(
    session: Session,
    spends: Sequence[Spend],
    pool_id: UUID | None,
    *,
    person_id: UUID,
    at: datetime,
) -> list[Answer]:
    pots = pots_of(session, person_id=person_id, at=at, pool_id=pool_id)
    answers = decide_all(spends, pots, day=local_day(at))
    if any(answer.may_ask for answer in answers):
        excepted = frozenset(
            limit_id
            for spend in spends
            for limit_id in exceptions_for(session, spend=spend, person_id=person_id, at=at)
        )
        if excepted:
            answers = decide_all(spends, pots, day=local_day(at), excepted=excepted)
    if pool_id is None:
        return answers
    whole: dict[UUID, Money] = defaultdict(lambda: ZERO)
    for spend in spends:
        whole[spend.order_id] += spend.amount
    return [
        pool_refusal(session, spend=spend, person_id=person_id, amount=whole[spend.order_id])
        or answer
        for spend, answer in zip(spends, answers, strict=True)
    ]


def paying_council(session: Session, *, person_id: UUID, at: datetime) -> UUID | None:
    """Return the council of the first line with money, or of the first line, or none."""
    day = local_day(at)
    pots = [pot for pot in pots_of(session, person_id=person_id, at=at) if pot.is_open(day)]
    paying = next((pot for pot in pots if pot.available > ZERO), next(iter(pots), None))
    return paying.council_id if paying else None


def stored_lines(
    session: Session, person_id: UUID, pool_id: UUID | None = None
) -> list[LineColumns]:
    """Return a person's open lines, or a pool's, in the sequence in which they pay."""
    if pool_id is not None:
        rows = session.execute(_POOLED_LINES, {"pool_id": pool_id})
    else:
        rows = session.execute(_LINES, {"person_id": person_id})
    return [LineColumns(**row._asdict()) for row in rows]


LinesBeside = Select[*tuple[Any, ...]]


def lines_beside(*columns: ScalarSelect[Any]) -> LinesBeside:
    """Return the statement for a person's open lines with some more columns beside each."""
    return _LINES.add_columns(*columns)


def lines_with(
    session: Session, person_id: UUID, statement: LinesBeside
) -> list[tuple[LineColumns, list[Any]]]:
    """Return a person's open lines in their sequence, each with what stands beside it."""
    rows = session.connection().execute(statement, {"person_id": person_id})
    names = LineColumns.__slots__
    return [
        (LineColumns(**dict(zip(names, row, strict=False))), list(row[len(names) :]))
        for row in rows
    ]


def limits_of_lines(
    session: Session, lines: Iterable[LineColumns], day: date
) -> dict[UUID, list[tuple[Limit, datetime, str]]]:
    """Return each line's limits on a day, since when each is there, and why it is right.

    The last is what was said at a second look, where one was taken.
    """
    lines = list(lines)
    if not lines:
        return defaultdict(list)
    starts = {line.limited_by_id: line.starts_on for line in lines}
    # Which windows there can be today is known before the limits are: so one statement does.
    windows = {
        window_of(window, day, line_starts_on=start).starts_on
        for start in set(starts.values())
        for window in LimitWindow
    }
    asked = {"line_ids": list(starts), "windows": list(windows)}
    limited = {line.limited_by_id: line.id for line in lines}
    found: dict[UUID, list[tuple[Limit, datetime, str]]] = defaultdict(list)
    rows = session.connection().execute(_LIMITS, asked).all()
    for _, same in groupby(rows, key=lambda row: row.id):
        uses = list(same)
        row = uses[0]
        span = window_of(row.window, day, line_starts_on=starts[row.line_id])
        amount, count = next(
            ((use.used, use.used_count) for use in uses if use.window_starts_on == span.starts_on),
            (ZERO, 0),
        )
        limit = Limit(
            id=row.id,
            window=row.window,
            span=span,
            amount=row.amount,
            measure=row.measure,
            count_max=row.count_max,
            narrowed=row.narrowed,
            narrowed_to=frozenset(row.narrowed_to),
            others=row.others,
            about=row.about,
            kind=row.kind,
            reason=row.reason,
            set_by_name=row.set_by_name,
            asks_name=row.asks_name,
            used=amount,
            used_count=count,
        )
        found[limited[row.line_id]].append((limit, row.set_at, row.second_look))
    return found
