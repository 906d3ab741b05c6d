"""The index of PostgreSQL as it is searched with counts over many entries."""

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
