"""Conversations between a person and their council about plan and money."""

from alembic import op

from migrations.checks import add_checked, change_check, let_be_empty, let_be_never_empty

revision = "0041"
down_revision = "0040"

_TABLE = "talk_threads"
_ABOUT = "(order_id IS NULL) = (offer_key IS NOT NULL)"
_ABOUT_NOW = (
    f"CASE WHEN plan_id IS NULL THEN {_ABOUT} ELSE order_id IS NULL AND offer_key IS NULL END"
)
_SIDES = (
    "(plan_id IS NULL) = (provider_id IS NOT NULL) AND (plan_id IS NULL OR council_id IS NOT NULL)"
)
_PARTS = (
    ("talk_message_reports", "message_id"),
    ("talk_attachments", "message_id"),
    ("talk_messages", "thread_id"),
    ("talk_read_marks", "thread_id"),
)
_OF_PLANS = "SELECT id FROM talk_threads WHERE plan_id IS NOT NULL"


def upgrade() -> None:
    """Let a conversation be about a plan, and have no provider in it then."""
    let_be_empty(_TABLE, "provider_id", "CHAR(32)")
    postgres = op.get_bind().dialect.name == "postgresql"
    add_checked(
        _TABLE,
        "plan_id",
        "UUID" if postgres else "CHAR(32)",
        check=_SIDES,
        name="ck_talk_threads_sides",
    )
    change_check(_TABLE, "ck_talk_threads_about", before=_ABOUT, now=_ABOUT_NOW)
    op.create_index("ix_talk_threads_plan_id", _TABLE, ["plan_id", "council_id"], unique=True)


def downgrade() -> None:
    """Take away the conversations about plans, and let each have a provider again."""
    for table, key in _PARTS:
        of_plans = _OF_PLANS
        if key == "message_id":
            of_plans = f"SELECT id FROM talk_messages WHERE thread_id IN ({_OF_PLANS})"
        op.execute(f"DELETE FROM {table} WHERE {key} IN ({of_plans})")
    op.execute("DELETE FROM talk_threads WHERE plan_id IS NOT NULL")
    op.drop_index("ix_talk_threads_plan_id", _TABLE)
    change_check(_TABLE, "ck_talk_threads_about", before=_ABOUT_NOW, now=_ABOUT)
    op.drop_column(_TABLE, "plan_id")
    let_be_never_empty(_TABLE, "provider_id", "CHAR(32)")
