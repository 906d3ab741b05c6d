"""How circles decide, every yes and no, and what supporters earn."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import make_append_only

revision = "0020"
down_revision = "0019"

_APPEND_ONLY = (
    "order_approvals",
    "access_declarations",
    "access_declared_stores",
    "access_family_decisions",
)


def upgrade() -> None:
    """Make the tables."""
    _make_circle_rules()
    _make_declarations()
    _make_family()
    _make_approvals()
    for table in _APPEND_ONLY:
        make_append_only(table)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_column("orders", "conflict")
    op.drop_column("orders", "needs_own_yes")
    op.drop_column("orders", "yeses_needed")
    op.drop_table("order_approvals")
    op.drop_column("councils", "family_carers")
    op.drop_table("access_family_decisions")
    op.drop_table("access_family_carers")
    op.drop_table("access_declared_stores")
    op.drop_table("access_declarations")
    op.drop_table("access_circle_rules")


def _make_circle_rules() -> None:
    op.create_table(
        "access_circle_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("yeses", sa.Integer(), nullable=False),
        sa.Column("asks_from_pence", sa.BigInteger(), nullable=True),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "asks_from_pence IS NULL OR asks_from_pence >= 0",
            name="ck_access_circle_rules_asks_from",
        ),
        sa.CheckConstraint("yeses BETWEEN 1 AND 2", name="ck_access_circle_rules_yeses"),
        _to_users("access_circle_rules", "chosen_by_id"),
        # Its id is the person's.
        sa.ForeignKeyConstraint(
            ["id"], ["access_users.id"], name="fk_access_circle_rules_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_circle_rules"),
    )


def _make_declarations() -> None:
    op.create_table(
        "access_declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_row_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "fee_per",
            sa.Enum(
                "nothing",
                "hour",
                "month",
                "year",
                "once",
                "percent",
                name="feeper",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fee_pence", sa.BigInteger(), nullable=True),
        sa.Column("fee_percent", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("sells", sa.Boolean(), nullable=False),
        sa.Column("family", sa.Boolean(), nullable=False),
        sa.Column("declared_by_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "fee_pence IS NULL OR fee_pence > 0", name="ck_access_declarations_fee_positive"
        ),
        sa.CheckConstraint(
            "fee_percent IS NULL OR fee_percent BETWEEN 1 AND 100",
            name="ck_access_declarations_fee_percent",
        ),
        sa.ForeignKeyConstraint(
            ["supporter_row_id"],
            ["access_supporters.id"],
            name="fk_access_declarations_supporter_row_id_access_supporters",
        ),
        _to_users("access_declarations", "declared_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_declarations"),
        sa.UniqueConstraint(
            "supporter_row_id", "number", name="uq_access_declarations_supporter_row_id_number"
        ),
    )
    op.create_table(
        "access_declared_stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["access_declarations.id"],
            name="fk_access_declared_stores_declaration_id_access_declarations",
        ),
        _to_providers("access_declared_stores"),
        sa.PrimaryKeyConstraint("id", name="pk_access_declared_stores"),
        sa.UniqueConstraint(
            "declaration_id",
            "provider_id",
            name="uq_access_declared_stores_declaration_id_provider_id",
        ),
    )


def _make_family() -> None:
    op.add_column(
        "councils",
        sa.Column("family_carers", sa.String(32), server_default="allowed", nullable=False),
    )
    op.create_table(
        "access_family_carers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("declared_by_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to_users("access_family_carers", "person_id"),
        _to_users("access_family_carers", "declared_by_id"),
        _to_providers("access_family_carers"),
        sa.PrimaryKeyConstraint("id", name="pk_access_family_carers"),
    )
    op.create_index("ix_access_family_carers_person_id", "access_family_carers", ["person_id"])
    op.create_table(
        "access_family_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _to_users("access_family_decisions", "person_id"),
        _to_users("access_family_decisions", "decided_by_id"),
        _to_providers("access_family_decisions"),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_access_family_decisions_council_id_councils",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_family_decisions"),
        sa.UniqueConstraint(
            "person_id",
            "provider_id",
            "council_id",
            "number",
            name="uq_access_family_decisions_number",
        ),
    )


def _make_approvals() -> None:
    for column in (
        sa.Column("yeses_needed", sa.Integer(), server_default="1", nullable=False),
        sa.Column("needs_own_yes", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("conflict", sa.String(), server_default="", nullable=False),
    ):
        op.add_column("orders", column)
    op.create_table(
        "order_approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "yes",
                "no",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("knowing", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_approvals_order_id_orders"
        ),
        _to_users("order_approvals", "user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_order_approvals"),
        sa.UniqueConstraint("order_id", "number", name="uq_order_approvals_order_id_number"),
    )


def _to_users(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["access_users.id"], name=f"fk_{table}_{column}_access_users"
    )


def _to_providers(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["provider_id"],
        ["catalogue_providers.id"],
        name=f"fk_{table}_provider_id_catalogue_providers",
    )
