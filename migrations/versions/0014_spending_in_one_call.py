"""PostgreSQL looks at a wallet in one call, without locking, and writes a hold in another.

Each room's tables are written by that room's own function. SQLite has no such functions; its
statements stand beside the rooms' commands.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

WALLET_MOVE = """
CREATE FUNCTION wallet_move(
    p_transfer uuid, p_key text, p_reason text, p_at timestamptz,
    p_accounts uuid[], p_pence bigint[], p_entries uuid[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wallet_transfers (id, key, reason, at)
    VALUES (p_transfer, p_key, p_reason, p_at);
    FOR i IN 1 .. cardinality(p_accounts) LOOP
        UPDATE wallet_balances SET amount_pence = amount_pence + p_pence[i]
        WHERE id = p_accounts[i] AND (may_go_negative OR amount_pence + p_pence[i] >= 0);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'account % has too little', p_accounts[i]
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    SELECT entry, p_transfer, account, pence
    FROM unnest(p_entries, p_accounts, p_pence) AS leg (entry, account, pence);
END $$"""

AUDIT_ADD = """
CREATE FUNCTION audit_add(
    p_chain uuid, p_what text, p_subject uuid, p_by uuid, p_for uuid, p_at timestamptz,
    p_details text, p_tail text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_sequence integer;
    v_previous text;
    v_hash text;
BEGIN
    SELECT sequence, hash INTO v_sequence, v_previous FROM audit_heads WHERE id = p_chain
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_heads (id, sequence, hash) VALUES (p_chain, 0, repeat('0', 64))
        ON CONFLICT DO NOTHING;
        SELECT sequence, hash INTO v_sequence, v_previous FROM audit_heads WHERE id = p_chain
        FOR NO KEY UPDATE;
    END IF;
    v_sequence := v_sequence + 1;
    v_hash := encode(sha256(convert_to(
        '["' || v_previous || '", "' || p_chain || '", ' || v_sequence || ', ' || p_tail, 'UTF8'
    )), 'hex');
    INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id, for_person_id,
        at, details, previous_hash, hash)
    VALUES (gen_random_uuid(), p_chain, v_sequence, p_what, p_subject, p_by, p_for, p_at,
        p_details, v_previous, v_hash);
    UPDATE audit_heads SET sequence = v_sequence, hash = v_hash WHERE id = p_chain;
END $$"""

BUDGET_LOCK = """
CREATE FUNCTION budget_lock(p_person uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM wallet_balances b
    WHERE b.id = ANY (ARRAY(
        SELECT unnest(ARRAY[l.available_account_id, l.held_account_id]) FROM budget_lines l
        WHERE l.person_id = p_person AND l.pool_id IS NULL AND l.closed_at IS NULL))
    ORDER BY b.id FOR NO KEY UPDATE;
END $$"""

BUDGET_SEEN = """
CREATE FUNCTION budget_seen(p_person uuid, p_by uuid, p_today date)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    -- No two versions of a line's row have the same xmin and ctid; a limit is never changed, only
    -- ended.
    RETURN (
        SELECT concat(string_agg(concat(l.id, l.xmin, l.ctid, (
                SELECT string_agg(x.id::text, ',' ORDER BY x.id) FROM budget_limits x
                WHERE x.line_id = l.id AND x.ended_at IS NULL)), ';' ORDER BY l.id),
            '/', access_authority(p_by, p_person, p_today))
        FROM budget_lines l
        WHERE l.person_id = p_person AND l.pool_id IS NULL AND l.closed_at IS NULL);
END $$"""

BUDGET_LOOK = """
CREATE FUNCTION budget_look(
    p_person uuid, p_order uuid, p_by uuid, p_today date, p_locked boolean
) RETURNS json LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF p_locked THEN
        PERFORM budget_lock(p_person);
    END IF;
    -- One statement sees one state: what is compared later belongs to what is decided on.
    RETURN (
        SELECT json_build_array(json_agg(json_build_array(
            l.id, l.xmin, l.ctid, l.council_id, l.funder, l.holder, l.starts_on, l.ends_before,
            l.available_account_id, l.held_account_id, l.only_for, b.amount_pence, (
                SELECT json_agg(json_build_array(x.id, x."window", x.measure, x.amount_pence,
                    x.count_max, x.narrowed, x.narrowed_to, x.others, x.kind,
                    u.window_starts_on, u.used_pence, u.count))
                FROM budget_limits x
                LEFT JOIN LATERAL (
                    SELECT used.window_starts_on, used.used_pence, used.count
                    FROM budget_limit_uses used
                    WHERE used.limit_id = x.id AND used.window_starts_on <= p_today
                    ORDER BY used.window_starts_on DESC LIMIT 1) u ON true
                WHERE x.line_id = l.id AND x.ended_at IS NULL))
            ORDER BY l.sequence, l.id),
            EXISTS (SELECT 1 FROM budget_holds WHERE id = p_order),
            access_authority(p_by, p_person, p_today)::text)
        FROM budget_lines l JOIN wallet_balances b ON b.id = l.available_account_id
        WHERE l.person_id = p_person AND l.pool_id IS NULL AND l.closed_at IS NULL);
END $$"""

ACCESS_AUTHORITY = """
CREATE FUNCTION access_authority(p_user uuid, p_person uuid, p_today date)
RETURNS json LANGUAGE plpgsql AS $$
BEGIN
    RETURN (
        SELECT json_build_array(circle.id, circle.scopes, circle.ceiling_pence)
        FROM access_users acting
        JOIN access_users person ON person.id = p_person
        LEFT JOIN access_supporters circle
            ON circle.person_id = person.id AND circle.supporter_id = acting.id
            AND circle.accepted_at IS NOT NULL AND circle.ended_at IS NULL
            AND (circle.ends_before IS NULL OR circle.ends_before > p_today)
        WHERE acting.id = p_user AND acting.closed_at IS NULL AND person.closed_at IS NULL
        ORDER BY circle.accepted_at DESC, circle.id LIMIT 1);
END $$"""

BUDGET_WRITE = """
CREATE FUNCTION budget_write(
    p_order uuid, p_person uuid, p_at timestamptz,
    p_is_new boolean, p_council uuid, p_provider uuid, p_tolerance bigint, p_agreed bigint,
    p_covers_until date, p_expires_at timestamptz,
    p_shares uuid[], p_lines uuid[], p_positions integer[], p_categories text[],
    p_outcomes uuid[], p_amounts bigint[],
    p_limits uuid[], p_windows date[], p_used bigint[], p_counts integer[], p_most bigint[],
    p_most_counts bigint[],
    p_taking_shares integer[], p_taking_limits integer[], p_taking_amounts bigint[],
    p_taking_counts integer[],
    p_key text, p_accounts uuid[], p_pence bigint[],
    p_what text, p_by uuid, p_details text, p_tail text, p_today date, p_seen text
) RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_changed integer;
BEGIN
    IF p_seen IS NOT NULL THEN
        -- Rows are locked by whoever is quickest; in this line everybody waits for their turn. Who
        -- has locked a row already does not stand in line, so nobody in it keeps others waiting.
        IF pg_current_xact_id_if_assigned() IS NULL THEN
            PERFORM pg_advisory_xact_lock(uuid_hash_extended(p_person, 0));
        END IF;
        -- Nothing was locked while it was decided: now it is, and what was decided must still hold.
        PERFORM budget_lock(p_person);
        IF p_seen <> budget_seen(p_person, p_by, p_today)
            OR EXISTS (
                SELECT 1 FROM wallet_balances b WHERE b.id = ANY (p_accounts)
                AND b.amount_pence + p_pence[array_position(p_accounts, b.id)] < 0)
            OR EXISTS (
                SELECT 1 FROM unnest(p_limits, p_windows, p_used, p_counts, p_most, p_most_counts)
                    AS wall (limit_id, starts_on, amount, orders, most, most_orders)
                JOIN budget_limit_uses u
                    ON u.limit_id = wall.limit_id AND u.window_starts_on = wall.starts_on
                WHERE u.used_pence + wall.amount > wall.most
                    OR u.count + wall.orders > wall.most_orders)
        THEN
            RETURN false;
        END IF;
    END IF;
    IF p_is_new THEN
        INSERT INTO budget_holds (id, person_id, council_id, kind, provider_id, made_at,
            tolerance_pence, agreed_pence, covers_until, expires_at)
        VALUES (p_order, p_person, p_council, 'order', p_provider, p_at,
            p_tolerance, p_agreed, p_covers_until, p_expires_at)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    INSERT INTO budget_hold_shares (id, hold_id, line_id, position, category, outcome_id,
        held_pence, captured_pence, released_pence, refunded_pence)
    SELECT id, p_order, line, position, category, outcome, amount, 0, 0, 0
    FROM unnest(p_shares, p_lines, p_positions, p_categories, p_outcomes, p_amounts)
        AS share (id, line, position, category, outcome, amount);
    INSERT INTO budget_limit_uses AS u (id, limit_id, window_starts_on, used_pence, count)
    SELECT gen_random_uuid(), taken.limit_id, taken.starts_on, taken.amount, taken.orders
    FROM unnest(p_limits, p_windows, p_used, p_counts)
        AS taken (limit_id, starts_on, amount, orders)
    ON CONFLICT (limit_id, window_starts_on) DO UPDATE
    SET used_pence = u.used_pence + excluded.used_pence, count = u.count + excluded.count
    -- The last wall: whatever was decided before, nobody gets past the limit.
    WHERE u.used_pence + excluded.used_pence
            <= p_most[array_position(p_limits, excluded.limit_id)]
        AND u.count + excluded.count
            <= p_most_counts[array_position(p_limits, excluded.limit_id)];
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    IF v_changed <> cardinality(p_limits) THEN
        RAISE EXCEPTION 'a limit was passed' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO budget_hold_takings (id, hold_id, share_id, limit_id, window_starts_on,
        amount_pence, count)
    SELECT gen_random_uuid(), p_order, p_shares[share], p_limits[place], p_windows[place],
        amount, orders
    FROM unnest(p_taking_shares, p_taking_limits, p_taking_amounts, p_taking_counts)
        AS taking (share, place, amount, orders);
    IF cardinality(p_accounts) > 0 THEN
        PERFORM wallet_move(gen_random_uuid(), p_key, 'hold', p_at, p_accounts, p_pence,
            ARRAY(SELECT gen_random_uuid() FROM unnest(p_accounts)));
    END IF;
    PERFORM audit_add(p_person, p_what, p_order, p_by, p_person, p_at, p_details, p_tail);
    RETURN true;
END $$"""


FUNCTIONS = (
    WALLET_MOVE,
    AUDIT_ADD,
    ACCESS_AUTHORITY,
    BUDGET_LOCK,
    BUDGET_SEEN,
    BUDGET_LOOK,
    BUDGET_WRITE,
)


def upgrade() -> None:
    """Make the functions, where there can be some."""
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(function)


def downgrade() -> None:
    """Drop the functions."""
    if op.get_bind().dialect.name == "postgresql":
        for function in reversed(FUNCTIONS):
            name = function.split("(", 1)[0].split()[-1]
            op.execute(f"DROP FUNCTION {name}")
