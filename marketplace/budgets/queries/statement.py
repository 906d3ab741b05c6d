"""What happened to a person's money, in words, with what was left after each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from marketplace.audit import queries as audit
from marketplace.audit.queries import DeedRow
from marketplace.budgets.models import FundingLine, Hold, Purchase
from marketplace.budgets.rules import Funder
from marketplace.budgets.rules.statement import KINDS, REASON_OF_DEED, words
from marketplace.catalogue.queries import provider_name_in
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_instant
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.ready import Ready, Row
from marketplace.wallet import queries as ledger
from marketplace.wallet.queries import MovementRow

ROWS = 25
NEWEST = 10
_FROM_COUNCIL = frozenset({"instalment", "clawback"})
_ELSEWHERE = frozenset({"elsewhere", "elsewhere-back"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWish:
    """Which part of a statement somebody wants to see."""

    from_on: date | None = None
    to_on: date | None = None
    """The last day of it."""
    line_id: UUID | None = None
    kind: str = ""
    """One of ``KINDS``; empty for all."""
    for_council: bool = False
    """Without the words of what was bought elsewhere: those are the person's own."""


ALL = StatementWish()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of money."""

    id: UUID
    at: datetime
    words: str
    money: str
    """Which money it was, in words; several are joined by "and"."""
    to_spend: Money
    set_aside: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """Some of what happened to a person's money, newest first."""

    lines: Sequence[StatementLine]
    older_than: tuple[datetime, UUID] | None
    """Where the next page begins; None if this is the last."""
    choices: Mapping[UUID, str]
    """The money it can be narrowed to: every line the person ever had."""
    before: Money = field(default=ZERO)
    """What was there to spend before the first of it."""
    after: Money = field(default=ZERO)


@dataclass(frozen=True, slots=True)
class _Line:
    id: UUID
    label: str
    council: str
    available_id: UUID
    held_id: UUID


@dataclass(frozen=True, slots=True)
class LatelyRow:
    """One thing that happened to money lately."""

    at: datetime
    words: str
    amount: Money


def statement(
    session: Session,
    *,
    person_id: UUID,
    wish: StatementWish = ALL,
    older_than: tuple[datetime, UUID] | None = None,
    limit: int | None = ROWS,
) -> Statement:
    """Return a page of what happened to a person's money; all of it without a ``limit``.

    Raises:
        NotFoundError: they never had the line it is narrowed to.
    """
    every = _lines(session, person_id)
    lines = [line for line in every if wish.line_id in {None, line.id}]
    if wish.line_id is not None and not lines:
        raise NotFoundError
    from_at, before_at = _instants(wish)
    rows = ledger.movements_of(
        session,
        available_ids=[line.available_id for line in lines],
        held_ids=[line.held_id for line in lines],
        from_at=from_at,
        before_at=before_at,
        reasons=KINDS[wish.kind][1] if wish.kind else (),
        older_than=older_than,
        limit=None if limit is None else limit + 1,
    )
    shown = rows if limit is None else rows[:limit]
    more = len(rows) > len(shown)
    return Statement(
        lines=_in_words(session, shown, lines, person_id, for_council=wish.for_council),
        older_than=(shown[-1].at, shown[-1].id) if more else None,
        choices={line.id: line.label for line in every},
    )


def whole_statement(session: Session, *, person_id: UUID, wish: StatementWish) -> Statement:
    """Return all of a period, oldest first, with what was there before and after it."""
    found = statement(session, person_id=person_id, wish=wish, limit=None)
    accounts = [
        line.available_id for line in _lines(session, person_id) if wish.line_id in {None, line.id}
    ]
    from_at, before_at = _instants(wish)
    before = ledger.had(session, account_ids=accounts, before_at=from_at) if from_at else ZERO
    after = ledger.had(session, account_ids=accounts, before_at=before_at or _LATEST)
    return Statement(tuple(reversed(found.lines)), None, found.choices, before, after)


_LATEST = datetime.max.replace(tzinfo=local_instant(date(2000, 1, 1), 0, 0).tzinfo)


_DEEDS = audit.newest_deeds(
    bindparam("person_id", type_=Uuid()), what=list(REASON_OF_DEED), limit=NEWEST
)
LATELY = Ready(
    select(
        _DEEDS.c.what,
        _DEEDS.c.at,
        _DEEDS.c.details,
        provider_name_in(Hold.provider_id),
        Purchase.what,
        councils.name_in(FundingLine.council_id),
    )
    .outerjoin(Hold, Hold.id == _DEEDS.c.subject_id)
    .outerjoin(Purchase, Purchase.id == _DEEDS.c.subject_id)
    .outerjoin(FundingLine, FundingLine.id == _DEEDS.c.subject_id)
    .order_by(_DEEDS.c.sequence.desc())
)


def lately(session: Session, *, person_id: UUID) -> list[LatelyRow]:
    """Return the newest movements of a person's money, with one statement, however many there are.

    They are read from the trail of deeds, where each person's stand in a row.
    """
    return lately_in(LATELY.rows(session, person_id=person_id))


def lately_in(rows: Sequence[Row]) -> list[LatelyRow]:
    """Return the newest movements of a person's money from what the database answered."""
    return [_lately_row(*row) for row in rows]


def _lately_row(
    what: str,
    at: datetime,
    details: str,
    provider: str | None,
    bought: str | None,
    council: str | None,
) -> LatelyRow:
    said = json.loads(details)
    reason = _reason(what, said)
    who = (council if reason in _FROM_COUNCIL else bought or provider) or ""
    amount = Money(int(said.get("pence", 0)))
    return LatelyRow(at, words(reason, who, amount), amount)


def _reason(what: str, said: Mapping[str, object]) -> str:
    reason = REASON_OF_DEED[what]
    return str(said.get(reason, "")) if reason in {"how", "why"} else reason


def _lines(session: Session, person_id: UUID) -> list[_Line]:
    rows = session.execute(
        select(
            FundingLine.id,
            FundingLine.funder,
            councils.name_in(FundingLine.council_id),
            FundingLine.available_account_id,
            FundingLine.held_account_id,
        )
        .where(FundingLine.person_id == person_id)
        .order_by(FundingLine.sequence, FundingLine.id)
    )
    return [
        _Line(line_id, Funder(funder).label, council, available_id, held_id)
        for line_id, funder, council, available_id, held_id in rows
    ]


def _instants(wish: StatementWish) -> tuple[datetime | None, datetime | None]:
    day = timedelta(days=1)
    return (
        local_instant(wish.from_on, 0, 0) if wish.from_on else None,
        local_instant(wish.to_on + day, 0, 0) if wish.to_on else None,
    )


def _in_words(
    session: Session,
    rows: Sequence[MovementRow],
    lines: Sequence[_Line],
    person_id: UUID,
    *,
    for_council: bool,
) -> list[StatementLine]:
    if not rows:
        return []
    of_account = {
        account_id: line for line in lines for account_id in (line.available_id, line.held_id)
    }
    touched = ledger.accounts_in(
        session, transfer_ids=[row.id for row in rows], account_ids=list(of_account)
    )
    names = _names(session, rows, person_id)
    if for_council:
        names |= {row.id: "" for row in rows if row.reason in _ELSEWHERE}
    return [
        _line(row, [of_account[account_id] for account_id in touched[row.id]], names)
        for row in rows
    ]


_Key = tuple[str, datetime, int]


def _line(row: MovementRow, lines: Sequence[_Line], names: Mapping[UUID, str]) -> StatementLine:
    labels = dict.fromkeys(line.label for line in sorted(lines, key=lambda line: line.id))
    who = names[row.id]
    if row.reason in _FROM_COUNCIL:
        who = lines[0].council
    return StatementLine(
        row.id,
        row.at,
        words(row.reason, who, row.to_spend or row.set_aside),
        " and ".join(labels),
        row.to_spend,
        row.set_aside,
        row.left,
    )


def _names(session: Session, rows: Sequence[MovementRow], person_id: UUID) -> dict[UUID, str]:
    """Return with whom or for what money moved, for each movement; "" where nobody knows.

    Its key names the order, or the deed of the same instant and amount in the person's trail does.
    """
    deeds = audit.deeds_between(
        session,
        chain_id=person_id,
        what=list(REASON_OF_DEED),
        from_at=rows[-1].at,
        to_at=rows[0].at,
    )
    named = {row.id: order_id for row in rows if (order_id := _named_in(row.key))}
    subjects = {deed.subject_id for deed in deeds} | set(named.values())
    known = {
        hold_id: bought or provider or ""
        for hold_id, bought, provider in session.execute(
            select(Hold.id, Purchase.what, provider_name_in(Hold.provider_id))
            .outerjoin(Purchase, Purchase.id == Hold.id)
            .where(Hold.id.in_(subjects))
        )
    }
    by_deed = {_key(deed): known[deed.subject_id] for deed in deeds if deed.subject_id in known}
    return {
        row.id: known[named[row.id]]
        if named.get(row.id) in known
        else by_deed.get((row.reason, row.at, _moved(row)), "")
        for row in rows
    }


def _named_in(key: str) -> UUID | None:
    """Return the order or purchase that a movement's key names, if it names one."""
    what, _, rest = key.partition("/")
    if what not in {"order", "elsewhere"}:
        return None
    try:
        return UUID(rest.partition("/")[0])
    except ValueError:
        return None


def _moved(row: MovementRow) -> int:
    return abs((row.to_spend or row.set_aside).pence)


def _key(deed: DeedRow) -> _Key:
    said = json.loads(deed.details)
    return _reason(deed.what, said), deed.at, abs(int(said.get("pence", 0)))
