"""Nothing yet: a place in the line."""

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
