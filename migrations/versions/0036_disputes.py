"""Nothing yet: a place in the line."""

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
