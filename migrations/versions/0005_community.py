"""Groups, and what they run."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "community_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_community_groups"),
        sa.UniqueConstraint("slug", name="uq_community_groups_slug"),
    )
    op.create_index(
        "ix_community_groups_council_id", "community_groups", ["council_id"], unique=False
    )
    op.create_table(
        "community_listings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("cost_pence", sa.BigInteger(), nullable=False),
        sa.Column("cost_words", sa.String(), nullable=False),
        sa.Column("for_whom", sa.JSON(), nullable=False),
        sa.Column("access", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "ended",
                name="listingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(rrule = '') = (on_day IS NOT NULL)", name="ck_community_listings_rule_or_day"
        ),
        sa.CheckConstraint("cost_pence >= 0", name="ck_community_listings_cost_not_negative"),
        sa.CheckConstraint("minutes > 0", name="ck_community_listings_minutes_positive"),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["community_groups.id"],
            name="fk_community_listings_group_id_community_groups",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_listings"),
        sa.UniqueConstraint("group_id", "slug", name="uq_community_listings_group_id_slug"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("community_listings")
    op.drop_table("community_groups")
