"""A hold on SQLite: the statements of each room, one after the other, in one writer's turn."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.queries import authority
from marketplace.audit.commands import record
from marketplace.budgets.adapters.books import Look, NewHold, NewShare, NewUse, Seen, Writing
from marketplace.budgets.adapters.reading import StoredLimit, StoredLine, limit_of, pot_of
from marketplace.budgets.rules import HoldKind, Limit
from marketplace.kernel.lite import driver, instant
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.commands import lock_accounts, move_between_counted
from marketplace.wallet.rules import Leg, Movement

_LINES = """SELECT id, council_id, funder, holder, starts_on, ends_before, available_account_id,
        held_account_id, only_for
    FROM budget_lines
    WHERE person_id = ? AND pool_id IS NULL AND closed_at IS NULL
    ORDER BY sequence, id"""
_LIMITS = """SELECT l.line_id, l.id, l."window", l.measure, l.amount_pence, l.count_max, l.narrowed,
        l.narrowed_to, l.others, l.kind, u.window_starts_on, u.used_pence, u.count
    FROM budget_limits AS l
    LEFT JOIN budget_limit_uses AS u ON u.limit_id = l.id AND u.window_starts_on = (
        SELECT MAX(window_starts_on) FROM budget_limit_uses
        WHERE limit_id = l.id AND window_starts_on <= ?)
    WHERE l.line_id IN (SELECT value FROM json_each(?)) AND l.ended_at IS NULL"""
_HOLD = "SELECT 1 FROM budget_holds WHERE id = ?"
_NEW_HOLD = """INSERT INTO budget_holds (id, person_id, council_id, kind, provider_id, made_at,
        tolerance_pence, agreed_pence, covers_until, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_NEW_SHARES = """INSERT INTO budget_hold_shares (id, hold_id, line_id, position, category,
        outcome_id, held_pence, captured_pence, released_pence, refunded_pence)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0)"""
_USE = """INSERT INTO budget_limit_uses (id, limit_id, window_starts_on, used_pence, count)
    VALUES (:id, :limit, :window, :amount, :count)
    ON CONFLICT (limit_id, window_starts_on) DO UPDATE
    SET used_pence = used_pence + :amount, count = count + :count
    -- The last wall: whatever was decided before, nobody gets past the limit.
    WHERE used_pence + :amount <= :amount_max AND count + :count <= :count_max"""
_NEW_TAKINGS = """INSERT INTO budget_hold_takings (id, hold_id, share_id, limit_id,
        window_starts_on, amount_pence, count)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""

Row = tuple[object, ...]


class SqliteBooks:
    """Looks and writes on SQLite, where whoever writes is alone."""

    def look(self, session: Session, wish: Look, *, locked: bool) -> Seen:
        """Look at a person's wallet; nobody else can write until this transaction ends."""
        lite = driver(session)
        lines = [_line(row) for row in lite.execute(_LINES, (wish.person_id.hex,))]
        accounts = [account for line in lines for account in (line.available_id, line.held_id)]
        balances = lock_accounts(session, accounts)
        limits = _limits(lite, lines, wish.day)
        return Seen(
            pots=[pot_of(line, balances[line.available_id], limits[line.id]) for line in lines],
            has_hold=lite.execute(_HOLD, (wish.order_id.hex,)).fetchone() is not None,
            authority=authority(
                session, user_id=wish.by_user_id, person_id=wish.person_id, at=wish.at
            )
            if wish.by_user_id
            else None,
            is_locked=True,
        )

    def write(self, session: Session, writing: Writing, mark: str | None) -> bool:
        """Write the hold, its shares, what it uses of limits, the movement, and the deed."""
        assert mark is None, "whoever writes is alone, and nothing has changed"
        lite, order = driver(session), writing.order_id.hex
        if writing.hold is not None:
            lite.execute(_NEW_HOLD, _hold_row(writing, writing.hold))
        lite.executemany(_NEW_SHARES, [_share_row(order, share) for share in writing.shares])
        if writing.uses:
            changed = lite.executemany(_USE, [_use_row(use) for use in writing.uses]).rowcount
            assert changed == len(writing.uses), "nobody can have spent since it was decided"
            lite.executemany(_NEW_TAKINGS, _taking_rows(order, writing))
        if writing.moved:
            legs = [
                leg
                for available_id, held_id, amount in writing.moved
                for leg in (Leg(available_id, -amount), Leg(held_id, amount))
            ]
            move_between_counted(session, Movement(writing.key, "hold", legs), at=writing.at)
        record(
            session,
            what=writing.what,
            chain_id=writing.person_id,
            subject_id=writing.order_id,
            by_user_id=writing.by_user_id,
            for_person_id=writing.person_id,
            at=writing.at,
            details={"pence": writing.total.pence},
        )
        return True


def _limits(
    lite: sqlite3.Connection, lines: Sequence[StoredLine], day: date
) -> dict[UUID, list[Limit]]:
    starts = {line.id: line.starts_on for line in lines}
    wanted = (day.isoformat(), json.dumps([line_id.hex for line_id in starts]))
    limits: dict[UUID, list[Limit]] = defaultdict(list)
    for line_hex, *row in lite.execute(_LIMITS, wanted):
        line_id = UUID(line_hex)
        limits[line_id].append(limit_of(_limit(row), day, starts[line_id]))
    return limits


def _line(row: Sequence[Any]) -> StoredLine:
    line_id, council_id, funder, holder, starts_on, ends_before, available_id, held_id, fence = row
    return StoredLine(
        UUID(line_id),
        UUID(council_id),
        funder,
        holder,
        date.fromisoformat(starts_on),
        date.fromisoformat(ends_before) if ends_before else None,
        UUID(available_id),
        UUID(held_id),
        () if fence == "[]" else json.loads(fence),
    )


def _limit(row: Sequence[Any]) -> StoredLimit:
    limit_id, window, measure, pence, count_max, narrowed, named, others, kind, *use = row
    window_starts_on, used_pence, used_count = use
    return StoredLimit(
        UUID(limit_id),
        window,
        measure,
        Money(pence),
        count_max,
        narrowed,
        () if named == "[]" else json.loads(named),
        bool(others),
        kind,
        date.fromisoformat(window_starts_on) if window_starts_on else None,
        Money(used_pence) if used_pence else ZERO,
        used_count or 0,
    )


def _hold_row(writing: Writing, hold: NewHold) -> Row:
    return (
        writing.order_id.hex,
        writing.person_id.hex,
        hold.council_id.hex,
        HoldKind.ORDER.value,
        hold.provider_id.hex,
        instant(writing.at),
        hold.tolerance.pence,
        hold.agreed.pence,
        hold.covers_until.isoformat() if hold.covers_until else None,
        instant(hold.expires_at) if hold.expires_at else None,
    )


def _share_row(order: str, share: NewShare) -> Row:
    return (
        share.id.hex,
        order,
        share.line_id.hex,
        share.position,
        share.category,
        share.outcome_id.hex if share.outcome_id else None,
        share.amount.pence,
    )


def _use_row(use: NewUse) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "limit": use.limit_id.hex,
        "window": use.window_starts_on.isoformat(),
        "amount": use.amount.pence,
        "count": use.count,
        "amount_max": use.amount_max.pence,
        "count_max": use.count_max,
    }


def _taking_rows(order: str, writing: Writing) -> list[Row]:
    windows = {use.limit_id: use.window_starts_on.isoformat() for use in writing.uses}
    return [
        (
            uuid4().hex,
            order,
            writing.shares[taking.share].id.hex,
            taking.limit_id.hex,
            windows[taking.limit_id],
            taking.amount.pence,
            taking.count,
        )
        for taking in writing.takings
    ]
