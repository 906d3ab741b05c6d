"""A choice and own quantities in a standing order, and from when its offer is over."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import allow_changes, keep_columns

revision = "0046"
down_revision = "0045"

_SAID = (
    "standing_id",
    "number",
    "starts_on",
    "weekdays",
    "minute",
    "every_weeks",
    "quantity",
    "more_minutes",
)


def upgrade() -> None:
    """Add them; what goes on chose nothing, and is as much at each of its times."""
    for column in (
        sa.Column("quantities", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("choice", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("standing_patterns", column)
    allow_changes("standing_patterns")
    keep_columns("standing_patterns", (*_SAID, "quantities", "choice"))
    op.add_column("standing_orders", sa.Column("over_from", sa.Date(), nullable=True))
    op.add_column(
        "standing_orders",
        sa.Column("over_words", sa.String(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_column("standing_orders", "over_words")
    op.drop_column("standing_orders", "over_from")
    allow_changes("standing_patterns")
    keep_columns("standing_patterns", _SAID)
    op.drop_column("standing_patterns", "choice")
    op.drop_column("standing_patterns", "quantities")
