"""One hold through the driver alone: the same reads, writes and locks, and nothing in between.

On SQLite it is the statements that the command sends, through ``sqlite3``. On PostgreSQL it is one
function that does all of it in one round trip, called through ``psycopg``: as fast as it can be.
"""

import json
import random
import sqlite3
import time
from datetime import UTC
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import make_url

from marketplace.audit.rules import Link, canonical, link_hash
from tests.bench.databases import Place
from tests.bench.filling import NOON, WINDOWS, Buyer

POUND = 1_00
PROVIDER = UUID(int=7)
NOON_HERE = NOON.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
TODAY = NOON.date().isoformat()
RETRY_SECONDS = 0.0002

LITE = {
    "may": """SELECT circle.id, circle.scopes, circle.ceiling_pence FROM access_users AS acting
        JOIN access_users AS person ON person.id = :person
        LEFT JOIN access_supporters AS circle
            ON circle.person_id = person.id AND circle.supporter_id = acting.id
            AND circle.accepted_at IS NOT NULL AND circle.ended_at IS NULL
            AND (circle.ends_before IS NULL OR circle.ends_before > :today)
        WHERE acting.id = :person AND acting.closed_at IS NULL AND person.closed_at IS NULL
        ORDER BY circle.accepted_at DESC, circle.id LIMIT 1""",
    "lines": """SELECT id, council_id, funder, holder, starts_on, ends_before,
            available_account_id, held_account_id, only_for FROM budget_lines
        WHERE person_id = :person AND pool_id IS NULL AND closed_at IS NULL
        ORDER BY sequence, id""",
    "balances": """SELECT id, amount_pence FROM wallet_balances
        WHERE id IN (SELECT value FROM json_each(:accounts))""",
    "limits": """SELECT l.line_id, l.id, l."window", l.measure, l.amount_pence, l.count_max,
            l.narrowed, l.narrowed_to, l.others, l.kind,
            u.window_starts_on, u.used_pence, u.count
        FROM budget_limits AS l LEFT JOIN budget_limit_uses AS u
            ON u.limit_id = l.id AND u.window_starts_on = (
                SELECT MAX(window_starts_on) FROM budget_limit_uses
                WHERE limit_id = l.id AND window_starts_on <= :today)
        WHERE l.line_id IN (SELECT value FROM json_each(:lines)) AND l.ended_at IS NULL""",
    "earlier": "SELECT 1 FROM budget_holds WHERE id = :order",
    "hold": """INSERT INTO budget_holds (id, person_id, council_id, kind, provider_id, made_at,
            tolerance_pence, agreed_pence, covers_until, expires_at)
        VALUES (:order, :person, :council, 'order', :provider, :at, 0, 0, NULL, NULL)""",
    "share": """INSERT INTO budget_hold_shares (id, hold_id, line_id, position, category,
            outcome_id, held_pence, captured_pence, released_pence, refunded_pence)
        VALUES (:share, :order, :line, 0, 'company', NULL, :pence, 0, 0, 0)""",
    "use": """INSERT INTO budget_limit_uses (id, limit_id, window_starts_on, used_pence, count)
        VALUES (:id, :limit, :window, :pence, 1)
        ON CONFLICT (limit_id, window_starts_on) DO UPDATE
        SET used_pence = used_pence + :pence, count = count + 1
        WHERE used_pence + :pence <= :most AND count + 1 <= 2147483647""",
    "taking": """INSERT INTO budget_hold_takings (id, hold_id, share_id, limit_id,
            window_starts_on, amount_pence, count)
        VALUES (:id, :order, :share, :limit, :window, :pence, 1)""",
    "transfer": """INSERT INTO wallet_transfers (id, key, reason, at)
        VALUES (:transfer, :key, 'hold', :at) ON CONFLICT (key) DO NOTHING""",
    "change": """UPDATE wallet_balances SET amount_pence = amount_pence + :pence
        WHERE id = :account AND (may_go_negative OR amount_pence + :pence >= 0)""",
    "entry": """INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
        VALUES (:id, :transfer, :account, :pence)""",
    "head": "SELECT sequence, hash FROM audit_heads WHERE id = :person",
    "deed": """INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id,
            for_person_id, at, details, previous_hash, hash)
        VALUES (:id, :person, :sequence, 'money-held', :order, :person, :person, :at,
            :details, :previous, :hash)""",
    "next": "UPDATE audit_heads SET sequence = :sequence, hash = :hash WHERE id = :person",
}

POSTGRES = """
CREATE OR REPLACE FUNCTION bench_hold(p_person uuid, p_order uuid, p_council uuid, p_provider uuid,
    p_pence bigint, p_at timestamptz, p_at_words text, p_windows date[]) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_line record; v_limit record; v_head record; v_share uuid := gen_random_uuid();
    v_transfer uuid := gen_random_uuid(); v_details text; v_hash text; v_changed integer;
    v_limits uuid[] := '{}'; v_starts date[] := '{}';
BEGIN
    PERFORM 1 FROM access_users acting JOIN access_users person ON person.id = p_person
    LEFT JOIN access_supporters circle ON circle.person_id = person.id
        AND circle.supporter_id = acting.id AND circle.accepted_at IS NOT NULL
        AND circle.ended_at IS NULL
    WHERE acting.id = p_person AND acting.closed_at IS NULL AND person.closed_at IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM 1 FROM wallet_balances b WHERE b.id = ANY (ARRAY(
        SELECT unnest(ARRAY[l.available_account_id, l.held_account_id]) FROM budget_lines l
        WHERE l.person_id = p_person AND l.pool_id IS NULL AND l.closed_at IS NULL))
    ORDER BY b.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM budget_holds WHERE id = p_order) THEN RETURN false; END IF;
    SELECT l.*, b.amount_pence AS available INTO v_line
    FROM budget_lines l JOIN wallet_balances b ON b.id = l.available_account_id
    WHERE l.person_id = p_person AND l.pool_id IS NULL AND l.closed_at IS NULL
    ORDER BY l.sequence, l.id LIMIT 1;
    IF v_line.available < p_pence THEN RETURN false; END IF;
    FOR v_limit IN
        SELECT l.id, l.amount_pence, u.window_starts_on, u.used_pence
        FROM budget_limits l LEFT JOIN LATERAL (
            SELECT used.window_starts_on, used.used_pence FROM budget_limit_uses used
            WHERE used.limit_id = l.id AND used.window_starts_on <= p_at::date
            ORDER BY used.window_starts_on DESC LIMIT 1) u ON true
        WHERE l.line_id = v_line.id AND l.ended_at IS NULL
    LOOP
        IF v_limit.used_pence + p_pence > v_limit.amount_pence THEN RETURN false; END IF;
        v_limits := v_limits || v_limit.id;
        v_starts := v_starts || v_limit.window_starts_on;
    END LOOP;
    INSERT INTO budget_holds (id, person_id, council_id, kind, provider_id, made_at,
        tolerance_pence, agreed_pence)
    VALUES (p_order, p_person, p_council, 'order', p_provider, p_at, 0, 0);
    INSERT INTO budget_hold_shares (id, hold_id, line_id, position, category, held_pence,
        captured_pence, released_pence, refunded_pence)
    VALUES (v_share, p_order, v_line.id, 0, 'company', p_pence, 0, 0, 0);
    INSERT INTO budget_limit_uses AS u (id, limit_id, window_starts_on, used_pence, count)
    SELECT gen_random_uuid(), x.l, x.s, p_pence, 1 FROM unnest(v_limits, v_starts) AS x (l, s)
    ON CONFLICT (limit_id, window_starts_on) DO UPDATE
    SET used_pence = u.used_pence + excluded.used_pence, count = u.count + 1;
    INSERT INTO budget_hold_takings (id, hold_id, share_id, limit_id, window_starts_on,
        amount_pence, count)
    SELECT gen_random_uuid(), p_order, v_share, x.l, x.s, p_pence, 1
    FROM unnest(v_limits, v_starts) AS x (l, s);
    INSERT INTO wallet_transfers (id, key, reason, at)
    VALUES (v_transfer, 'order/' || p_order || '/hold', 'hold', p_at);
    UPDATE wallet_balances SET amount_pence = amount_pence - p_pence
    WHERE id = v_line.available_account_id AND amount_pence >= p_pence;
    IF NOT FOUND THEN RAISE EXCEPTION 'too little'; END IF;
    UPDATE wallet_balances SET amount_pence = amount_pence + p_pence
    WHERE id = v_line.held_account_id;
    INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    VALUES (gen_random_uuid(), v_transfer, v_line.available_account_id, -p_pence),
        (gen_random_uuid(), v_transfer, v_line.held_account_id, p_pence);
    SELECT h.sequence, h.hash INTO v_head FROM audit_heads h WHERE h.id = p_person FOR UPDATE;
    v_details := '{"pence":' || p_pence || '}';
    v_hash := encode(sha256(convert_to(format(
        '["%s", "%s", %s, "money-held", "%s", "%s", "%s", "%s", "%s"]', v_head.hash, p_person,
        v_head.sequence + 1, p_order, p_person, p_person, p_at_words,
        replace(v_details, '"', '\\"')), 'UTF8')), 'hex');
    INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id,
        for_person_id, at, details, previous_hash, hash)
    VALUES (gen_random_uuid(), p_person, v_head.sequence + 1, 'money-held', p_order, p_person,
        p_person, p_at, v_details, v_head.hash, v_hash);
    UPDATE audit_heads SET sequence = v_head.sequence + 1, hash = v_hash WHERE id = p_person;
    RETURN true;
END $$"""


class BareHolds:
    """Sets pounds aside with nothing between the statements and the driver."""

    def __init__(self, place: Place) -> None:
        self._postgres = place.is_postgres
        url = make_url(place.url)
        if self._postgres:
            address = f"host={url.query['host']} user={url.username} dbname={url.database}"
            self._pg = psycopg.connect(address, autocommit=True)
            durable = self._pg.execute("SHOW synchronous_commit").fetchone()
            assert durable == ("on",)
            self._pg.execute("SELECT pg_advisory_lock(1)")  # many may come at once
            self._pg.execute(POSTGRES)
            self._pg.execute("SELECT pg_advisory_unlock(1)")
        else:
            self._lite = sqlite3.connect(str(url.database), isolation_level=None)
            pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=0")
            for pragma in pragmas:
                self._lite.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Leave the database."""
        (self._pg if self._postgres else self._lite).close()

    def hold(self, buyer: Buyer) -> None:
        """Set a pound aside."""
        if self._postgres:
            self._hold_on_postgres(buyer)
            return
        self._begin()
        self._hold_on_sqlite(buyer)
        self._lite.execute("COMMIT")

    def _begin(self) -> None:
        while True:
            try:
                self._lite.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                time.sleep(RETRY_SECONDS * random.uniform(0.5, 1.5))
            else:
                return

    def _hold_on_postgres(self, buyer: Buyer) -> None:
        values = (buyer.id, uuid4(), buyer.council_id, PROVIDER, POUND, NOON, NOON.isoformat())
        done = self._pg.execute(
            "SELECT bench_hold(%s, %s, %s, %s, %s, %s, %s, %s)", (*values, list(WINDOWS.values()))
        ).fetchone()
        assert done == (True,)

    def _hold_on_sqlite(self, buyer: Buyer) -> None:
        order_id = uuid4()
        values: dict[str, Any] = {
            "person": buyer.id.hex,
            "council": buyer.council_id.hex,
            "provider": PROVIDER.hex,
            "order": order_id.hex,
            "line": buyer.line_id.hex,
            "share": uuid4().hex,
            "transfer": uuid4().hex,
            "key": f"order/{order_id}/hold",
            "at": NOON_HERE,
            "today": TODAY,
            "pence": POUND,
            "accounts": json.dumps([buyer.available_id.hex, buyer.held_id.hex]),
            "lines": json.dumps([buyer.line_id.hex]),
        }
        for look in ("lines", "balances", "limits", "earlier", "may"):
            self._lite.execute(LITE[look], values).fetchall()
        for write in ("hold", "share"):
            self._lite.execute(LITE[write], values)
        under = [
            {
                **values,
                "id": uuid4().hex,
                "limit": limit_id.hex,
                "window": starts_on.isoformat(),
                "most": 900_000_00,
            }
            for limit_id, starts_on in zip(buyer.limit_ids, WINDOWS.values(), strict=True)
        ]
        assert self._lite.executemany(LITE["use"], under).rowcount == len(under)
        self._lite.executemany(LITE["taking"], [each | {"id": uuid4().hex} for each in under])
        self._lite.execute(LITE["transfer"], values)
        sides = [
            {"transfer": values["transfer"], "id": uuid4().hex, "account": account, "pence": pence}
            for account, pence in ((buyer.held_id.hex, POUND), (buyer.available_id.hex, -POUND))
        ]
        assert self._lite.executemany(LITE["change"], sides).rowcount == len(sides)
        self._lite.executemany(LITE["entry"], sides)
        self._note(buyer, order_id, values)

    def _note(self, buyer: Buyer, order_id: UUID, values: dict[str, Any]) -> None:
        sequence, previous = self._lite.execute(LITE["head"], values).fetchone()
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
            "id": uuid4().hex,
            "sequence": link.sequence,
            "details": link.details,
            "previous": previous,
            "hash": link_hash(previous, link),
        }
        self._lite.execute(LITE["deed"], values | said)
        self._lite.execute(LITE["next"], values | said)
