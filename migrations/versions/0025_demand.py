"""What people looked for and did not find, what they did next, and calls of the interface."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_COUNTS = ("few", "opened", "kept", "ordered", "again")
_FEW = 3


def upgrade() -> None:
    """Let searches be counted by what came of them, and calls by the minute."""
    for name in _COUNTS:
        column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("search_counts", column)
    category = sa.Column("category", sa.String(), server_default="", nullable=False)
    op.add_column("search_counts", category)
    op.execute(f"UPDATE search_counts SET few = times WHERE results < {_FEW}")
    op.create_table(
        "search_emptied",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("filters", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name="ck_search_emptied_times_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_search_emptied"),
        sa.UniqueConstraint(
            "day", "council_id", "filters", name="uq_search_emptied_day_council_id_filters"
        ),
    )
    op.create_index("ix_search_emptied_council_id", "search_emptied", ["council_id"])
    op.create_index("ix_search_emptied_day", "search_emptied", ["day"])
    op.create_table(
        "search_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_calls"),
        sa.UniqueConstraint("caller", "minute", name="uq_search_calls_caller_minute"),
    )
    op.create_index("ix_search_calls_minute", "search_calls", ["minute"])


def downgrade() -> None:
    """Forget what came of searches, and the calls."""
    op.drop_table("search_calls")
    op.drop_table("search_emptied")
    for name in (*_COUNTS, "category"):
        op.drop_column("search_counts", name)
