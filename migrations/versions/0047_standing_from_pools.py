"""Standing orders that a pool pays for, and what its members say to them."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import allow_changes, make_append_only

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Add them; what goes on is paid for by the person's own lines."""
    op.add_column("standing_orders", sa.Column("pool_id", sa.Uuid(), nullable=True))
    op.add_column(
        "standing_orders",
        sa.Column("needs_pool_yes", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_standing_orders_pool_id", "standing_orders", ["pool_id"], unique=False)
    op.create_table(
        "standing_yeses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=False),
        sa.Column("rise_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_standing_yeses_standing_id_standing_orders",
        ),
        sa.ForeignKeyConstraint(
            ["rise_id"],
            ["standing_rises.id"],
            name="fk_standing_yeses_rise_id_standing_rises",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_standing_yeses_person_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing_yeses"),
    )
    for column in ("standing_id", "person_id"):
        op.create_index(f"ix_standing_yeses_{column}", "standing_yeses", [column], unique=False)
    # What a member said is never changed.
    make_append_only("standing_yeses")


def downgrade() -> None:
    """Take them away."""
    allow_changes("standing_yeses")
    op.drop_table("standing_yeses")
    op.drop_index("ix_standing_orders_pool_id", table_name="standing_orders")
    op.drop_column("standing_orders", "needs_pool_yes")
    op.drop_column("standing_orders", "pool_id")
