"""Invoices in the provider's name by agreement, and the VAT that is in them."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked
from migrations.triggers import allow_changes, make_append_only

revision = "0032"
down_revision = "0031"

_EXEMPT = (
    *("personal-care", "company", "day-activities", "respite", "nights"),
    *("health-and-wellbeing", "advice-and-advocacy"),
)


def upgrade() -> None:
    """Make the tables, and let what was invoiced before be without VAT."""
    _make_agreements()
    _make_registrations()
    _add_vat_to_lines()
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE invoices ADD COLUMN agreement_id {uuid} "
        "CONSTRAINT fk_invoices_agreement_id_self_billing_agreements "
        "REFERENCES self_billing_agreements (id)"
    )
    add_checked(
        "catalogue_categories",
        "vat",
        "VARCHAR(32) NOT NULL DEFAULT 'standard'",
        check="vat IN ('standard', 'exempt')",
        name="ck_catalogue_categories_categoryvat",
    )
    slugs = ", ".join(f"'{slug}'" for slug in _EXEMPT)
    op.execute(f"UPDATE catalogue_categories SET vat = 'exempt' WHERE slug IN ({slugs})")


def downgrade() -> None:
    """Forget VAT and agreements; the invoices stay, with what they come to."""
    op.drop_column("catalogue_categories", "vat")
    op.drop_column("invoices", "agreement_id")
    for column in ("vat_pence", "vat_rate", "vat_kind", "unit"):
        op.drop_column("invoice_lines", column)
    for table in ("vat_registrations", "self_billing_agreements"):
        allow_changes(table)
        op.drop_table(table)


def _add_vat_to_lines() -> None:
    table = "invoice_lines"
    op.add_column(table, sa.Column("unit", sa.String(), server_default="", nullable=False))
    add_checked(
        table,
        "vat_kind",
        "VARCHAR(32) NOT NULL DEFAULT 'none'",
        check="vat_kind IN ('none', 'exempt', 'standard')",
        name="ck_invoice_lines_linevat",
    )
    add_checked(
        table,
        "vat_rate",
        "INTEGER NOT NULL DEFAULT 0",
        check="(vat_kind = 'standard') = (vat_rate > 0)",
        name="ck_invoice_lines_rated",
    )
    add_checked(
        table,
        "vat_pence",
        "BIGINT NOT NULL DEFAULT 0",
        check="vat_pence BETWEEN 0 AND amount_pence",
        name="ck_invoice_lines_vat_inside",
    )


def _make_agreements() -> None:
    op.create_table(
        "self_billing_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "ends_on > starts_on", name="ck_self_billing_agreements_ends_after_start"
        ),
        *_of("self_billing_agreements", "agreed_by_id"),
        sa.UniqueConstraint(
            "provider_id",
            "starts_on",
            name="uq_self_billing_agreements_provider_id_starts_on",
        ),
    )
    make_append_only("self_billing_agreements")


def _make_registrations() -> None:
    op.create_table(
        "vat_registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(number = '') = (address = '')", name="ck_vat_registrations_number_and_address"
        ),
        *_of("vat_registrations", "said_by_id"),
    )
    op.create_index(
        "ix_vat_registrations_provider_id", "vat_registrations", ["provider_id", "starts_on"]
    )
    make_append_only("vat_registrations")


def _of(table: str, by: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name=f"fk_{table}_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint([by], ["access_users.id"], name=f"fk_{table}_{by}_access_users"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
