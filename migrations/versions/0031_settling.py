"""What a bank statement says of payments that went out, and what was in the account."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

_STATEMENTS = "payment_statements"
_SAID = ("opening_pence", "closing_pence", "file_in_pence", "file_out_pence")


def upgrade() -> None:
    """Add what statements say, count what was undone, and make the table of money out."""
    for column in _SAID:
        op.add_column(_STATEMENTS, sa.Column(column, sa.BigInteger(), nullable=True))
    op.add_column(
        "payment_statement_lines",
        sa.Column("undone", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "payment_out_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paid",
                "returned",
                name="outkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("bank_reference", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "matched",
                "open",
                "posted",
                "not_ours",
                name="outstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_by_name", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('matched', 'posted')) = (item_id IS NOT NULL OR run_id IS NOT NULL)",
            name="ck_payment_out_lines_for_a_payment",
        ),
        sa.CheckConstraint(
            "state <> 'not_ours' OR note <> ''", name="ck_payment_out_lines_not_ours_with_reason"
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_out_lines_amount_positive"),
        sa.CheckConstraint(
            "item_id IS NULL OR run_id IS NULL", name="ck_payment_out_lines_one_or_a_run"
        ),
        sa.CheckConstraint("occurrence > 0", name="ck_payment_out_lines_occurrence_positive"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["payment_items.id"], name="fk_payment_out_lines_item_id_payment_items"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_runs.id"], name="fk_payment_out_lines_run_id_payment_runs"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["payment_statements.id"],
            name="fk_payment_out_lines_statement_id_payment_statements",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_out_lines_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["access_users.id"], name="fk_payment_out_lines_done_by_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_out_lines"),
        sa.UniqueConstraint(
            "council_id",
            "account",
            "kind",
            "booked_on",
            "amount_pence",
            "bank_reference",
            "occurrence",
            name="uq_payment_out_lines_occurrence",
        ),
        sa.UniqueConstraint("item_id", "kind", name="uq_payment_out_lines_item_id_kind"),
    )
    op.create_index(
        "ix_payment_out_lines_council_id",
        "payment_out_lines",
        ["council_id", "state"],
        unique=False,
    )
    op.create_index("ix_payment_out_lines_run_id", "payment_out_lines", ["run_id"], unique=False)
    op.create_index(
        "ix_payment_out_lines_statement_id",
        "payment_out_lines",
        ["statement_id", "number"],
        unique=False,
    )


def downgrade() -> None:
    """Forget what was said of money out; the ledger keeps what it has."""
    op.drop_table("payment_out_lines")
    op.drop_column("payment_statement_lines", "undone")
    for column in reversed(_SAID):
        op.drop_column(_STATEMENTS, column)
