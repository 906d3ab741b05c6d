"""What a visit on a bank holiday costs."""

from alembic import op

from migrations.checks import add_checked

revision = "0042"
down_revision = "0041"

_COLUMN = "bank_holiday_price_pence"
_SOLD = ("catalogue_offers", "catalogue_agreed_prices")
_ORDERED = ("order_lines", "standing_orders", "standing_rises")


def upgrade() -> None:
    """Add the price; what was sold and ordered before has none of its own."""
    for table in _SOLD:
        add_checked(
            table,
            _COLUMN,
            "BIGINT",
            check=f"{_COLUMN} IS NULL OR {_COLUMN} > 0",
            name=f"ck_{table}_bank_holiday_price_positive",
        )
    for table in _ORDERED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {_COLUMN} BIGINT")


def downgrade() -> None:
    """Take the price away."""
    for table in (*_ORDERED, *_SOLD):
        op.drop_column(table, _COLUMN)
