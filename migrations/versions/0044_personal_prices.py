"""Prices that a provider and one person have agreed, by an answer that was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Let an answer say until when its price counts, and make the table."""
    op.add_column("asking_answers", sa.Column("price_until", sa.Date(), nullable=True))
    op.create_table(
        "catalogue_personal_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("price_pence", sa.BigInteger(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_pence > 0", name="ck_catalogue_personal_prices_price_positive"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["catalogue_offers.id"],
            name="fk_catalogue_personal_prices_offer_id_catalogue_offers",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_catalogue_personal_prices_person_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_personal_prices"),
        sa.UniqueConstraint(
            "offer_id", "person_id", name="uq_catalogue_personal_prices_offer_id_person_id"
        ),
    )
    op.create_index(
        "ix_catalogue_personal_prices_person_id", "catalogue_personal_prices", ["person_id"]
    )
    op.create_index(
        "ix_catalogue_personal_prices_last_on", "catalogue_personal_prices", ["last_on"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("catalogue_personal_prices")
    op.drop_column("asking_answers", "price_until")
