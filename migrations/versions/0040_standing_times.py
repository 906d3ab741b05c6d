"""Several times a day in a standing order; one of them left out; each ordered once."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked
from migrations.triggers import allow_changes, keep_columns

revision = "0040"
down_revision = "0039"

_SAID = ("standing_id", "number", "starts_on", "weekdays", "minute", "every_weeks", "quantity")
_WEEK = ["standing_id", "period_from", "pattern_number"]
_TIME = ["standing_id", "pattern_number", "occasion_at"]
_FIRST = (
    "UPDATE orders SET occasion_at = (SELECT min(planned_at) FROM order_visits "
    "WHERE order_visits.order_id = orders.id) WHERE standing_id IS NOT NULL"
)
_EACH = (
    "UPDATE order_visits SET occasion_at = planned_at "
    "WHERE order_id IN (SELECT id FROM orders WHERE standing_id IS NOT NULL)"
)


def upgrade() -> None:
    """Add the times; what is ordered already was made for the time it is at."""
    op.add_column(
        "standing_patterns",
        sa.Column("more_minutes", sa.JSON(), nullable=False, server_default="[]"),
    )
    allow_changes("standing_patterns")
    keep_columns("standing_patterns", (*_SAID, "more_minutes"))
    add_checked(
        "standing_gaps",
        "minute",
        "INTEGER",
        check="minute IS NULL OR minute BETWEEN 0 AND 1439",
        name="ck_standing_gaps_minute",
    )
    for table, fill in (("orders", _FIRST), ("order_visits", _EACH)):
        op.add_column(table, sa.Column("occasion_at", sa.DateTime(timezone=True), nullable=True))
        op.execute(fill)
    op.drop_index("uq_orders_standing_id_period_from_pattern_number", table_name="orders")
    op.create_index(
        "uq_orders_standing_id_pattern_number_occasion_at", "orders", _TIME, unique=True
    )


def downgrade() -> None:
    """Take the later times away again; a week has one order of each pattern then."""
    op.drop_index("uq_orders_standing_id_pattern_number_occasion_at", table_name="orders")
    op.create_index(
        "uq_orders_standing_id_period_from_pattern_number", "orders", _WEEK, unique=True
    )
    op.drop_column("order_visits", "occasion_at")
    op.drop_column("orders", "occasion_at")
    allow_changes("standing_patterns")
    keep_columns("standing_patterns", _SAID)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_standing_gaps_minute", "standing_gaps")
    op.drop_column("standing_gaps", "minute")
    op.drop_column("standing_patterns", "more_minutes")
