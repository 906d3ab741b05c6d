"""Nothing yet: a place in the line."""

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
