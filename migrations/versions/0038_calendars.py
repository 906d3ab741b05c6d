"""Calendars followed by a secret address, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "whose",
            sa.Enum(
                "person",
                "worker",
                "store",
                name="whose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column(
            "words",
            sa.Enum(
                "busy", "full", name="words", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (provider_id IS NULL)", name="ck_calendar_feeds_one_subject"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_calendar_feeds_user_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_calendar_feeds_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_calendar_feeds_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("secret_hash", name="uq_calendar_feeds_secret_hash"),
    )
    op.create_index("ix_calendar_feeds_person_id", "calendar_feeds", ["person_id"], unique=False)
    op.create_index("ix_calendar_feeds_used_at", "calendar_feeds", ["used_at"], unique=False)
    op.create_index("ix_calendar_feeds_user_id", "calendar_feeds", ["user_id"], unique=False)
    op.create_table(
        "calendar_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "whose",
            sa.Enum(
                "person",
                "worker",
                "store",
                name="whose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("evening", sa.Boolean(), nullable=False),
        sa.Column("morning", sa.Boolean(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (provider_id IS NULL)", name="ck_calendar_reminders_one_subject"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_calendar_reminders_user_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_calendar_reminders_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_calendar_reminders_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_reminders"),
    )
    op.create_index(
        "ix_calendar_reminders_next_look_at", "calendar_reminders", ["next_look_at"], unique=False
    )
    op.create_index(
        "ix_calendar_reminders_person_id", "calendar_reminders", ["person_id"], unique=False
    )
    op.create_index(
        "ix_calendar_reminders_user_id", "calendar_reminders", ["user_id"], unique=False
    )
    op.create_table(
        "calendar_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("evening_on", sa.Date(), nullable=True),
        sa.Column("morning_on", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["calendar_reminders.id"],
            name="fk_calendar_told_reminder_id_calendar_reminders",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_told"),
        sa.UniqueConstraint("reminder_id", "key", name="uq_calendar_told_reminder_id_key"),
    )
    op.create_index("ix_calendar_told_told_at", "calendar_told", ["told_at"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("calendar_told")
    op.drop_table("calendar_reminders")
    op.drop_table("calendar_feeds")
