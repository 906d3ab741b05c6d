"""Asking the market: what people need, what providers answer, and what nobody offers."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the tables, and let each council say how long an ask waits."""
    add_checked(
        "councils",
        "ask_days",
        "INTEGER NOT NULL DEFAULT 7",
        check="ask_days BETWEEN 1 AND 60",
        name="ck_councils_ask_days",
    )
    op.create_table(
        "asking_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "chosen",
                "found_elsewhere",
                "withdrawn",
                "unanswered",
                "lapsed",
                "taken_down",
                name="askstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("seen_title", sa.String(), nullable=False),
        sa.Column("seen_words", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column(
            "often",
            sa.Enum(
                "once",
                "weekly",
                "several",
                "daily",
                "now_and_then",
                "unsure",
                name="often",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("for_whom", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("budget_pence", sa.BigInteger(), nullable=True),
        sa.Column(
            "budget_per",
            sa.Enum(
                "hour",
                "week",
                "all",
                name="budgetper",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("budget_shown", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_until", sa.Date(), nullable=False),
        sa.Column("unmet_on", sa.Date(), nullable=False),
        sa.Column("unmet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("chosen_answer_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("taken_down_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'chosen') = (chosen_answer_id IS NOT NULL)", name="ck_asking_asks_chosen"
        ),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ck_asking_asks_ended"),
        sa.CheckConstraint("(state = 'taken_down') = (reason <> '')", name="ck_asking_asks_reason"),
        sa.CheckConstraint(
            "(budget_pence IS NULL) = (budget_per IS NULL)", name="ck_asking_asks_budget"
        ),
        sa.CheckConstraint("answers_until >= asked_on", name="ck_asking_asks_answers_until"),
        sa.CheckConstraint(
            "budget_pence IS NULL OR budget_pence > 0", name="ck_asking_asks_budget_positive"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_asking_asks_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["access_users.id"], name="fk_asking_asks_asked_by_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["taken_down_by_id"],
            ["access_users.id"],
            name="fk_asking_asks_taken_down_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_asking_asks_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asking_asks"),
    )
    op.create_index("ix_asking_asks_asked_by_id", "asking_asks", ["asked_by_id"], unique=False)
    op.create_index(
        "ix_asking_asks_council_id", "asking_asks", ["council_id", "state"], unique=False
    )
    op.create_index("ix_asking_asks_ended_at", "asking_asks", ["ended_at"], unique=False)
    op.create_index(
        "ix_asking_asks_person_id", "asking_asks", ["person_id", "asked_at"], unique=False
    )
    op.create_index("ix_asking_asks_state", "asking_asks", ["state", "look_on"], unique=False)
    op.create_table(
        "asking_quiet_stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["catalogue_providers.id"], name="fk_asking_quiet_stores_id_catalogue_providers"
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"],
            ["access_users.id"],
            name="fk_asking_quiet_stores_said_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asking_quiet_stores"),
    )
    op.create_index(
        "ix_asking_quiet_stores_said_by_id", "asking_quiet_stores", ["said_by_id"], unique=False
    )
    op.create_table(
        "asking_unmet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name="ck_asking_unmet_people_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_asking_unmet"),
        sa.UniqueConstraint(
            "day",
            "council_id",
            "category",
            "district",
            name="uq_asking_unmet_day_council_id_category_district",
        ),
    )
    op.create_index("ix_asking_unmet_day", "asking_unmet", ["day"], unique=False)
    op.create_table(
        "asking_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "standing",
                "withdrawn",
                "chosen",
                "thanked",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("price_pence", sa.BigInteger(), nullable=True),
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
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(price_pence IS NULL) = (unit IS NULL)", name="ck_asking_answers_price"
        ),
        sa.CheckConstraint(
            "offer_id IS NOT NULL OR price_pence IS NOT NULL", name="ck_asking_answers_says_a_price"
        ),
        sa.CheckConstraint(
            "price_pence IS NULL OR price_pence > 0", name="ck_asking_answers_price_positive"
        ),
        sa.ForeignKeyConstraint(
            ["ask_id"], ["asking_asks.id"], name="fk_asking_answers_ask_id_asking_asks"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_asking_answers_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["catalogue_offers.id"],
            name="fk_asking_answers_offer_id_catalogue_offers",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["access_users.id"],
            name="fk_asking_answers_answered_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asking_answers"),
        sa.UniqueConstraint("ask_id", "provider_id", name="uq_asking_answers_ask_id_provider_id"),
    )
    op.create_index(
        "ix_asking_answers_answered_by_id", "asking_answers", ["answered_by_id"], unique=False
    )
    op.create_index(
        "ix_asking_answers_provider_id",
        "asking_answers",
        ["provider_id", "answered_at"],
        unique=False,
    )
    op.create_table(
        "asking_tellings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ask_id"], ["asking_asks.id"], name="fk_asking_tellings_ask_id_asking_asks"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_asking_tellings_provider_id_catalogue_providers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asking_tellings"),
        sa.UniqueConstraint("ask_id", "provider_id", name="uq_asking_tellings_ask_id_provider_id"),
    )
    op.create_index(
        "ix_asking_tellings_provider_id",
        "asking_tellings",
        ["provider_id", "told_at"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables, and what councils said."""
    op.drop_table("asking_tellings")
    op.drop_table("asking_answers")
    op.drop_table("asking_unmet")
    op.drop_table("asking_quiet_stores")
    op.drop_table("asking_asks")
    op.drop_column("councils", "ask_days")
