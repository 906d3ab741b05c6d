"""How fast each line is spent, for a forecast of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Add what is counted each week; until then it is too early to tell."""
    op.add_column(
        "budget_lines",
        sa.Column("weeks_counted", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "budget_lines",
        sa.Column("a_week_pence", sa.BigInteger(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("budget_lines", "a_week_pence")
    op.drop_column("budget_lines", "weeks_counted")
