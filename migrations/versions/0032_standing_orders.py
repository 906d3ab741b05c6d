"""Nothing yet: the number is kept for what is being built."""

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
