"""Shared pots of some people's money, their members, and what each of them said yes to."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import make_append_only

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_pools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("asks_from_pence", sa.BigInteger(), nullable=False),
        sa.Column("made_for_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("asks_from_pence >= 0", name="ck_budget_pools_asks_from_not_negative"),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_pools_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["made_for_id"], ["access_users.id"], name="fk_budget_pools_made_for_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_pools"),
    )
    op.create_index("ix_budget_pools_council_id", "budget_pools", ["council_id"], unique=False)
    op.create_table(
        "budget_pool_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "turned_down",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_for_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_pool_asks_amount_positive"),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["budget_pools.id"], name="fk_budget_pool_asks_pool_id_budget_pools"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_budget_pool_asks_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_pool_asks"),
    )
    op.create_index("ix_budget_pool_asks_pool_id", "budget_pool_asks", ["pool_id"], unique=False)
    op.create_table(
        "budget_pool_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("invited_email", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "in",
                "left",
                "refused",
                name="memberstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["budget_pools.id"], name="fk_budget_pool_members_pool_id_budget_pools"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_budget_pool_members_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_pool_members"),
    )
    op.create_index(
        "ix_budget_pool_members_invited_email",
        "budget_pool_members",
        ["invited_email"],
        unique=False,
    )
    op.create_index(
        "ix_budget_pool_members_person_id", "budget_pool_members", ["person_id"], unique=False
    )
    op.create_index(
        "ix_budget_pool_members_pool_id", "budget_pool_members", ["pool_id"], unique=False
    )
    op.create_table(
        "budget_pool_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["budget_pool_members.id"],
            name="fk_budget_pool_consents_member_id_budget_pool_members",
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["budget_pools.id"], name="fk_budget_pool_consents_pool_id_budget_pools"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_budget_pool_consents_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_pool_consents"),
    )
    op.create_index(
        "ix_budget_pool_consents_person_id", "budget_pool_consents", ["person_id"], unique=False
    )
    op.create_index(
        "ix_budget_pool_consents_pool_id", "budget_pool_consents", ["pool_id"], unique=False
    )
    # What somebody said yes to, and when they took it back, is never changed.
    make_append_only("budget_pool_consents")
    for table in ("orders", "order_basket_lines"):
        op.add_column(table, sa.Column("pool_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Drop the tables."""
    for table in ("order_basket_lines", "orders"):
        op.drop_column(table, "pool_id")
    op.drop_table("budget_pool_consents")
    op.drop_table("budget_pool_members")
    op.drop_table("budget_pool_asks")
    op.drop_table("budget_pools")
