"""Placeholder for what spending_in_one_call needs."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
