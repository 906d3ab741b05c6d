"""People, sign-ins, memberships and circles of support."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_sign_in_tries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("window_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_sign_in_tries"),
        sa.UniqueConstraint(
            "key", "window_began_at", name="uq_access_sign_in_tries_key_window_began_at"
        ),
    )
    op.create_table(
        "access_users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_users"),
        sa.UniqueConstraint("email", name="uq_access_users_email"),
    )
    op.create_table(
        "access_memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "person",
                "supporter",
                "provider_owner",
                "provider_manager",
                "provider_worker",
                "commissioner",
                "practitioner",
                "finance_officer",
                "moderator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_access_memberships_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_memberships"),
        sa.UniqueConstraint(
            "user_id",
            "organisation_id",
            "role",
            name="uq_access_memberships_user_id_organisation_id_role",
        ),
    )
    op.create_index(
        "ix_access_memberships_organisation_id",
        "access_memberships",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "access_sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "hat_role",
            sa.Enum(
                "person",
                "supporter",
                "provider_owner",
                "provider_manager",
                "provider_worker",
                "commissioner",
                "practitioner",
                "finance_officer",
                "moderator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_access_sign_ins_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_sign_ins"),
    )
    op.create_index("ix_access_sign_ins_user_id", "access_sign_ins", ["user_id"], unique=False)
    op.create_table(
        "access_supporters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_email", sa.String(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "helper",
                "appointee",
                "power_of_attorney",
                "deputy",
                "suitable_person",
                "broker",
                "nominated_worker",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("ceiling_pence", sa.BigInteger(), nullable=True),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ceiling_pence IS NULL OR ceiling_pence > 0",
            name="ck_access_supporters_ceiling_positive",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["access_users.id"],
            name="fk_access_supporters_invited_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_access_supporters_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["access_users.id"],
            name="fk_access_supporters_supporter_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_supporters"),
    )
    op.create_index(
        "ix_access_supporters_person_id", "access_supporters", ["person_id"], unique=False
    )
    op.create_index(
        "ix_access_supporters_supporter_id", "access_supporters", ["supporter_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("access_supporters")
    op.drop_table("access_sign_ins")
    op.drop_table("access_memberships")
    op.drop_table("access_users")
    op.drop_table("access_sign_in_tries")
