"""My data: another address, corrections, what councils see, and rules that are kept to."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the tables."""
    op.add_column(
        "access_users", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "access_email_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("old_email", sa.String(), nullable=False),
        sa.Column("new_email", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_access_email_changes_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_email_changes"),
    )
    op.create_index("ix_access_email_changes_user_id", "access_email_changes", ["user_id"])
    _corrections()
    _council_views()
    op.create_table(
        "audit_retention_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("removed >= 0", name="ck_audit_retention_runs_removed_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_retention_runs"),
        sa.UniqueConstraint("kind", "day", name="uq_audit_retention_runs_kind_day"),
    )


def _corrections() -> None:
    op.create_table(
        "council_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name="ck_council_corrections_answered"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_council_corrections_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_council_corrections_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_council_corrections"),
    )
    op.create_index(
        "ix_council_corrections_council_id", "council_corrections", ["council_id", "answered_at"]
    )
    op.create_index("ix_council_corrections_person_id", "council_corrections", ["person_id"])


def _council_views() -> None:
    op.create_table(
        "budget_council_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("shows", sa.String(length=32), nullable=False),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_council_views_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_budget_council_views_person_id_access_users",
        ),
        sa.CheckConstraint(
            "shows IN ('totals', 'categories', 'lines')", name="ck_budget_council_views_shows"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_council_views"),
        sa.UniqueConstraint(
            "person_id", "council_id", name="uq_budget_council_views_person_id_council_id"
        ),
    )
    op.create_index("ix_budget_council_views_council_id", "budget_council_views", ["council_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("audit_retention_runs")
    op.drop_table("budget_council_views")
    op.drop_table("council_corrections")
    op.drop_table("access_email_changes")
    op.drop_column("access_users", "forgotten_at")
