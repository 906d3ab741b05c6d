"""Stores, offers, prices, evidence and pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "catalogue_categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("welsh", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_categories"),
        sa.UniqueConstraint("slug", name="uq_catalogue_categories_slug"),
    )
    op.create_table(
        "catalogue_providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "one_person",
                "small_team",
                "charity",
                "company",
                "council_service",
                name="providerkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("reach_metres", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("regulated", sa.Boolean(), nullable=False),
        sa.Column("cqc_id", sa.String(), nullable=True),
        sa.Column("why_no_cqc", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("genders", sa.JSON(), nullable=False),
        sa.Column("access", sa.JSON(), nullable=False),
        sa.Column("for_whom", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("sort_code", sa.String(), nullable=True),
        sa.Column("account_number", sa.String(), nullable=True),
        sa.Column("account_name", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paused",
                "unclaimed",
                "closed",
                name="providerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reach_metres IS NULL OR reach_metres >= 0",
            name="ck_catalogue_providers_reach_not_negative",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_providers"),
        sa.UniqueConstraint("slug", name="uq_catalogue_providers_slug"),
        sa.UniqueConstraint("source_key", name="uq_catalogue_providers_source_key"),
    )
    op.create_table(
        "catalogue_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "approved",
                "refused",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_claims_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_catalogue_claims_user_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["access_users.id"],
            name="fk_catalogue_claims_decided_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_claims"),
    )
    op.create_index(
        "ix_catalogue_claims_provider_id", "catalogue_claims", ["provider_id"], unique=False
    )
    op.create_index("ix_catalogue_claims_state", "catalogue_claims", ["state"], unique=False)
    op.create_table(
        "catalogue_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dbs",
                "insurance",
                "references",
                "training",
                "cqc",
                "other",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_evidence_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_evidence"),
    )
    op.create_index(
        "ix_catalogue_evidence_provider_id", "catalogue_evidence", ["provider_id"], unique=False
    )
    op.create_table(
        "catalogue_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "night",
                "session",
                "day",
                "week",
                "month",
                "mile",
                "item",
                "membership",
                "retainer",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("evening_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekend_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("included", sa.JSON(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("late_cancel_percent", sa.Integer(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("places_free", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "on_sale",
                "paused",
                "ended",
                name="offerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "evening_price_pence IS NULL OR evening_price_pence > 0",
            name="ck_catalogue_offers_evening_price_positive",
        ),
        sa.CheckConstraint(
            "late_cancel_percent BETWEEN 0 AND 100", name="ck_catalogue_offers_late_cancel_percent"
        ),
        sa.CheckConstraint(
            "notice_hours BETWEEN 0 AND 8760", name="ck_catalogue_offers_notice_hours"
        ),
        sa.CheckConstraint(
            "places_free IS NULL OR places_free >= 0",
            name="ck_catalogue_offers_places_free_not_negative",
        ),
        sa.CheckConstraint("price_pence > 0", name="ck_catalogue_offers_price_positive"),
        sa.CheckConstraint(
            "weekend_price_pence IS NULL OR weekend_price_pence > 0",
            name="ck_catalogue_offers_weekend_price_positive",
        ),
        sa.ForeignKeyConstraint(
            ["category"],
            ["catalogue_categories.slug"],
            name="fk_catalogue_offers_category_catalogue_categories",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_offers_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_offers"),
    )
    op.create_index("ix_catalogue_offers_category", "catalogue_offers", ["category"], unique=False)
    op.create_index(
        "ix_catalogue_offers_provider_id", "catalogue_offers", ["provider_id"], unique=False
    )
    op.create_table(
        "catalogue_pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_pictures_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_pictures"),
    )
    op.create_index(
        "ix_catalogue_pictures_provider_id", "catalogue_pictures", ["provider_id"], unique=False
    )
    op.create_table(
        "catalogue_provider_councils",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "checked",
                "suspended",
                "rejected",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_provider_councils_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_catalogue_provider_councils_council_id_councils",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_provider_councils"),
        sa.UniqueConstraint(
            "provider_id",
            "council_id",
            name="uq_catalogue_provider_councils_provider_id_council_id",
        ),
    )
    op.create_index(
        "ix_catalogue_provider_councils_council_id_state",
        "catalogue_provider_councils",
        ["council_id", "state"],
        unique=False,
    )
    op.create_table(
        "catalogue_workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_workers_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_workers"),
    )
    op.create_index(
        "ix_catalogue_workers_provider_id", "catalogue_workers", ["provider_id"], unique=False
    )
    op.create_table(
        "catalogue_agreed_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("evening_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("weekend_price_pence", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_before IS NULL OR ends_before >= starts_on",
            name="ck_catalogue_agreed_prices_ends_after_start",
        ),
        sa.CheckConstraint(
            "evening_price_pence IS NULL OR evening_price_pence > 0",
            name="ck_catalogue_agreed_prices_evening_price_positive",
        ),
        sa.CheckConstraint("price_pence > 0", name="ck_catalogue_agreed_prices_price_positive"),
        sa.CheckConstraint(
            "weekend_price_pence IS NULL OR weekend_price_pence > 0",
            name="ck_catalogue_agreed_prices_weekend_price_positive",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["catalogue_offers.id"],
            name="fk_catalogue_agreed_prices_offer_id_catalogue_offers",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_catalogue_agreed_prices_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_agreed_prices"),
        sa.UniqueConstraint(
            "offer_id",
            "council_id",
            "starts_on",
            name="uq_catalogue_agreed_prices_offer_id_council_id_starts_on",
        ),
    )
    op.create_index(
        "ix_catalogue_agreed_prices_council_id",
        "catalogue_agreed_prices",
        ["council_id"],
        unique=False,
    )
    op.create_table(
        "catalogue_evidence_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["catalogue_evidence.id"],
            name="fk_catalogue_evidence_checks_evidence_id_catalogue_evidence",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_catalogue_evidence_checks_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["access_users.id"],
            name="fk_catalogue_evidence_checks_checked_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_evidence_checks"),
        sa.UniqueConstraint(
            "evidence_id", "council_id", name="uq_catalogue_evidence_checks_evidence_id_council_id"
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("catalogue_evidence_checks")
    op.drop_table("catalogue_agreed_prices")
    op.drop_table("catalogue_workers")
    op.drop_table("catalogue_provider_councils")
    op.drop_table("catalogue_pictures")
    op.drop_table("catalogue_offers")
    op.drop_table("catalogue_evidence")
    op.drop_table("catalogue_claims")
    op.drop_table("catalogue_providers")
    op.drop_table("catalogue_categories")
