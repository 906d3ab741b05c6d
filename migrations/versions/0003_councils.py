"""Councils, and whom they fund."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "council_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_council_people"),
        sa.UniqueConstraint(
            "council_id", "person_id", name="uq_council_people_council_id_person_id"
        ),
    )
    op.create_index("ix_council_people_council_id", "council_people", ["council_id"], unique=False)
    op.create_index("ix_council_people_person_id", "council_people", ["person_id"], unique=False)
    op.create_table(
        "councils",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("strapline", sa.String(), nullable=False),
        sa.Column("welcome", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("accent", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("safeguarding_team", sa.String(), nullable=False),
        sa.Column("safeguarding_phone", sa.String(), nullable=False),
        sa.Column("districts", sa.JSON(), nullable=False),
        sa.Column("auto_confirm_days", sa.Integer(), nullable=False),
        sa.Column("small_number_threshold", sa.Integer(), nullable=False),
        sa.Column("stores_open_unchecked", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "auto_confirm_days BETWEEN 1 AND 60", name="ck_councils_auto_confirm_days"
        ),
        sa.CheckConstraint(
            "small_number_threshold BETWEEN 2 AND 100", name="ck_councils_small_number_threshold"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_councils"),
        sa.UniqueConstraint("slug", name="uq_councils_slug"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("councils")
    op.drop_table("council_people")
