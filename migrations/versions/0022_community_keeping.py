"""What groups keep themselves: who looks after them, exceptions to timetables, advice, reports."""

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
