"""Documents, opening times and calendars of stores, and shortlists."""

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing back."""
