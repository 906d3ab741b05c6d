"""Nothing yet: a place in the line."""

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
