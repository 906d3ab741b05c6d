"""Standing orders, each week an ordinary order. A line can ask for a language or gender."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import keep_columns

revision = "0030"
down_revision = "0029"

_SAID = ("standing_id", "number", "starts_on", "weekdays", "minute", "every_weeks", "quantity")
"""What a pattern said stays as it was said; a change is a new row."""


def upgrade() -> None:
    """Make the tables."""
    _make_orders()
    _make_gaps()
    _make_misses()
    _make_patterns()
    _make_rises()
    keep_columns("standing_patterns", _SAID)
    for table in ("order_basket_lines", "order_lines"):
        for column in ("language_wish", "gender_wish"):
            _add_words(table, column)
    op.add_column("orders", sa.Column("standing_id", sa.Uuid(), nullable=True))
    op.add_column("orders", sa.Column("period_from", sa.Date(), nullable=True))
    op.add_column("orders", sa.Column("pattern_number", sa.Integer(), nullable=True))
    op.create_index(
        "uq_orders_standing_id_period_from_pattern_number",
        "orders",
        ["standing_id", "period_from", "pattern_number"],
        unique=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("uq_orders_standing_id_period_from_pattern_number", table_name="orders")
    for column in ("pattern_number", "period_from", "standing_id"):
        op.drop_column("orders", column)
    for table in ("order_lines", "order_basket_lines"):
        for column in ("gender_wish", "language_wish"):
            op.drop_column(table, column)
    op.drop_table("standing_rises")
    op.drop_table("standing_patterns")
    op.drop_table("standing_misses")
    op.drop_table("standing_gaps")
    op.drop_table("standing_orders")


def _add_words(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))


def _make_orders() -> None:
    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("evening_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekend_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("worker_wish", sa.String(), nullable=False),
        sa.Column("language_wish", sa.String(), nullable=False),
        sa.Column("gender_wish", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("first_order_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by_name", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= begins_on",
            name="ck_standing_orders_ends_after_begin",
        ),
        sa.CheckConstraint("price_pence >= 0", name="ck_standing_orders_price_not_negative"),
        _to("access_users", "person_id"),
        _to("catalogue_providers", "provider_id"),
        _to("councils", "council_id"),
        _to("catalogue_offers", "offer_id"),
        _to("access_users", "placed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_orders"),
        sa.UniqueConstraint("number", name="uq_standing_orders_number"),
    )
    op.create_index(
        "ix_standing_orders_council_id", "standing_orders", ["council_id"], unique=False
    )
    op.create_index(
        "ix_standing_orders_next_look_at", "standing_orders", ["next_look_at"], unique=False
    )
    op.create_index("ix_standing_orders_person_id", "standing_orders", ["person_id"], unique=False)
    op.create_index(
        "ix_standing_orders_provider_id", "standing_orders", ["provider_id"], unique=False
    )


def _make_gaps() -> None:
    op.create_table(
        "standing_gaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_by_name", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_before > starts_on", name="ck_standing_gaps_ends_after_start"),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_standing_gaps_standing_id_standing_orders",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing_gaps"),
    )
    op.create_index("ix_standing_gaps_standing_id", "standing_gaps", ["standing_id"], unique=False)


def _make_misses() -> None:
    op.create_table(
        "standing_misses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("pattern_number", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("covered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_standing_misses_standing_id_standing_orders",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing_misses"),
        sa.UniqueConstraint(
            "standing_id",
            "week_on",
            "pattern_number",
            name="uq_standing_misses_standing_id_week_on_pattern_number",
        ),
    )


def _make_patterns() -> None:
    op.create_table(
        "standing_patterns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "bank_holidays",
            sa.Enum(
                "as_usual",
                "skip",
                "day_before",
                "day_after",
                name="bankholidays",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_by_name", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "waiting",
                "yes",
                "no",
                "withdrawn",
                name="reply",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("every_weeks > 0", name="ck_standing_patterns_every_weeks_positive"),
        sa.CheckConstraint(
            "minute IS NULL OR minute BETWEEN 0 AND 1439", name="ck_standing_patterns_minute"
        ),
        sa.CheckConstraint(
            "month_day IS NULL OR month_day BETWEEN 1 AND 28", name="ck_standing_patterns_month_day"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_standing_patterns_quantity_positive"),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_standing_patterns_standing_id_standing_orders",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing_patterns"),
        sa.UniqueConstraint(
            "standing_id", "number", name="uq_standing_patterns_standing_id_number"
        ),
    )


def _make_rises() -> None:
    op.create_table(
        "standing_rises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("evening_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekend_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_price_kept", sa.Boolean(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "waiting",
                "yes",
                "no",
                "withdrawn",
                name="reply",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_standing_rises_standing_id_standing_orders",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standing_rises"),
        sa.UniqueConstraint("standing_id", "number", name="uq_standing_rises_standing_id_number"),
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_standing_orders_{column}_{table}"
    )
