"""Nothing yet: the number is kept for what is being built."""

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
