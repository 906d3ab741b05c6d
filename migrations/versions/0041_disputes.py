"""Nothing yet: the number is kept for what is being built."""

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
