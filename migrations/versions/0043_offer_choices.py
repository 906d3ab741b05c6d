"""What people can choose with an offer, what they chose, and from when until when it is sold."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked

revision = "0043"
down_revision = "0042"

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
    op.add_column("catalogue_offers", sa.Column("on_sale_from", sa.Date(), nullable=True))
    add_checked(
        "catalogue_offers",
        "on_sale_until",
        "DATE",
        check="on_sale_until IS NULL OR on_sale_from IS NULL OR on_sale_until >= on_sale_from",
        name="ck_catalogue_offers_sale_days",
    )
    op.add_column(
        "catalogue_offers",
        sa.Column("ready", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table in _CHOSEN:
        op.add_column(table, sa.Column("choice", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    for table in _CHOSEN:
        op.drop_column(table, "choice")
    for column in ("ready", "on_sale_until", "on_sale_from", "must_choose", "menu"):
        op.drop_column("catalogue_offers", column)
