"""What people bought elsewhere, what they want to be told, and what they spent in each week."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "low",
                "unusual",
                "price_rise",
                "instalment_late",
                "monthly",
                name="alertkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_pence >= 0", name="ck_budget_alerts_amount_not_negative"),
        sa.CheckConstraint("number >= 0", name="ck_budget_alerts_number_not_negative"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_budget_alerts_user_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_alerts_person_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_alerts"),
        sa.UniqueConstraint(
            "user_id", "person_id", "kind", name="uq_budget_alerts_user_id_person_id_kind"
        ),
    )
    op.create_index("ix_budget_alerts_looked_at", "budget_alerts", ["looked_at"], unique=False)
    op.create_index("ix_budget_alerts_person_id", "budget_alerts", ["person_id"], unique=False)
    op.create_table(
        "budget_purchase_pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_budget_purchase_pictures_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_purchase_pictures"),
    )
    op.create_index(
        "ix_budget_purchase_pictures_person_id",
        "budget_purchase_pictures",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "budget_spent_weeks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("spent_pence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_spent_weeks_person_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_spent_weeks"),
        sa.UniqueConstraint(
            "person_id", "starts_on", name="uq_budget_spent_weeks_person_id_starts_on"
        ),
    )
    op.create_table(
        "budget_alerts_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["budget_alerts.id"], name="fk_budget_alerts_told_alert_id_budget_alerts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_alerts_told"),
        sa.UniqueConstraint("alert_id", "cause", name="uq_budget_alerts_told_alert_id_cause"),
    )
    op.create_table(
        "budget_prices_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["budget_alerts.id"], name="fk_budget_prices_seen_alert_id_budget_alerts"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["catalogue_offers.id"],
            name="fk_budget_prices_seen_offer_id_catalogue_offers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_prices_seen"),
        sa.UniqueConstraint("alert_id", "offer_id", name="uq_budget_prices_seen_alert_id_offer_id"),
    )
    op.create_table(
        "budget_purchases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("not_covered_pence", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("outside", sa.JSON(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)",
            name="ck_budget_purchases_ended_by_somebody",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_purchases_amount_positive"),
        sa.CheckConstraint(
            "not_covered_pence >= 0 AND not_covered_pence <= amount_pence",
            name="ck_budget_purchases_not_covered_within_amount",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_purchases_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["budget_purchase_pictures.id"],
            name="fk_budget_purchases_picture_id_budget_purchase_pictures",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_purchases_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_purchases_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["budget_outcomes.id"],
            name="fk_budget_purchases_outcome_id_budget_outcomes",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["access_users.id"],
            name="fk_budget_purchases_recorded_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["access_users.id"],
            name="fk_budget_purchases_ended_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_purchases"),
        sa.UniqueConstraint("replaces_id", name="uq_budget_purchases_replaces_id"),
    )
    op.create_index(
        "ix_budget_purchases_council_id",
        "budget_purchases",
        ["council_id", "recorded_at"],
        unique=False,
    )
    op.create_index(
        "ix_budget_purchases_person_id", "budget_purchases", ["person_id", "paid_on"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("budget_purchases")
    op.drop_table("budget_alerts_told")
    op.drop_table("budget_spent_weeks")
    op.drop_table("budget_purchase_pictures")
    op.drop_table("budget_prices_seen")
    op.drop_table("budget_alerts")
