"""For which ages things are, whether it is known what they cost, and their coming days."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_WITH_AGES = ("catalogue_providers", "catalogue_offers", "community_listings")
_AGES = ("youngest", "oldest")
_ASK = "Ask them what it costs"
"""What an import wrote where the other catalogue said no price."""


def upgrade() -> None:
    """Let things say their ages, and that their price is not known; write coming days down."""
    for table in _WITH_AGES:
        for name in _AGES:
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))
    op.add_column(
        "community_listings",
        sa.Column("cost_known", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    listings = sa.table(
        "community_listings",
        sa.column("cost_pence", sa.BigInteger()),
        sa.column("cost_words", sa.String()),
        sa.column("cost_known", sa.Boolean()),
    )
    op.execute(
        sa.update(listings)
        .where(listings.c.cost_pence == 0, listings.c.cost_words == _ASK)
        .values(cost_known=sa.false())
    )
    op.add_column("community_listings", sa.Column("days_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_community_listings_days_until", "community_listings", ["days_until"], unique=False
    )
    op.create_table(
        "community_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["community_listings.id"],
            name="fk_community_days_listing_id_community_listings",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_days"),
        sa.UniqueConstraint("listing_id", "on_day", name="uq_community_days_listing_id_on_day"),
    )
    op.create_index("ix_community_days_day", "community_days", ["day"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("community_days")
    op.drop_index("ix_community_listings_days_until", "community_listings")
    op.drop_column("community_listings", "days_until")
    op.drop_column("community_listings", "cost_known")
    for table in _WITH_AGES:
        for name in _AGES:
            op.drop_column(table, name)
