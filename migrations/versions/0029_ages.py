"""For which ages things are, and whether it is known what they cost."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_WITH_AGES = ("catalogue_providers", "catalogue_offers", "community_listings")
_AGES = ("youngest", "oldest")
_ASK = "Ask them what it costs"
"""What an import wrote where the other catalogue said no price."""


def upgrade() -> None:
    """Let things say their ages, and that their price is not known."""
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


def downgrade() -> None:
    """Forget them."""
    op.drop_column("community_listings", "cost_known")
    for table in _WITH_AGES:
        for name in _AGES:
            op.drop_column(table, name)
