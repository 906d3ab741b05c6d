"""Entries that come from other catalogues: sources, what they said last, what a person decided."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

FROM_ELSEWHERE = ("catalogue_providers", "community_groups", "community_listings")
COLUMNS = ("source_words", "source_url")


def upgrade() -> None:
    """Make the tables, and let entries name the catalogue they come from."""
    for table in FROM_ELSEWHERE:
        for name in COLUMNS:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "feeds_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "oruk",
                "package",
                "table",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_feeds_sources_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feeds_sources"),
        sa.UniqueConstraint("address", name="uq_feeds_sources_address"),
    )
    op.create_index("ix_feeds_sources_council_id", "feeds_sources", ["council_id"], unique=False)
    op.create_table(
        "feeds_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "organisation",
                "service",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "taken",
                "asked",
                "waiting",
                "left_out",
                "ended",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("taken_values", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("missing_times", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'taken' OR target_id IS NOT NULL", name="ck_feeds_entries_taken_has_target"
        ),
        sa.CheckConstraint(
            "missing_times >= 0", name="ck_feeds_entries_missing_times_not_negative"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["feeds_sources.id"], name="fk_feeds_entries_source_id_feeds_sources"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feeds_entries"),
        sa.UniqueConstraint("source_id", "part", "key", name="uq_feeds_entries_source_id_part_key"),
    )
    op.create_index("ix_feeds_entries_target_id", "feeds_entries", ["target_id"], unique=False)
    op.create_table(
        "feeds_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["feeds_sources.id"], name="fk_feeds_readings_source_id_feeds_sources"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feeds_readings"),
    )
    op.create_index(
        "ix_feeds_readings_source_id_at", "feeds_readings", ["source_id", "at"], unique=False
    )
    op.create_table(
        "feeds_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("here_kind", sa.String(), nullable=False),
        sa.Column("here_id", sa.Uuid(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "same",
                "another",
                "leave_out",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name="ck_feeds_questions_answered"
        ),
        sa.CheckConstraint(
            "likeness BETWEEN 0 AND 100", name="ck_feeds_questions_likeness_of_a_hundred"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["feeds_entries.id"], name="fk_feeds_questions_entry_id_feeds_entries"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["feeds_sources.id"], name="fk_feeds_questions_source_id_feeds_sources"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feeds_questions"),
        sa.UniqueConstraint("entry_id", name="uq_feeds_questions_entry_id"),
    )
    op.create_index(
        "ix_feeds_questions_source_id_answer",
        "feeds_questions",
        ["source_id", "answer"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_table("feeds_questions")
    op.drop_table("feeds_readings")
    op.drop_table("feeds_entries")
    op.drop_table("feeds_sources")
    for table in FROM_ELSEWHERE:
        for name in COLUMNS:
            op.drop_column(table, name)
