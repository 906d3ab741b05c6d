"""Ring fences, providers who keep money, changes of lines, and lines handed to another council."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import keep_columns

revision = "0015"
down_revision = "0014"

_CHANGES = (
    "amount",
    "funder",
    "holder",
    "cost_code",
    "end",
    "place",
    "split",
    "handed_over",
    "flowed_on",
    "stopped",
    "closed",
)
_KEPT = (
    "id",
    "line_id",
    "what",
    "before",
    "after",
    "moved_pence",
    "other_line_id",
    "by_id",
    "at",
    "effective_on",
)


def upgrade() -> None:
    """Make the columns and tables."""
    for column in ("flows_to_line_id", "holder_provider_id"):
        op.add_column("budget_lines", sa.Column(column, sa.Uuid(), nullable=True))
    op.add_column(
        "budget_lines", sa.Column("only_for", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "budget_lines", sa.Column("only_words", sa.String(), nullable=False, server_default="")
    )
    _add_changes()
    _add_handovers()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("budget_handovers")
    op.drop_table("budget_line_changes")
    for column in ("only_words", "only_for", "holder_provider_id", "flows_to_line_id"):
        op.drop_column("budget_lines", column)


def _add_changes() -> None:
    op.create_table(
        "budget_line_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                *_CHANGES, name="linechange", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved_pence", sa.BigInteger(), nullable=False),
        sa.Column("other_line_id", sa.Uuid(), nullable=True),
        sa.Column("before_name", sa.String(), nullable=False),
        sa.Column("after_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("moved_pence >= 0", name="ck_budget_line_changes_moved_not_negative"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_line_changes_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_line_changes"),
    )
    op.create_index("ix_budget_line_changes_line_id", "budget_line_changes", ["line_id"])
    keep_columns("budget_line_changes", _KEPT)


def _add_handovers() -> None:
    op.create_table(
        "budget_handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("to_council_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("offered_by_id", sa.Uuid(), nullable=False),
        sa.Column("offered_by_name", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("new_line_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_handovers_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["to_council_id"], ["councils.id"], name="fk_budget_handovers_to_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_handovers"),
    )
    for column in ("line_id", "to_council_id"):
        op.create_index(f"ix_budget_handovers_{column}", "budget_handovers", [column])
