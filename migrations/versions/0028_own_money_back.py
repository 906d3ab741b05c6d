"""Own money that leaves a wallet is owed to the person until somebody says that it was paid.

And names and words of people who have left can be taken out of what is otherwise only added to.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check, one_of
from migrations.triggers import allow_changes, keep_columns, make_append_only

revision = "0028"
down_revision = "0027"

_KINDS = ("funder", "available", "held", "earned", "paid", "outside", "elsewhere")
_KEPT = ("id", "person_id", "council_id", "line_id", "amount_pence", "owed_at")
_STAYS = {
    "order_approvals": ("id", "order_id", "number", "user_id", "verdict", "at"),
    "access_declarations": (
        "id",
        "supporter_row_id",
        "number",
        "fee_per",
        "fee_pence",
        "fee_percent",
        "sells",
        "family",
        "declared_by_id",
        "declared_at",
    ),
    "access_family_decisions": (
        "id",
        "person_id",
        "provider_id",
        "council_id",
        "number",
        "agreed",
        "decided_by_id",
        "decided_at",
    ),
}
"""What of a yes, a declaration or a decision can never be changed: all but names and words."""


def upgrade() -> None:
    """Let the ledger know what is owed, and make the table of whom it is owed to."""
    for table, columns in _STAYS.items():
        allow_changes(table)
        keep_columns(table, columns)
    change_check(
        "wallet_accounts",
        "ck_wallet_accounts_accountkind",
        before=one_of("kind", _KINDS),
        now=one_of("kind", (*_KINDS, "owed")),
    )
    op.create_table(
        "budget_owed_refunds",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("sort_code", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by_id", sa.Uuid(), nullable=True),
        sa.Column("paid_by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_owed_refunds_amount_positive"),
        sa.CheckConstraint(
            "(paid_on IS NULL) = (paid_at IS NULL)", name="ck_budget_owed_refunds_paid"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_owed_refunds_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_owed_refunds"),
    )
    op.create_index(
        "ix_budget_owed_refunds_council_id", "budget_owed_refunds", ["council_id", "paid_at"]
    )
    op.create_index("ix_budget_owed_refunds_person_id", "budget_owed_refunds", ["person_id"])
    keep_columns("budget_owed_refunds", _KEPT)


def downgrade() -> None:
    """Take the table away again."""
    for table in _STAYS:
        allow_changes(table)
        make_append_only(table)
    op.drop_table("budget_owed_refunds")
    change_check(
        "wallet_accounts",
        "ck_wallet_accounts_accountkind",
        before=one_of("kind", (*_KINDS, "owed")),
        now=one_of("kind", _KINDS),
    )
