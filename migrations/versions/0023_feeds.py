"""Entries that come from other catalogues: sources, what they said last, what a person decided."""

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
