"""The statements of one hold, sent through the driver alone."""

import re
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import make_url

from marketplace.audit.rules import Link, canonical, link_hash
from tests.bench.databases import Place
from tests.bench.filling import LINE_STARTS_ON, NOON, Buyer

POUND = 1_00
_LINES = """
    SELECT id, council_id, funder, holder, holder_name, cost_code, yearly_pence, starts_on,
        ends_before, sequence, next_due_on, available_account_id, held_account_id
    FROM budget_lines WHERE person_id = :person AND closed_at IS NULL ORDER BY sequence, id"""
_LOCK = """
    SELECT id, amount_pence FROM wallet_balances WHERE id IN (:available, :held)
    ORDER BY id {lock}"""
_EARLIER = "SELECT id, person_id, council_id, made_at FROM budget_holds WHERE id = :order"
_LIMITS = """
    SELECT id, line_id, "window", amount_pence, kind, reason, set_by_name, set_at
    FROM budget_limits WHERE line_id = :line AND ended_at IS NULL ORDER BY set_at, id"""
_USES = """
    SELECT limit_id, window_starts_on, used_pence FROM budget_limit_uses
    WHERE limit_id IN (:limit, :other_limit) AND window_starts_on = :window"""
_HOLD = """
    INSERT INTO budget_holds (id, person_id, council_id, made_at)
    VALUES (:order, :person, :council, :at) ON CONFLICT DO NOTHING RETURNING id"""
_SHARE = """
    INSERT INTO budget_hold_shares (id, hold_id, line_id, position, held_pence, captured_pence,
        released_pence, refunded_pence) VALUES (:new, :order, :line, 0, :pence, 0, 0, 0)"""
_USE = """
    UPDATE budget_limit_uses SET used_pence = used_pence + :pence
    WHERE limit_id = :limit AND window_starts_on = :window AND used_pence + :pence <= :most"""
_TAKING = """
    INSERT INTO budget_hold_takings (id, hold_id, line_id, limit_id, window_starts_on, amount_pence)
    VALUES (:new, :order, :line, :limit, :window, :pence)"""
_TRANSFER = """
    INSERT INTO wallet_transfers (id, key, reason, at) VALUES (:transfer, :key, 'hold', :at)
    ON CONFLICT (key) DO NOTHING RETURNING id"""
_KINDS = "SELECT id, kind FROM wallet_accounts WHERE id IN (:available, :held)"
_CHANGE = """
    UPDATE wallet_balances SET amount_pence = amount_pence + :pence
    WHERE id = :account AND (may_go_negative OR amount_pence + :pence >= 0)"""
_ENTRY = """
    INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    VALUES (:new, :transfer, :account, :pence)"""
_HEAD = "SELECT id, sequence, hash FROM audit_heads WHERE id = :person {lock}"
_DEED = """
    INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id, for_person_id,
        at, details, previous_hash, hash) VALUES (:new, :person, :sequence, 'money-held', :order,
        :person, :person, :at, :details, :previous, :hash)"""
_NEXT_HEAD = "UPDATE audit_heads SET sequence = :sequence, hash = :hash WHERE id = :person"

Values = dict[str, Any]


class BareHolds:
    """Sets pounds aside with nothing between the statements and the driver."""

    def __init__(self, place: Place) -> None:
        self._postgres = place.is_postgres
        self._sent = 0
        self._spelled: dict[str, str] = {}
        url = make_url(place.url)
        if self._postgres:
            address = f"host={url.query['host']} user={url.username} dbname={url.database}"
            self._pg = psycopg.connect(address, autocommit=True)
            durable = self._pg.execute("SHOW synchronous_commit").fetchone()
            assert durable == ("on",)
        else:
            self._lite = sqlite3.connect(str(url.database), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._lite.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Leave the database."""
        (self._pg if self._postgres else self._lite).close()

    def statements_of(self, buyer: Buyer) -> int:
        """Return how many statements a hold sends, begin and commit apart."""
        self._sent = 0
        self.hold(buyer)
        return self._sent

    def hold(self, buyer: Buyer) -> None:
        """Set a pound aside."""
        if self._postgres:
            with self._pg.transaction():
                self._hold(buyer)
            return
        self._lite.execute("BEGIN IMMEDIATE")
        self._hold(buyer)
        self._lite.execute("COMMIT")

    def _hold(self, buyer: Buyer) -> None:
        order_id = uuid4()
        values = self._values(buyer, order_id)
        for looked_at in (_LINES, _LOCK, _EARLIER, _LINES, _LIMITS, _USES):
            self._rows(looked_at, values)
        self._one(_HOLD, values)
        self._run(_SHARE, values | self._new())
        assert self._run(_USE, values) == 1
        self._run(_TAKING, values | self._new())
        self._move(values)
        self._note(buyer, order_id, values)

    def _move(self, values: Values) -> None:
        values = values | {"transfer": self._id(uuid4())}
        sides = [(values["held"], POUND), (values["available"], -POUND)]
        self._one(_TRANSFER, values)
        self._rows(_KINDS, values)
        for account, pence in sides:
            assert self._run(_CHANGE, {"account": account, "pence": pence}) == 1
        self._many(
            _ENTRY,
            [values | self._new() | {"account": each, "pence": pence} for each, pence in sides],
        )

    def _note(self, buyer: Buyer, order_id: UUID, values: Values) -> None:
        _, sequence, previous = self._one(_HEAD, values)
        link = Link(
            chain_id=buyer.id,
            sequence=sequence + 1,
            what="money-held",
            subject_id=order_id,
            by_user_id=buyer.id,
            for_person_id=buyer.id,
            at=NOON,
            details=canonical({"pence": POUND}),
        )
        said = {
            "sequence": link.sequence,
            "details": link.details,
            "previous": previous,
            "hash": link_hash(previous, link),
        }
        self._run(_DEED, values | self._new() | said)
        self._run(_NEXT_HEAD, values | said)

    def _values(self, buyer: Buyer, order_id: UUID) -> Values:
        return {
            "person": self._id(buyer.id),
            "council": self._id(buyer.council_id),
            "line": self._id(buyer.line_id),
            "available": self._id(buyer.available_id),
            "held": self._id(buyer.held_id),
            "limit": self._id(buyer.window_limit_id),
            "other_limit": self._id(buyer.order_limit_id),
            "most": buyer.window_most.pence,
            "window": LINE_STARTS_ON if self._postgres else LINE_STARTS_ON.isoformat(),
            "order": self._id(order_id),
            "key": f"order/{order_id}/hold",
            "at": self._moment(NOON),
            "pence": POUND,
        }

    def _id(self, number: UUID) -> object:
        return number if self._postgres else number.hex

    def _new(self) -> Values:
        return {"new": self._id(uuid4())}

    def _moment(self, at: datetime) -> object:
        return at if self._postgres else at.strftime("%Y-%m-%d %H:%M:%S.%f")

    def _rows(self, statement: str, values: Values) -> list[Any]:
        self._sent += 1
        rows: list[Any] = self._cursor(statement, values).fetchall()
        return rows

    def _one(self, statement: str, values: Values) -> Any:  # noqa: ANN401 - a driver's row
        return self._rows(statement, values)[0]

    def _run(self, statement: str, values: Values) -> int:
        self._sent += 1
        changed: int = self._cursor(statement, values).rowcount
        return changed

    def _many(self, statement: str, rows: list[Values]) -> None:
        self._sent += 1
        spelled = self._spell(statement)
        if self._postgres:
            with self._pg.cursor() as cursor:
                cursor.executemany(spelled, rows)
        else:
            self._lite.executemany(spelled, rows)

    def _cursor(self, statement: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - either
        spelled = self._spell(statement)
        if self._postgres:
            return self._pg.execute(spelled, values)
        return self._lite.execute(spelled, values)

    def _spell(self, statement: str) -> str:
        if statement not in self._spelled:
            text = statement.format(lock="FOR UPDATE" if self._postgres else "")
            if self._postgres:
                text = re.sub(r":(\w+)", r"%(\1)s", text)
            self._spelled[statement] = text
        return self._spelled[statement]
