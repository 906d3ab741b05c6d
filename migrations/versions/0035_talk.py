"""Worries told to a council's team, and somebody in the council who may read them."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check, one_of

revision = "0035"
down_revision = "0034"

_ROLES = (
    *("person", "supporter", "provider_owner", "provider_manager", "provider_worker"),
    *("commissioner", "practitioner", "finance_officer", "moderator", "administrator"),
)
_MORE_ROLES = (*_ROLES, "safeguarding_officer")


def upgrade() -> None:
    """Add the role and the address, and make the tables."""
    _change_roles(_ROLES, _MORE_ROLES)
    op.add_column(
        "councils", sa.Column("safeguarding_email", sa.String(), server_default="", nullable=False)
    )
    op.create_table(
        "talk_concerns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("writer_id", sa.Uuid(), nullable=True),
        sa.Column("writer_name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "call_back",
            sa.Enum(
                "no",
                "phone",
                "email",
                name="callback",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "looked_at",
                "closed",
                name="concernstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(call_back = 'no') = (reach = '')", name="ck_talk_concerns_reach"),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name="ck_talk_concerns_closed"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_talk_concerns_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["access_users.id"], name="fk_talk_concerns_writer_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_concerns"),
    )
    op.create_index("ix_talk_concerns_closed_at", "talk_concerns", ["closed_at"], unique=False)
    op.create_index(
        "ix_talk_concerns_council_id", "talk_concerns", ["council_id", "written_at"], unique=False
    )
    op.create_index("ix_talk_concerns_writer_id", "talk_concerns", ["writer_id"], unique=False)
    op.create_table(
        "talk_concern_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "looked_at",
                "closed",
                name="concernstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["talk_concerns.id"],
            name="fk_talk_concern_steps_concern_id_talk_concerns",
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["access_users.id"],
            name="fk_talk_concern_steps_by_user_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_concern_steps"),
        sa.UniqueConstraint("concern_id", "number", name="uq_talk_concern_steps_concern_id_number"),
    )


def downgrade() -> None:
    """Drop the tables, the address, and the role with those who have it."""
    op.drop_table("talk_concern_steps")
    op.drop_table("talk_concerns")
    op.drop_column("councils", "safeguarding_email")
    op.execute("DELETE FROM access_memberships WHERE role = 'safeguarding_officer'")
    op.execute(
        "UPDATE access_sign_ins SET hat_role = 'person', hat_id = user_id "
        "WHERE hat_role = 'safeguarding_officer'"
    )
    _change_roles(_MORE_ROLES, _ROLES)


def _change_roles(before: tuple[str, ...], now: tuple[str, ...]) -> None:
    for table, column in (("access_memberships", "role"), ("access_sign_ins", "hat_role")):
        change_check(
            table,
            f"ck_{table}_role",
            before=one_of(column, before),
            now=one_of(column, now),
        )
