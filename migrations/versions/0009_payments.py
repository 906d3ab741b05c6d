"""Runs of payments to providers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "payment_run_counters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name="ck_payment_run_counters_last_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_run_counters"),
    )
    op.create_table(
        "payment_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "paid",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_name", sa.String(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_name", sa.String(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="ck_payment_runs_paid"),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'paid') OR approved_by_id IS NOT NULL",
            name="ck_payment_runs_approved",
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="ck_payment_runs_two_people",
        ),
        sa.CheckConstraint("number > 0", name="ck_payment_runs_number_positive"),
        sa.CheckConstraint("total_pence > 0", name="ck_payment_runs_total_positive"),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["access_users.id"],
            name="fk_payment_runs_approved_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["access_users.id"],
            name="fk_payment_runs_proposed_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_runs_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_runs"),
        sa.UniqueConstraint("council_id", "number", name="uq_payment_runs_council_id_number"),
    )
    op.create_table(
        "payment_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("sort_code", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_items_amount_positive"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_runs.id"], name="fk_payment_items_run_id_payment_runs"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_payment_items_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_items"),
        sa.UniqueConstraint("run_id", "position", name="uq_payment_items_run_id_position"),
        sa.UniqueConstraint("run_id", "provider_id", name="uq_payment_items_run_id_provider_id"),
    )
    op.create_index("ix_payment_items_provider_id", "payment_items", ["provider_id"], unique=False)
    op.create_table(
        "payment_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.CheckConstraint("(paid_on IS NULL) = (days IS NULL)", name="ck_payment_invoices_paid"),
        sa.CheckConstraint("total_pence <> 0", name="ck_payment_invoices_total_not_zero"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["payment_items.id"], name="fk_payment_invoices_item_id_payment_items"
        ),
        sa.ForeignKeyConstraint(["id"], ["invoices.id"], name="fk_payment_invoices_id_invoices"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_invoices"),
    )
    op.create_index(
        "ix_payment_invoices_council_id",
        "payment_invoices",
        ["council_id", "paid_on"],
        unique=False,
    )
    op.create_index("ix_payment_invoices_item_id", "payment_invoices", ["item_id"], unique=False)
    op.create_index(
        "ix_payment_invoices_provider_id",
        "payment_invoices",
        ["provider_id", "paid_on"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("payment_invoices")
    op.drop_table("payment_items")
    op.drop_table("payment_runs")
    op.drop_table("payment_run_counters")
