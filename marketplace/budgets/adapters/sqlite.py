"""A hold on SQLite: the statements of each room, one after the other, in one writer's turn."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.queries import authority
from marketplace.audit.commands import record
from marketplace.audit.rules import Head
from marketplace.budgets.adapters import Look, Seen, Writing
from marketplace.budgets.adapters.reading import StoredLimit, StoredLine, limit_of, pot_of
from marketplace.budgets.rules import HoldKind, Limit
from marketplace.kernel.driver_sql import DriverSql
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.commands import lock_accounts, move_between_counted
from marketplace.wallet.rules import Leg, Movement

_LINES = DriverSql(
    """SELECT id, council_id, funder, holder, starts_on, ends_before, available_account_id,
        held_account_id
    FROM budget_lines
    WHERE person_id = :person AND pool_id IS NULL AND closed_at IS NULL
    ORDER BY sequence, id"""
)
_LIMITS = DriverSql(
    """SELECT l.line_id, l.id, l."window", l.measure, l.amount_pence, l.count_max, l.narrowed,
        l.narrowed_to, l.others, l.kind, u.window_starts_on, u.used_pence, u.count
    FROM budget_limits AS l
    LEFT JOIN budget_limit_uses AS u ON u.limit_id = l.id AND u.window_starts_on = (
        SELECT MAX(window_starts_on) FROM budget_limit_uses
        WHERE limit_id = l.id AND window_starts_on <= :today)
    WHERE l.line_id IN (SELECT value FROM json_each(:lines)) AND l.ended_at IS NULL"""
)
_HOLD = DriverSql("SELECT 1 FROM budget_holds WHERE id = :order")
_NEW_HOLD = DriverSql(
    """INSERT INTO budget_holds (id, person_id, council_id, kind, provider_id, made_at,
        tolerance_pence, agreed_pence, covers_until, expires_at)
    VALUES (:order, :person, :council, :kind, :provider, :at,
        :tolerance, :agreed, :covers_until, :expires_at)"""
)
_NEW_SHARES = DriverSql(
    """INSERT INTO budget_hold_shares (id, hold_id, line_id, position, category, outcome_id,
        held_pence, captured_pence, released_pence, refunded_pence)
    VALUES (:id, :order, :line, :position, :category, :outcome, :amount, 0, 0, 0)"""
)
_USE = DriverSql(
    """INSERT INTO budget_limit_uses (id, limit_id, window_starts_on, used_pence, count)
    VALUES (:id, :limit, :window, :amount, :count)
    ON CONFLICT (limit_id, window_starts_on) DO UPDATE
    SET used_pence = used_pence + :amount, count = count + :count
    -- The last wall: whatever was decided before, nobody gets past the limit.
    WHERE used_pence + :amount <= :amount_max AND count + :count <= :count_max"""
)
_NEW_TAKINGS = DriverSql(
    """INSERT INTO budget_hold_takings (id, hold_id, share_id, limit_id, window_starts_on,
        amount_pence, count)
    VALUES (:id, :order, :share, :limit, :window, :amount, :count)"""
)


class SqliteBooks:
    """Looks and writes on SQLite, where whoever writes is alone."""

    def look(self, session: Session, wish: Look) -> Seen:
        """Look at a person's wallet; nobody else can write until this transaction ends."""
        session.flush()  # these statements pass the session by
        lines = [_line(row) for row in _LINES.rows(session, {"person": wish.person_id})]
        accounts = [account for line in lines for account in (line.available_id, line.held_id)]
        balances = lock_accounts(session, accounts)
        limits = self._limits(session, lines, wish.day)
        return Seen(
            pots=[pot_of(line, balances[line.available_id], limits[line.id]) for line in lines],
            has_hold=bool(_HOLD.rows(session, {"order": wish.order_id})),
            authority=authority(
                session, user_id=wish.by_user_id, person_id=wish.person_id, at=wish.at
            )
            if wish.by_user_id
            else None,
            head=None,
        )

    def write(self, session: Session, writing: Writing, head: Head | None) -> None:
        """Write the hold, its shares, what it uses of limits, the movement, and the deed."""
        assert head is None, "the trail is read where it is written"
        order = {"order": writing.order_id}
        if writing.hold is not None:
            _NEW_HOLD.change(session, order | _hold_row(writing))
        if writing.shares:
            _NEW_SHARES.change_all(session, [order | row for row in _share_rows(writing)])
        if writing.uses:
            changed = _USE.change_all(session, _use_rows(writing))
            assert changed == len(writing.uses), "nobody can have spent since it was decided"
            _NEW_TAKINGS.change_all(session, [order | row for row in _taking_rows(writing)])
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

    def _limits(
        self, session: Session, lines: Sequence[StoredLine], day: date
    ) -> dict[UUID, list[Limit]]:
        starts = {line.id: line.starts_on for line in lines}
        wanted = json.dumps([line_id.hex for line_id in starts])
        limits: dict[UUID, list[Limit]] = defaultdict(list)
        for line_hex, *row in _LIMITS.rows(session, {"lines": wanted, "today": day}):
            line_id = UUID(line_hex)
            limits[line_id].append(limit_of(_limit(row), day, starts[line_id]))
        return limits


def _line(row: Sequence[Any]) -> StoredLine:
    line_id, council_id, funder, holder, starts_on, ends_before, available_id, held_id = row
    return StoredLine(
        UUID(line_id),
        UUID(council_id),
        funder,
        holder,
        date.fromisoformat(starts_on),
        date.fromisoformat(ends_before) if ends_before else None,
        UUID(available_id),
        UUID(held_id),
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


def _hold_row(writing: Writing) -> dict[str, object]:
    hold = writing.hold
    assert hold is not None
    return {
        "person": writing.person_id,
        "council": hold.council_id,
        "kind": HoldKind.ORDER,
        "provider": hold.provider_id,
        "at": writing.at,
        "tolerance": hold.tolerance,
        "agreed": hold.agreed,
        "covers_until": hold.covers_until,
        "expires_at": hold.expires_at,
    }


def _share_rows(writing: Writing) -> Iterator[dict[str, object]]:
    for share in writing.shares:
        yield {
            "id": share.id,
            "line": share.line_id,
            "position": share.position,
            "category": share.category,
            "outcome": share.outcome_id,
            "amount": share.amount,
        }


def _use_rows(writing: Writing) -> list[dict[str, object]]:
    return [
        {
            "id": uuid4(),
            "limit": use.limit_id,
            "window": use.window_starts_on,
            "amount": use.amount,
            "count": use.count,
            "amount_max": use.amount_max,
            "count_max": use.count_max,
        }
        for use in writing.uses
    ]


def _taking_rows(writing: Writing) -> Iterator[dict[str, object]]:
    windows = {use.limit_id: use.window_starts_on for use in writing.uses}
    for taking in writing.takings:
        yield {
            "id": uuid4(),
            "share": writing.shares[taking.share].id,
            "limit": taking.limit_id,
            "window": windows[taking.limit_id],
            "amount": taking.amount,
            "count": taking.count,
        }
