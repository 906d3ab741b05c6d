"""Money that people pay in: by card, by family links, by bank transfer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "payment_card_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("real_money", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("top_up_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "paid_in",
                "taken_back",
                "noted",
                "not_ours",
                "unknown",
                "wrong",
                name="eventoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (done_at IS NULL)", name="ck_payment_card_events_done"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_card_events"),
        sa.UniqueConstraint("event_id", name="uq_payment_card_events_event_id"),
    )
    op.create_index(
        "ix_payment_card_events_outcome", "payment_card_events", ["outcome"], unique=False
    )
    op.create_index(
        "ix_payment_card_events_top_up_id", "payment_card_events", ["top_up_id"], unique=False
    )
    op.create_table(
        "payment_council_banks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sort_code", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("set_by_name", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["councils.id"], name="fk_payment_council_banks_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_council_banks"),
    )
    op.create_table(
        "payment_family_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_payment_family_links_person_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_family_links_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["access_users.id"],
            name="fk_payment_family_links_made_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_family_links"),
        sa.UniqueConstraint("token_hash", name="uq_payment_family_links_token_hash"),
    )
    op.create_index(
        "ix_payment_family_links_person_id", "payment_family_links", ["person_id"], unique=False
    )
    op.create_table(
        "payment_references",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("by_family", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_payment_references_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_references_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_references"),
        sa.UniqueConstraint(
            "person_id",
            "council_id",
            "by_family",
            name="uq_payment_references_person_id_council_id_by_family",
        ),
        sa.UniqueConstraint("reference", name="uq_payment_references_reference"),
    )
    op.create_table(
        "payment_statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "columns",
                "checked",
                "posted",
                name="statementstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("names_account", sa.Boolean(), nullable=False),
        sa.Column("went_out", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_name", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by_id", sa.Uuid(), nullable=True),
        sa.Column("posted_by_name", sa.String(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'columns') = (content IS NOT NULL)",
            name="ck_payment_statements_content_until_read",
        ),
        sa.CheckConstraint(
            "(state = 'posted') = (posted_at IS NOT NULL)", name="ck_payment_statements_posted"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_statements_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["access_users.id"],
            name="fk_payment_statements_uploaded_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["posted_by_id"],
            ["access_users.id"],
            name="fk_payment_statements_posted_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_statements"),
        sa.UniqueConstraint("council_id", "digest", name="uq_payment_statements_council_id_digest"),
    )
    op.create_index(
        "ix_payment_statements_council_id_uploaded_at",
        "payment_statements",
        ["council_id", "uploaded_at"],
        unique=False,
    )
    op.create_table(
        "payment_statement_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("bank_reference", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "matched",
                "open",
                "posted",
                "not_ours",
                name="linestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("by_family", sa.Boolean(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_by_name", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'posted') = (line_id IS NOT NULL)",
            name="ck_payment_statement_lines_posted_into_a_line",
        ),
        sa.CheckConstraint(
            "state <> 'matched' OR person_id IS NOT NULL",
            name="ck_payment_statement_lines_matched_to_somebody",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_statement_lines_amount_positive"),
        sa.CheckConstraint("occurrence > 0", name="ck_payment_statement_lines_occurrence_positive"),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["payment_statements.id"],
            name="fk_payment_statement_lines_statement_id_payment_statements",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_statement_lines_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_payment_statement_lines_person_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_payment_statement_lines_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"],
            ["access_users.id"],
            name="fk_payment_statement_lines_done_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_statement_lines"),
        sa.UniqueConstraint(
            "account",
            "booked_on",
            "amount_pence",
            "bank_reference",
            "occurrence",
            name="uq_payment_statement_lines_occurrence",
        ),
    )
    op.create_index(
        "ix_payment_statement_lines_council_id",
        "payment_statement_lines",
        ["council_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_payment_statement_lines_person_id",
        "payment_statement_lines",
        ["person_id"],
        unique=False,
    )
    op.create_index(
        "ix_payment_statement_lines_statement_id",
        "payment_statement_lines",
        ["statement_id", "number"],
        unique=False,
    )
    op.create_table(
        "payment_top_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("by_family", sa.Boolean(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "paid",
                "failed",
                "expired",
                name="topupstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("page_url", sa.String(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_pence", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_pence", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state <> 'paid' OR line_id IS NOT NULL", name="ck_payment_top_ups_paid_into_a_line"
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_top_ups_amount_positive"),
        sa.CheckConstraint("refunded_pence >= 0", name="ck_payment_top_ups_refunded_not_negative"),
        sa.CheckConstraint(
            "taken_back_pence >= 0 AND taken_back_pence <= refunded_pence",
            name="ck_payment_top_ups_taken_back",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["payment_family_links.id"],
            name="fk_payment_top_ups_link_id_payment_family_links",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_payment_top_ups_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_top_ups_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["access_users.id"], name="fk_payment_top_ups_asked_by_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_payment_top_ups_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_top_ups"),
        sa.UniqueConstraint("session_id", name="uq_payment_top_ups_session_id"),
    )
    op.create_index(
        "ix_payment_top_ups_council_id", "payment_top_ups", ["council_id", "trouble"], unique=False
    )
    op.create_index("ix_payment_top_ups_link_id", "payment_top_ups", ["link_id"], unique=False)
    op.create_index(
        "ix_payment_top_ups_person_id_asked_at",
        "payment_top_ups",
        ["person_id", "asked_at"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("payment_top_ups")
    op.drop_table("payment_statement_lines")
    op.drop_table("payment_statements")
    op.drop_table("payment_references")
    op.drop_table("payment_family_links")
    op.drop_table("payment_council_banks")
    op.drop_table("payment_card_events")
