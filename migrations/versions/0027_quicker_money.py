"""Nothing yet: the number is kept for what is being built."""

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
