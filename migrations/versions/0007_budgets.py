"""Funding lines, instalments, limits, and money set aside for orders."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_holds_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_holds_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_holds"),
    )
    op.create_index("ix_budget_holds_person_id", "budget_holds", ["person_id"], unique=False)
    op.create_table(
        "budget_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "funder",
            sa.Enum(
                "adult_social_care",
                "childrens_services",
                "personal_health_budget",
                "carers_budget",
                "short_breaks",
                "independent_living_fund",
                "disabled_facilities_grant",
                "own_money",
                "family_top_up",
                name="funder",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("yearly_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "holder",
            sa.Enum(
                "direct_payment",
                "representative",
                "trust",
                "third_party",
                "isf",
                "council_managed",
                name="holder",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("cost_code", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("available_account_id", sa.Uuid(), nullable=False),
        sa.Column("held_account_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_before > starts_on", name="ck_budget_lines_ends_after_start"),
        sa.CheckConstraint("yearly_pence > 0", name="ck_budget_lines_yearly_positive"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_lines_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_lines_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["access_users.id"], name="fk_budget_lines_opened_by_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["available_account_id"],
            ["wallet_accounts.id"],
            name="fk_budget_lines_available_account_id_wallet_accounts",
        ),
        sa.ForeignKeyConstraint(
            ["held_account_id"],
            ["wallet_accounts.id"],
            name="fk_budget_lines_held_account_id_wallet_accounts",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_lines"),
    )
    op.create_index("ix_budget_lines_council_id", "budget_lines", ["council_id"], unique=False)
    op.create_index("ix_budget_lines_next_due_on", "budget_lines", ["next_due_on"], unique=False)
    op.create_index(
        "ix_budget_lines_person_id_sequence",
        "budget_lines",
        ["person_id", "sequence"],
        unique=False,
    )
    op.create_table(
        "budget_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_outcomes_person_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_outcomes"),
    )
    op.create_index("ix_budget_outcomes_person_id", "budget_outcomes", ["person_id"], unique=False)
    op.create_table(
        "budget_refusals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("limit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "why",
            sa.Enum(
                "no_line",
                "money",
                "limit",
                "ask",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wanted_pence", sa.BigInteger(), nullable=False),
        sa.Column("remaining_pence", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_refusals_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_refusals_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_refusals"),
    )
    op.create_index("ix_budget_refusals_at", "budget_refusals", ["at"], unique=False)
    op.create_index(
        "ix_budget_refusals_council_id", "budget_refusals", ["council_id"], unique=False
    )
    op.create_index("ix_budget_refusals_person_id", "budget_refusals", ["person_id"], unique=False)
    op.create_table(
        "budget_hold_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("captured_pence", sa.BigInteger(), nullable=False),
        sa.Column("released_pence", sa.BigInteger(), nullable=False),
        sa.Column("refunded_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "captured_pence >= 0 AND released_pence >= 0 "
            "AND captured_pence + released_pence <= held_pence",
            name="ck_budget_hold_shares_not_more_than_held",
        ),
        sa.CheckConstraint("held_pence > 0", name="ck_budget_hold_shares_held_positive"),
        sa.CheckConstraint(
            "refunded_pence >= 0 AND refunded_pence <= captured_pence",
            name="ck_budget_hold_shares_not_more_than_captured",
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_holds.id"], name="fk_budget_hold_shares_hold_id_budget_holds"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_hold_shares_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_hold_shares"),
        sa.UniqueConstraint("hold_id", "line_id", name="uq_budget_hold_shares_hold_id_line_id"),
    )
    op.create_index(
        "ix_budget_hold_shares_line_id", "budget_hold_shares", ["line_id"], unique=False
    )
    op.create_table(
        "budget_instalments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_pence >= 0", name="ck_budget_instalments_amount_not_negative"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_instalments_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_instalments"),
        sa.UniqueConstraint("line_id", "due_on", name="uq_budget_instalments_line_id_due_on"),
    )
    op.create_table(
        "budget_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "window",
            sa.Enum(
                "order",
                "day",
                "week",
                "four_weeks",
                "month",
                "year",
                "ever",
                name="limitwindow",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refuse",
                "ask",
                name="limitkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_by_name", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_limits_amount_positive"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_limits_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["access_users.id"], name="fk_budget_limits_set_by_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_limits"),
    )
    op.create_index("ix_budget_limits_line_id", "budget_limits", ["line_id"], unique=False)
    op.create_table(
        "budget_line_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_line_outcomes_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["budget_outcomes.id"],
            name="fk_budget_line_outcomes_outcome_id_budget_outcomes",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_line_outcomes"),
        sa.UniqueConstraint(
            "line_id", "outcome_id", name="uq_budget_line_outcomes_line_id_outcome_id"
        ),
    )
    op.create_index(
        "ix_budget_line_outcomes_outcome_id", "budget_line_outcomes", ["outcome_id"], unique=False
    )
    op.create_table(
        "budget_hold_takings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.Uuid(), nullable=False),
        sa.Column("window_starts_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_pence >= 0", name="ck_budget_hold_takings_amount_not_negative"),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_holds.id"], name="fk_budget_hold_takings_hold_id_budget_holds"
        ),
        sa.ForeignKeyConstraint(
            ["limit_id"], ["budget_limits.id"], name="fk_budget_hold_takings_limit_id_budget_limits"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_hold_takings_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_hold_takings"),
        sa.UniqueConstraint("hold_id", "limit_id", name="uq_budget_hold_takings_hold_id_limit_id"),
    )
    op.create_index(
        "ix_budget_hold_takings_limit_id", "budget_hold_takings", ["limit_id"], unique=False
    )
    op.create_table(
        "budget_limit_uses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.Uuid(), nullable=False),
        sa.Column("window_starts_on", sa.Date(), nullable=False),
        sa.Column("used_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used_pence >= 0", name="ck_budget_limit_uses_used_not_negative"),
        sa.ForeignKeyConstraint(
            ["limit_id"], ["budget_limits.id"], name="fk_budget_limit_uses_limit_id_budget_limits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_limit_uses"),
        sa.UniqueConstraint(
            "limit_id", "window_starts_on", name="uq_budget_limit_uses_limit_id_window_starts_on"
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("budget_limit_uses")
    op.drop_table("budget_hold_takings")
    op.drop_table("budget_line_outcomes")
    op.drop_table("budget_limits")
    op.drop_table("budget_instalments")
    op.drop_table("budget_hold_shares")
    op.drop_table("budget_refusals")
    op.drop_table("budget_outcomes")
    op.drop_table("budget_lines")
    op.drop_table("budget_holds")
