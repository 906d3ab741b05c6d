"""Money asked back: notice, answer, decision; and no other way back into a council's account."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import keep_columns

revision = "0018"
down_revision = "0017"

_KEPT = {
    "budget_clawbacks": (
        "id",
        "person_id",
        "council_id",
        "line_id",
        "amount_pence",
        "window_days",
        "objects_until",
        "noticed_by_id",
        "noticed_at",
    ),
    "budget_clawback_answers": ("id", "clawback_id", "agrees", "by_id", "at"),
    "budget_clawback_decisions": (
        "id",
        "clawback_id",
        "kind",
        "wanted_pence",
        "taken_pence",
        "by_id",
        "at",
    ),
}
_TOO_EARLY = "a clawback is decided by a second officer, after an answer or the time to object"
_SILENT = "money goes back to a council only by a decided clawback or a recorded handover"

_DECISION_SQLITE = f"""
    CREATE TRIGGER budget_clawback_decisions_in_order BEFORE INSERT ON budget_clawback_decisions
    WHEN NOT EXISTS (
      SELECT 1 FROM budget_clawbacks c WHERE c.id = NEW.clawback_id
      AND c.noticed_by_id <> NEW.by_id AND NEW.wanted_pence <= c.amount_pence
      AND julianday(c.objects_until) >= julianday(c.noticed_at) + c.window_days - 0.1
      AND (NEW.at >= c.objects_until OR EXISTS (
        SELECT 1 FROM budget_clawback_answers a WHERE a.clawback_id = c.id)))
    BEGIN SELECT RAISE(ABORT, '{_TOO_EARLY}'); END
"""
_DECISION_POSTGRES = f"""
    CREATE FUNCTION budget_clawback_decisions_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (
        SELECT 1 FROM budget_clawbacks c WHERE c.id = NEW.clawback_id
        AND c.noticed_by_id <> NEW.by_id AND NEW.wanted_pence <= c.amount_pence
        AND c.objects_until >= c.noticed_at + make_interval(days => c.window_days, hours => -2)
        AND (NEW.at >= c.objects_until OR EXISTS (
          SELECT 1 FROM budget_clawback_answers a WHERE a.clawback_id = c.id)))
      THEN
        RAISE EXCEPTION '{_TOO_EARLY}' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
"""
_BACK_SQLITE = f"""
    CREATE TRIGGER wallet_entries_never_silently_back BEFORE INSERT ON wallet_entries
    WHEN NEW.amount_pence > 0
    AND (SELECT kind FROM wallet_accounts WHERE id = NEW.account_id) = 'funder'
    AND NOT EXISTS (
      SELECT 1 FROM wallet_transfers t
      JOIN budget_clawback_decisions d ON d.clawback_id = replace(substr(t.key, 10), '-', '')
      JOIN budget_clawbacks c ON c.id = d.clawback_id
      JOIN wallet_accounts a ON a.council_id = c.council_id
      WHERE t.id = NEW.transfer_id AND substr(t.key, 1, 9) = 'clawback/'
      AND a.id = NEW.account_id AND d.taken_pence = NEW.amount_pence
      AND NOT EXISTS (SELECT 1 FROM wallet_entries e
        WHERE e.transfer_id = t.id AND e.account_id = a.id))
    AND NOT EXISTS (
      SELECT 1 FROM wallet_transfers t
      JOIN budget_line_changes h ON h.id = replace(substr(t.key, 10), '-', '')
      JOIN budget_lines l ON l.id = h.line_id
      JOIN wallet_accounts a ON a.council_id = l.council_id
      WHERE t.id = NEW.transfer_id AND substr(t.key, 1, 9) = 'handover/'
      AND h.what IN ('handed_over', 'flowed_on')
      AND a.id = NEW.account_id AND h.moved_pence = NEW.amount_pence
      AND NOT EXISTS (SELECT 1 FROM wallet_entries e
        WHERE e.transfer_id = t.id AND e.account_id = a.id))
    BEGIN SELECT RAISE(ABORT, '{_SILENT}'); END
"""
_BACK_POSTGRES = f"""
    CREATE FUNCTION wallet_entries_never_silently_back() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      into_account wallet_accounts%ROWTYPE;
      moved_by text;
    BEGIN
      SELECT * INTO into_account FROM wallet_accounts WHERE id = NEW.account_id;
      IF into_account.kind <> 'funder' THEN
        RETURN NEW;
      END IF;
      SELECT key INTO moved_by FROM wallet_transfers WHERE id = NEW.transfer_id;
      IF EXISTS (SELECT 1 FROM wallet_entries e
        WHERE e.transfer_id = NEW.transfer_id AND e.account_id = NEW.account_id)
      THEN
        NULL; -- once is enough
      ELSIF moved_by LIKE 'clawback/%' THEN
        IF EXISTS (SELECT 1 FROM budget_clawback_decisions d
          JOIN budget_clawbacks c ON c.id = d.clawback_id
          WHERE d.clawback_id::text = substr(moved_by, 10)
          AND d.taken_pence = NEW.amount_pence AND c.council_id = into_account.council_id)
        THEN
          RETURN NEW;
        END IF;
      ELSIF moved_by LIKE 'handover/%' THEN
        IF EXISTS (SELECT 1 FROM budget_line_changes h
          JOIN budget_lines l ON l.id = h.line_id
          WHERE h.id::text = substr(moved_by, 10) AND h.what IN ('handed_over', 'flowed_on')
          AND h.moved_pence = NEW.amount_pence AND l.council_id = into_account.council_id)
        THEN
          RETURN NEW;
        END IF;
      END IF;
      RAISE EXCEPTION '{_SILENT}' USING ERRCODE = 'restrict_violation';
    END $$
"""


def upgrade() -> None:
    """Make the tables, and close every other way back."""
    _add_notices()
    _add_answers()
    _add_decisions()
    for table, columns in _KEPT.items():
        keep_columns(table, columns)
    if op.get_bind().dialect.name != "postgresql":
        op.execute(_DECISION_SQLITE)
        op.execute(_BACK_SQLITE)
        return
    op.execute(_DECISION_POSTGRES)
    op.execute(_BACK_POSTGRES)
    op.execute(
        "CREATE TRIGGER budget_clawback_decisions_in_order BEFORE INSERT "
        "ON budget_clawback_decisions FOR EACH ROW "
        "EXECUTE FUNCTION budget_clawback_decisions_in_order()"
    )
    op.execute(
        "CREATE TRIGGER wallet_entries_never_silently_back BEFORE INSERT ON wallet_entries "
        "FOR EACH ROW WHEN (NEW.amount_pence > 0) "
        "EXECUTE FUNCTION wallet_entries_never_silently_back()"
    )


def downgrade() -> None:
    """Drop them."""
    postgres = op.get_bind().dialect.name == "postgresql"
    on_entries = " ON wallet_entries" if postgres else ""
    op.execute(f"DROP TRIGGER wallet_entries_never_silently_back{on_entries}")
    for table in ("decisions", "answers", "files"):
        op.drop_table(f"budget_clawback_{table}")
    op.drop_table("budget_clawbacks")
    if postgres:
        op.execute("DROP FUNCTION wallet_entries_never_silently_back()")
        op.execute("DROP FUNCTION budget_clawback_decisions_in_order()")


def _add_notices() -> None:
    op.create_table(
        "budget_clawbacks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("objects_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_by_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_by_name", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_clawbacks_amount_positive"),
        sa.CheckConstraint("window_days >= 14", name="ck_budget_clawbacks_window_long_enough"),
        sa.CheckConstraint(
            "objects_until > noticed_at", name="ck_budget_clawbacks_window_after_notice"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_clawbacks_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_clawbacks_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_clawbacks_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_clawbacks"),
    )
    for column in ("person_id", "council_id", "line_id"):
        op.create_index(f"ix_budget_clawbacks_{column}", "budget_clawbacks", [column])
    op.create_table(
        "budget_clawback_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["budget_clawbacks.id"], name="fk_budget_clawback_files_id_budget_clawbacks"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_clawback_files"),
    )


def _add_answers() -> None:
    op.create_table(
        "budget_clawback_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clawback_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clawback_id"],
            ["budget_clawbacks.id"],
            name="fk_budget_clawback_answers_clawback_id_budget_clawbacks",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_clawback_answers"),
        sa.UniqueConstraint("clawback_id", name="uq_budget_clawback_answers_clawback_id"),
    )


def _add_decisions() -> None:
    op.create_table(
        "budget_clawback_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clawback_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "take_all",
                "take_part",
                "withdraw",
                name="clawbackend",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wanted_pence", sa.BigInteger(), nullable=False),
        sa.Column("taken_pence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "taken_pence >= 0 AND taken_pence <= wanted_pence",
            name="ck_budget_clawback_decisions_taken_in_bounds",
        ),
        sa.ForeignKeyConstraint(
            ["clawback_id"],
            ["budget_clawbacks.id"],
            name="fk_budget_clawback_decisions_clawback_id_budget_clawbacks",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_clawback_decisions"),
        sa.UniqueConstraint("clawback_id", name="uq_budget_clawback_decisions_clawback_id"),
    )
