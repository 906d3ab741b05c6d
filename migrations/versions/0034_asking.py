"""Nothing yet: a place in the line."""

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
