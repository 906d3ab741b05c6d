"""What people searched for, counted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "search_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name="ck_search_counts_times_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_search_counts"),
        sa.UniqueConstraint(
            "day", "council_id", "fingerprint", name="uq_search_counts_day_council_id_fingerprint"
        ),
    )
    op.create_index("ix_search_counts_council_id", "search_counts", ["council_id"], unique=False)
    op.create_index("ix_search_counts_day", "search_counts", ["day"], unique=False)
    op.create_index("ix_search_counts_fingerprint", "search_counts", ["fingerprint"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("search_counts")
