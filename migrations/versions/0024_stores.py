"""Documents, opening times, areas and calendars of stores; lists of things kept."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

LISTS_OF_A_STORE = (
    "covered_districts",
    "covered_council_ids",
    "opening",
    "room",
    "full_weeks",
)
WORDS_OF_A_STORE = ("opening_words", "answers_within")


def upgrade() -> None:
    """Make the tables, and let a store say when and where it is there."""
    table = "catalogue_providers"
    for name in LISTS_OF_A_STORE:
        op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for name in WORDS_OF_A_STORE:
        op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column(table, sa.Column("full_until", sa.Date(), nullable=True))
    op.add_column(table, sa.Column("room_said_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "catalogue_pictures", sa.Column("place", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "shortlists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("link_hash", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) = (link_hash IS NOT NULL)", name="ck_shortlists_own_or_by_link"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shortlists"),
        sa.UniqueConstraint("link_hash", name="uq_shortlists_link_hash"),
    )
    op.create_index("ix_shortlists_person_id", "shortlists", ["person_id"], unique=False)
    op.create_index("ix_shortlists_used_at", "shortlists", ["used_at"], unique=False)
    op.create_table(
        "catalogue_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_documents_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_documents"),
    )
    op.create_index(
        "ix_catalogue_documents_provider_id", "catalogue_documents", ["provider_id"], unique=False
    )
    op.create_table(
        "shortlist_things",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shortlist_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "offer",
                "store",
                "activity",
                "group",
                name="keptkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shortlist_id"], ["shortlists.id"], name="fk_shortlist_things_shortlist_id_shortlists"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shortlist_things"),
        sa.UniqueConstraint(
            "shortlist_id",
            "kind",
            "subject_id",
            name="uq_shortlist_things_shortlist_id_kind_subject_id",
        ),
    )
    op.create_table(
        "shortlist_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thing_id"],
            ["shortlist_things.id"],
            name="fk_shortlist_notes_thing_id_shortlist_things",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shortlist_notes"),
    )
    op.create_index("ix_shortlist_notes_thing_id", "shortlist_notes", ["thing_id"], unique=False)
    op.create_index(
        "ix_shortlist_notes_written_by_id", "shortlist_notes", ["written_by_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_table("shortlist_notes")
    op.drop_table("shortlist_things")
    op.drop_table("catalogue_documents")
    op.drop_table("shortlists")
    op.drop_column("catalogue_pictures", "place")
    for name in (*LISTS_OF_A_STORE, *WORDS_OF_A_STORE, "full_until", "room_said_at"):
        op.drop_column("catalogue_providers", name)
