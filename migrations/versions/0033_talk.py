"""Messages between those concerned, and worries told to a council's team."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check, one_of

revision = "0033"
down_revision = "0032"

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
    _make_messages()


def downgrade() -> None:
    """Drop the tables, the address, and the role with those who have it."""
    op.drop_table("talk_message_reports")
    op.drop_table("talk_attachments")
    op.drop_table("talk_read_marks")
    op.drop_table("talk_messages")
    op.drop_table("talk_threads")
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


def _make_messages() -> None:
    op.create_table(
        "talk_threads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("offer_key", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("council_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council_asked_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(order_id IS NULL) = (offer_key IS NOT NULL)", name="ck_talk_threads_about"
        ),
        sa.CheckConstraint(
            "council_asked_at IS NULL OR council_id IS NOT NULL", name="ck_talk_threads_council"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_talk_threads_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_talk_threads_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_talk_threads_order_id_orders"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_talk_threads_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_threads"),
        sa.UniqueConstraint("order_id", name="uq_talk_threads_order_id"),
        sa.UniqueConstraint(
            "person_id",
            "provider_id",
            "offer_key",
            name="uq_talk_threads_person_id_provider_id_offer_key",
        ),
    )
    op.create_index(
        "ix_talk_threads_council_id",
        "talk_threads",
        ["council_id", "council_asked_at"],
        unique=False,
    )
    op.create_index("ix_talk_threads_last_at", "talk_threads", ["last_at"], unique=False)
    op.create_index(
        "ix_talk_threads_person_id", "talk_threads", ["person_id", "last_at"], unique=False
    )
    op.create_index(
        "ix_talk_threads_provider_id", "talk_threads", ["provider_id", "last_at"], unique=False
    )
    op.create_table(
        "talk_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "person",
                "provider",
                "council",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["talk_threads.id"], name="fk_talk_messages_thread_id_talk_threads"
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["access_users.id"], name="fk_talk_messages_by_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_messages"),
        sa.UniqueConstraint("thread_id", "number", name="uq_talk_messages_thread_id_number"),
    )
    op.create_index(
        "ix_talk_messages_by_user_id", "talk_messages", ["by_user_id", "at"], unique=False
    )
    op.create_table(
        "talk_read_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["talk_threads.id"], name="fk_talk_read_marks_thread_id_talk_threads"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_users.id"], name="fk_talk_read_marks_user_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_read_marks"),
        sa.UniqueConstraint("thread_id", "user_id", name="uq_talk_read_marks_thread_id_user_id"),
    )
    op.create_index("ix_talk_read_marks_user_id", "talk_read_marks", ["user_id"], unique=False)
    op.create_table(
        "talk_attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["talk_messages.id"],
            name="fk_talk_attachments_message_id_talk_messages",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_attachments"),
        sa.UniqueConstraint("message_id", name="uq_talk_attachments_message_id"),
    )
    op.create_table(
        "talk_message_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name="ck_talk_message_reports_settled"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["talk_messages.id"],
            name="fk_talk_message_reports_message_id_talk_messages",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_talk_message_reports_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["access_users.id"],
            name="fk_talk_message_reports_by_user_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"],
            ["access_users.id"],
            name="fk_talk_message_reports_settled_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_talk_message_reports"),
        sa.UniqueConstraint(
            "message_id", "by_user_id", name="uq_talk_message_reports_message_id_by_user_id"
        ),
    )
    op.create_index(
        "ix_talk_message_reports_by_user_id", "talk_message_reports", ["by_user_id"], unique=False
    )
    op.create_index(
        "ix_talk_message_reports_council_id",
        "talk_message_reports",
        ["council_id", "settled_at"],
        unique=False,
    )
