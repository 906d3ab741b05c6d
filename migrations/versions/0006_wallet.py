"""The ledger, which only grows and adds up to nothing."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import make_append_only

revision = "0006"
down_revision = "0005"

BALANCE_FUNCTION = """
    CREATE FUNCTION wallet_transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF 0 <> (SELECT sum(amount_pence) FROM wallet_entries WHERE transfer_id = NEW.transfer_id)
      THEN
        RAISE EXCEPTION 'transfer % does not balance', NEW.transfer_id
          USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$
"""
BALANCE_TRIGGER = """
    CREATE CONSTRAINT TRIGGER wallet_transfer_balances AFTER INSERT ON wallet_entries
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wallet_transfer_balances()
"""
"""The entries of a transfer add up to nothing when the transaction ends.

SQLite has no deferred triggers; there ``flask wallet check`` proves the same.
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "wallet_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "funder",
                "available",
                "held",
                "earned",
                "paid",
                name="accountkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_wallet_accounts_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_accounts"),
        sa.UniqueConstraint(
            "owner_id", "kind", "council_id", name="uq_wallet_accounts_owner_id_kind_council_id"
        ),
    )
    op.create_index(
        "ix_wallet_accounts_council_id", "wallet_accounts", ["council_id"], unique=False
    )
    op.create_table(
        "wallet_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_transfers"),
        sa.UniqueConstraint("key", name="uq_wallet_transfers_key"),
    )
    op.create_index("ix_wallet_transfers_at", "wallet_transfers", ["at"], unique=False)
    op.create_table(
        "wallet_balances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("may_go_negative", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "may_go_negative OR amount_pence >= 0", name="ck_wallet_balances_amount_not_negative"
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["wallet_accounts.id"], name="fk_wallet_balances_id_wallet_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_balances"),
    )
    op.create_table(
        "wallet_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_pence <> 0", name="ck_wallet_entries_amount_not_zero"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["wallet_accounts.id"],
            name="fk_wallet_entries_account_id_wallet_accounts",
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["wallet_transfers.id"],
            name="fk_wallet_entries_transfer_id_wallet_transfers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wallet_entries"),
    )
    op.create_index("ix_wallet_entries_account_id", "wallet_entries", ["account_id"], unique=False)
    op.create_index(
        "ix_wallet_entries_transfer_id", "wallet_entries", ["transfer_id"], unique=False
    )
    for table in ("wallet_transfers", "wallet_entries"):
        make_append_only(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(BALANCE_FUNCTION)
        op.execute(BALANCE_TRIGGER)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("wallet_entries")
    op.drop_table("wallet_balances")
    op.drop_table("wallet_transfers")
    op.drop_table("wallet_accounts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION wallet_transfer_balances()")
