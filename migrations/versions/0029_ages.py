"""Nothing yet: the number is kept for what is being built."""

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
