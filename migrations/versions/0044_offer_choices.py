"""What people can choose with an offer, what they chose, and from when until when it is sold."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

_CHOSEN = ("order_basket_lines", "order_lines")


def upgrade() -> None:
    """Add what can be chosen and what was; what there is offers and chose nothing."""
    op.add_column(
        "catalogue_offers", sa.Column("menu", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "catalogue_offers",
        sa.Column("must_choose", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table in _CHOSEN:
        op.add_column(table, sa.Column("choice", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    for table in _CHOSEN:
        op.drop_column(table, "choice")
    for column in ("must_choose", "menu"):
        op.drop_column("catalogue_offers", column)
