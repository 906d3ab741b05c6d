"""Ratings, and reports of ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rating_ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("by_supporter", sa.Boolean(), nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("to_standard", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "hidden_rule",
            sa.Enum(
                "names_somebody",
                "insults",
                "not_about_support",
                "advertising",
                "private_details",
                name="hidingrule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("hidden_by_id", sa.Uuid(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(reply = '') = (replied_at IS NULL)", name="ck_rating_ratings_reply"),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_rule IS NULL)", name="ck_rating_ratings_hidden"
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_rating_ratings_score"),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"],
            ["access_users.id"],
            name="fk_rating_ratings_hidden_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_rating_ratings_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["access_users.id"], name="fk_rating_ratings_author_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_rating_ratings_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_rating_ratings_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_rating_ratings_order_id_orders"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rating_ratings"),
        sa.UniqueConstraint("order_id", name="uq_rating_ratings_order_id"),
    )
    op.create_index(
        "ix_rating_ratings_council_id", "rating_ratings", ["council_id", "written_at"], unique=False
    )
    op.create_index("ix_rating_ratings_person_id", "rating_ratings", ["person_id"], unique=False)
    op.create_index(
        "ix_rating_ratings_provider_id",
        "rating_ratings",
        ["provider_id", "written_at"],
        unique=False,
    )
    op.create_table(
        "rating_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "names_somebody",
                "insults",
                "not_about_support",
                "advertising",
                "private_details",
                name="hidingrule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating_ratings.id"], name="fk_rating_reports_rating_id_rating_ratings"
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["access_users.id"], name="fk_rating_reports_by_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rating_reports"),
        sa.UniqueConstraint(
            "rating_id", "by_user_id", name="uq_rating_reports_rating_id_by_user_id"
        ),
    )
    op.create_index("ix_rating_reports_settled_at", "rating_reports", ["settled_at"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("rating_reports")
    op.drop_table("rating_ratings")
