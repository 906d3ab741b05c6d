"""Baskets, orders, visits, and invoices that are never changed."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import make_append_only

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "invoice_counters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name="ck_invoice_counters_last_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_counters"),
    )
    op.create_table(
        "order_basket_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("worker_wish", sa.String(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("seen_total_pence", sa.BigInteger(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_name", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("every_days > 0", name="ck_order_basket_lines_every_days_positive"),
        sa.CheckConstraint("quantity > 0", name="ck_order_basket_lines_quantity_positive"),
        sa.CheckConstraint("visits > 0", name="ck_order_basket_lines_visits_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_order_basket_lines"),
    )
    op.create_index(
        "ix_order_basket_lines_person_id", "order_basket_lines", ["person_id"], unique=False
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by_name", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_name", sa.String(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("change_line_id", sa.Uuid(), nullable=True),
        sa.Column("change_first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("total_pence >= 0", name="ck_orders_total_not_negative"),
        sa.CheckConstraint(
            "state IN ('proposed', 'placed', 'change_proposed', 'accepted', 'declined', "
            "'cancelled', 'completed', 'refused')",
            name="ck_orders_orderstate",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("number", name="uq_orders_number"),
    )
    op.create_index("ix_orders_council_id", "orders", ["council_id", "placed_at"], unique=False)
    op.create_index("ix_orders_person_id", "orders", ["person_id", "placed_at"], unique=False)
    op.create_index("ix_orders_provider_id", "orders", ["provider_id", "placed_at"], unique=False)
    op.create_index("ix_orders_state", "orders", ["state"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("credits_id", sa.Uuid(), nullable=True),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)", name="ck_invoices_credits"
        ),
        sa.CheckConstraint("number > 0", name="ck_invoices_number_positive"),
        sa.CheckConstraint("total_pence > 0", name="ck_invoices_total_positive"),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["invoices.id"], name="fk_invoices_credits_id_invoices"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_invoices_order_id_orders"),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name="ck_invoices_invoicekind"),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("provider_id", "number", name="uq_invoices_provider_id_number"),
    )
    op.create_index("ix_invoices_council_id", "invoices", ["council_id", "issued_at"], unique=False)
    op.create_index("ix_invoices_credits_id", "invoices", ["credits_id"], unique=False)
    op.create_index("ix_invoices_order_id", "invoices", ["order_id"], unique=False)
    op.create_index("ix_invoices_person_id", "invoices", ["person_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_price_pence", sa.BigInteger(), nullable=False),
        sa.Column("evening_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekend_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("worker_wish", sa.String(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("late_cancel_percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "late_cancel_percent BETWEEN 0 AND 100", name="ck_order_lines_late_cancel_percent"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_order_lines_quantity_positive"),
        sa.CheckConstraint("unit_price_pence >= 0", name="ck_order_lines_unit_price_not_negative"),
        sa.CheckConstraint("visits > 0", name="ck_order_lines_visits_positive"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id_orders"),
        sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
    )
    op.create_index("ix_order_lines_offer_id", "order_lines", ["offer_id"], unique=False)
    op.create_index("ix_order_lines_order_id", "order_lines", ["order_id"], unique=False)
    op.create_table(
        "order_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("note_kind", sa.String(length=32), nullable=True),
        sa.Column("due_pence", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_silence", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_pence >= 0", name="ck_order_visits_amount_not_negative"),
        sa.CheckConstraint(
            "due_pence IS NULL OR (due_pence >= 0 AND due_pence <= amount_pence)",
            name="ck_order_visits_due_within_amount",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name="fk_order_visits_line_id_order_lines"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_visits_order_id_orders"
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'noted', 'confirmed', 'queried', 'released')",
            name="ck_order_visits_visitstate",
        ),
        sa.CheckConstraint(
            "note_kind IN ('full', 'part', 'missed', 'cancelled_in_time', 'cancelled_late', "
            "'person_not_in')",
            name="ck_order_visits_notekind",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_visits"),
        sa.UniqueConstraint("line_id", "number", name="uq_order_visits_line_id_number"),
    )
    op.create_index("ix_order_visits_order_id", "order_visits", ["order_id"], unique=False)
    op.create_index("ix_order_visits_state", "order_visits", ["state", "noted_at"], unique=False)
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name="ck_invoice_lines_amount_positive"),
        sa.CheckConstraint("quantity > 0", name="ck_invoice_lines_quantity_positive"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id_invoices"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["order_visits.id"], name="fk_invoice_lines_visit_id_order_visits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_lines"),
        sa.UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_invoice_id_position"),
    )
    op.create_index("ix_invoice_lines_visit_id", "invoice_lines", ["visit_id"], unique=False)
    make_append_only("invoices")
    make_append_only("invoice_lines")


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "invoice_lines",
        "order_visits",
        "order_lines",
        "invoices",
        "orders",
        "order_basket_lines",
        "invoice_counters",
    ):
        op.drop_table(table)
