"""Nothing yet: the number is kept for what is being built."""

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
