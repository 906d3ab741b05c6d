"""Payments that go to the bank one by one, and bank details that wait after a change."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations.checks import (
    add_checked,
    change_check,
    let_be_empty,
    let_be_never_empty,
    one_of,
)
from migrations.triggers import allow_changes, make_append_only

revision = "0029"
down_revision = "0028"

_STATES = ("proposed", "approved", "paid", "cancelled")
_MORE_STATES = ("proposed", "approved", "sent", "paid", "cancelled")
_ITEM_STATES = ("planned", "taken_out", "sent", "settled", "bounced")
_FORMATS = ("faster_payments", "bacs_xml", "standard_18")
_APPROVED = "state NOT IN ('approved', 'paid') OR approved_by_id IS NOT NULL"
_NOW_APPROVED = "state NOT IN ('approved', 'sent', 'paid') OR approved_by_id IS NOT NULL"
_ID = "CHAR(32)"
_WORD = "VARCHAR(32)"


def upgrade() -> None:
    """Add the states, and make the tables."""
    _change_runs()
    _change_items()
    _make_freed_invoices()
    _make_bank_changes()
    _note_first_details()
    _make_bank_calls()
    op.add_column("payment_run_counters", sa.Column("looked_on", sa.Date(), nullable=True))
    op.add_column("payment_council_banks", sa.Column("service_user", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back to runs that are paid as a whole; what was sent counts as approved."""
    op.drop_column("payment_council_banks", "service_user")
    op.drop_column("payment_run_counters", "looked_on")
    allow_changes("payment_freed_invoices")
    for table in ("payment_bank_calls", "catalogue_bank_changes", "payment_freed_invoices"):
        op.drop_table(table)
    op.drop_index("ix_payment_items_reference", "payment_items")
    op.execute("UPDATE payment_items SET settled_on = NULL WHERE state <> 'settled'")
    for column in (
        *("taken_out_reason", "bounced_on", "state"),
        *("taken_out_by_name", "bounce_reason", "findings", "noticed", "times_settled"),
    ):
        op.drop_column("payment_items", column)
    op.execute("ALTER TABLE payment_items RENAME COLUMN settled_on TO paid_on")
    _forget_runs_nobody_proposed()
    op.execute("UPDATE payment_runs SET state = 'approved' WHERE state = 'sent'")
    for column in ("sent_by_id", "sent_at", "file_format"):
        op.drop_column("payment_runs", column)
    for column in ("sent_by_name", "file_digest", "file_day", "payer"):
        op.drop_column("payment_runs", column)
    change_check("payment_runs", "ck_payment_runs_approved", before=_NOW_APPROVED, now=_APPROVED)
    change_check(
        "payment_runs",
        "ck_payment_runs_runstate",
        before=one_of("state", _MORE_STATES),
        now=one_of("state", _STATES),
    )
    let_be_never_empty("payment_runs", "proposed_by_id", _ID)


def _forget_runs_nobody_proposed() -> None:
    """Before, somebody had proposed every run: whoever sent it is named, or it is let go."""
    op.execute("UPDATE payment_runs SET proposed_by_id = sent_by_id WHERE proposed_by_id IS NULL")
    runs = "SELECT id FROM payment_runs WHERE proposed_by_id IS NULL"
    items = f"SELECT id FROM payment_items WHERE run_id IN ({runs})"
    op.execute(f"DELETE FROM payment_invoices WHERE item_id IN ({items})")
    op.execute(f"DELETE FROM payment_items WHERE run_id IN ({runs})")
    op.execute("DELETE FROM payment_runs WHERE proposed_by_id IS NULL")


def _change_runs() -> None:
    table = "payment_runs"
    change_check(
        table,
        "ck_payment_runs_runstate",
        before=one_of("state", _STATES),
        now=one_of("state", _MORE_STATES),
    )
    change_check(table, "ck_payment_runs_approved", before=_APPROVED, now=_NOW_APPROVED)
    let_be_empty(table, "proposed_by_id", _ID)
    op.add_column(table, sa.Column("payer", sa.JSON(), nullable=True))
    op.add_column(table, sa.Column("file_day", sa.Date(), nullable=True))
    op.add_column(table, sa.Column("file_digest", sa.String(), nullable=True))
    op.add_column(table, sa.Column("sent_by_name", sa.String(), nullable=True))
    add_checked(
        table,
        "file_format",
        _WORD,
        check=one_of("file_format", _FORMATS),
        name="ck_payment_runs_fileformat",
    )
    instant = "TIMESTAMP WITH TIME ZONE" if _is_postgres() else "DATETIME"
    add_checked(
        table,
        "sent_at",
        instant,
        check="state <> 'sent' OR sent_at IS NOT NULL",
        name="ck_payment_runs_sent",
    )
    users = "CONSTRAINT fk_payment_runs_sent_by_id_access_users REFERENCES access_users (id)"
    add_checked(
        table,
        "sent_by_id",
        f"{'UUID' if _is_postgres() else _ID} {users}",
        check="sent_by_id IS NULL OR proposed_by_id IS NOT NULL OR sent_by_id <> approved_by_id",
        name="ck_payment_runs_two_hands",
    )


def _change_items() -> None:
    table = "payment_items"
    op.execute(f"ALTER TABLE {table} RENAME COLUMN paid_on TO settled_on")
    op.add_column(
        table, sa.Column("times_settled", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(table, sa.Column("noticed", sa.Integer(), server_default="0", nullable=False))
    op.add_column(table, sa.Column("findings", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(table, sa.Column("bounce_reason", sa.String(), server_default="", nullable=False))
    op.add_column(table, sa.Column("taken_out_by_name", sa.String(), nullable=True))
    add_checked(
        table,
        "state",
        f"{_WORD} NOT NULL DEFAULT 'planned'",
        check=one_of("state", _ITEM_STATES),
        name="ck_payment_items_itemstate",
    )
    op.execute(
        f"UPDATE {table} SET state = 'settled', times_settled = 1 WHERE settled_on IS NOT NULL"
    )
    add_checked(
        table,
        "bounced_on",
        "DATE",
        check="(state = 'bounced') = (bounced_on IS NOT NULL)",
        name="ck_payment_items_bounced",
    )
    settled = "CONSTRAINT ck_payment_items_settled CHECK "
    add_checked(
        table,
        "taken_out_reason",
        f"VARCHAR {settled}(state <> 'settled' OR settled_on IS NOT NULL)",
        check="(state = 'taken_out') = (taken_out_reason IS NOT NULL)",
        name="ck_payment_items_taken_out",
    )
    op.create_index("ix_payment_items_reference", table, ["reference"])


def _make_freed_invoices() -> None:
    op.create_table(
        "payment_freed_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("total_pence <> 0", name="ck_payment_freed_invoices_total_not_zero"),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["payment_items.id"],
            name="fk_payment_freed_invoices_item_id_payment_items",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_payment_freed_invoices_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_freed_invoices"),
        sa.UniqueConstraint(
            "item_id", "invoice_id", name="uq_payment_freed_invoices_item_id_invoice_id"
        ),
    )
    op.create_index(
        "ix_payment_freed_invoices_invoice_id", "payment_freed_invoices", ["invoice_id"]
    )
    make_append_only("payment_freed_invoices")


def _make_bank_changes() -> None:
    op.create_table(
        "catalogue_bank_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("first", "waiting", "confirmed", "refused", "replaced"),
                name="bankchangestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ends", sa.String(), nullable=False),
        sa.Column("ended_before", sa.String(), nullable=False),
        sa.Column("known_email", sa.String(), nullable=False),
        sa.Column("known_phone", sa.String(), nullable=False),
        sa.Column("asked_at_email", sa.String(), nullable=False),
        sa.Column("ring_at_phone", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by_name", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_until", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'waiting' OR waits_until IS NOT NULL",
            name="ck_catalogue_bank_changes_waits",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_bank_changes_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["access_users.id"],
            name="fk_catalogue_bank_changes_changed_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_bank_changes"),
        sa.UniqueConstraint("token_hash", name="uq_catalogue_bank_changes_token_hash"),
    )
    op.create_index(
        "ix_catalogue_bank_changes_provider_id",
        "catalogue_bank_changes",
        ["provider_id", "changed_at"],
    )


def _note_first_details() -> None:
    """Say of every store's details who owns them now: that is whom the next change is asked of."""
    uuid, text = sa.Uuid(), sa.String()
    changes = sa.table(
        "catalogue_bank_changes",
        *(sa.column(name, uuid) for name in ("id", "provider_id", "changed_by_id")),
        *(sa.column(name, text) for name in ("state", "ends", "ended_before", "known_email")),
        *(sa.column(name, text) for name in ("known_phone", "asked_at_email", "ring_at_phone")),
        sa.column("changed_by_name", text),
        sa.column("changed_at", sa.DateTime(timezone=True)),
    )
    owners = sa.text(
        "SELECT p.id, p.account_number, p.phone, p.joined_at, u.id, u.email, u.name "
        "FROM catalogue_providers p "
        "JOIN access_memberships m ON m.organisation_id = p.id AND m.ended_at IS NULL "
        "AND m.role = 'provider_owner' JOIN access_users u ON u.id = m.user_id "
        "WHERE p.account_number IS NOT NULL ORDER BY p.id, m.id"
    ).columns(
        *(sa.column("p", uuid), sa.column("number", text), sa.column("phone", text)),
        *(sa.column("at", sa.DateTime(timezone=True)), sa.column("u", uuid)),
        *(sa.column("email", text), sa.column("name", text)),
    )
    found = {}
    for provider_id, number, phone, at, user_id, email, name in op.get_bind().execute(owners):
        found.setdefault(
            provider_id,
            {
                "id": uuid4(),
                "provider_id": provider_id,
                "state": "first",
                "ends": number[-3:],
                "ended_before": "",
                "known_email": email,
                "known_phone": phone,
                "asked_at_email": "",
                "ring_at_phone": "",
                "changed_by_id": user_id,
                "changed_by_name": name,
                "changed_at": at,
            },
        )
    if found:
        op.bulk_insert(changes, list(found.values()))


def _make_bank_calls() -> None:
    op.create_table(
        "payment_bank_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("rung_by_id", sa.Uuid(), nullable=False),
        sa.Column("rung_by_name", sa.String(), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["catalogue_bank_changes.id"],
            name="fk_payment_bank_calls_change_id_catalogue_bank_changes",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_bank_calls_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["rung_by_id"],
            ["access_users.id"],
            name="fk_payment_bank_calls_rung_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_bank_calls"),
        sa.UniqueConstraint(
            "change_id", "council_id", name="uq_payment_bank_calls_change_id_council_id"
        ),
    )


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
