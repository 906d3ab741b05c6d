"""What groups keep themselves: who looks after them, exceptions to timetables, advice, reports."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked, change_check, one_of

revision = "0022"
down_revision = "0021"

_STATES = ("waiting", "shown", "hidden", "closed")
_HIDING_RULES = ("no_group", "advert", "untrue", "unsafe", "hate", "twice")
_KINDS = ("activity", "event", "advice", "volunteering", "time_bank")
_OLD_RULE_OR_DAY = "(rrule = '') = (on_day IS NOT NULL)"
_RULE_OR_DAY = "(kind = 'event') = (on_day IS NOT NULL) AND (rrule = '' OR on_day IS NULL)"
_OLD_MINUTES = "minutes > 0"
_MINUTES = "(minutes > 0) = (starts <> '')"
_WORD = "VARCHAR(32)"
_LONG_AGO = "2026-01-01 00:00:00"
"""Stands in a new column until the next statement has written what is true."""
_NEW_TABLES = (
    "community_partners",
    "community_reports",
    "community_claims",
    "community_keeper_invitations",
    "community_keepers",
    "community_exceptions",
)


def upgrade() -> None:
    """Let groups be kept, hidden and checked; let entries be of five kinds."""
    _change_groups()
    _change_listings()
    _make_exceptions()
    _make_keepers()
    _make_reports()
    _make_partners()


def downgrade() -> None:
    """Drop the tables, and what only they make possible."""
    for table in _NEW_TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM community_listings WHERE rrule = '' AND on_day IS NULL")
    change_check(
        "community_listings",
        "ck_community_listings_rule_or_day",
        before=_RULE_OR_DAY,
        now=_OLD_RULE_OR_DAY,
    )
    change_check(
        "community_listings",
        "ck_community_listings_minutes_positive",
        before=_MINUTES,
        now=_OLD_MINUTES,
    )
    for column in (
        *("kind", "online", "also_on", "first_on", "last_on", "breaks", "not_bank_holidays"),
        *("changed_at", "sequence", "nudged_at", "indexed_as", "checked_by", "checked_at"),
    ):
        op.drop_column("community_listings", column)
    for column in (
        *("hidden_by_rule", "state", "phone", "website", "reason", "decided_at"),
        *("checked_by", "checked_at", "changed_at"),
    ):
        op.drop_column("community_groups", column)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), server_default="[]", nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _changed_at() -> sa.Column[object]:
    return sa.Column(
        "changed_at", sa.DateTime(timezone=True), server_default=_LONG_AGO, nullable=False
    )


def _change_groups() -> None:
    table = "community_groups"
    for column in (
        *(_text("phone"), _text("website"), _text("reason"), _instant("decided_at")),
        *(_text("checked_by"), _instant("checked_at"), _changed_at()),
    ):
        op.add_column(table, column)
    add_checked(
        table,
        "state",
        f"{_WORD} NOT NULL DEFAULT 'shown'",
        check=one_of("state", _STATES),
        name="ck_community_groups_groupstate",
    )
    hidden = "CONSTRAINT ck_community_groups_hidden_by_rule CHECK "
    add_checked(
        table,
        "hidden_by_rule",
        f"{_WORD} {hidden}((state = 'hidden') = (hidden_by_rule IS NOT NULL))",
        check=one_of("hidden_by_rule", _HIDING_RULES),
        name="ck_community_groups_hidingrule",
    )
    op.execute("UPDATE community_groups SET changed_at = made_at")


def _change_listings() -> None:
    table = "community_listings"
    for column in (
        *(_text("online"), _list("also_on"), _list("breaks")),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("not_bank_holidays", sa.Boolean(), server_default=sa.false(), nullable=False),
        _changed_at(),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        *(_instant("nudged_at"), _text("indexed_as"), _text("checked_by"), _instant("checked_at")),
    ):
        op.add_column(table, column)
    has_times = "CONSTRAINT ck_community_listings_has_times CHECK "
    add_checked(
        table,
        "kind",
        f"{_WORD} NOT NULL DEFAULT 'activity' "
        f"{has_times}(kind NOT IN ('activity', 'event') OR starts <> '')",
        check=one_of("kind", _KINDS),
        name="ck_community_listings_listingkind",
    )
    op.execute("UPDATE community_listings SET changed_at = confirmed_at")
    op.execute("UPDATE community_listings SET kind = 'event' WHERE on_day IS NOT NULL")
    change_check(
        table, "ck_community_listings_rule_or_day", before=_OLD_RULE_OR_DAY, now=_RULE_OR_DAY
    )
    change_check(table, "ck_community_listings_minutes_positive", before=_OLD_MINUTES, now=_MINUTES)


def _make_exceptions() -> None:
    op.create_table(
        "community_exceptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("moved_starts", sa.String(), nullable=False),
        sa.Column("moved_venue", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            one_of("what", ("cancelled", "moved")), name="ck_community_exceptions_change"
        ),
        sa.CheckConstraint(
            "what = 'moved' OR (moved_on IS NULL AND moved_starts = '' AND moved_venue = '')",
            name="ck_community_exceptions_moved",
        ),
        _to_listings("community_exceptions"),
        sa.PrimaryKeyConstraint("id", name="pk_community_exceptions"),
        sa.UniqueConstraint(
            "listing_id", "on_day", name="uq_community_exceptions_listing_id_on_day"
        ),
    )


def _make_keepers() -> None:
    op.create_table(
        "community_keepers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to_groups("community_keepers"),
        _to_users("community_keepers", "user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_keepers"),
        sa.UniqueConstraint("group_id", "user_id", name="uq_community_keepers_group_id_user_id"),
    )
    op.create_index("ix_community_keepers_user_id", "community_keepers", ["user_id"])
    op.create_table(
        "community_keeper_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to_groups("community_keeper_invitations"),
        _to_users("community_keeper_invitations", "invited_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_keeper_invitations"),
    )
    op.create_index(
        "ix_community_keeper_invitations_group_id", "community_keeper_invitations", ["group_id"]
    )
    op.create_table(
        "community_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            one_of("state", ("asked", "agreed", "refused")), name="ck_community_claims_claimstate"
        ),
        _to_groups("community_claims"),
        _to_users("community_claims", "user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_claims"),
    )
    op.create_index("ix_community_claims_group_id", "community_claims", ["group_id", "state"])
    op.create_index("ix_community_claims_user_id", "community_claims", ["user_id"])


def _make_reports() -> None:
    op.create_table(
        "community_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("answer_words", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            one_of("answer", ("mended", "right", "ended")), name="ck_community_reports_reportanswer"
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name="ck_community_reports_answered"
        ),
        _to_listings("community_reports"),
        sa.PrimaryKeyConstraint("id", name="pk_community_reports"),
    )
    op.create_index("ix_community_reports_listing_id", "community_reports", ["listing_id"])
    op.create_index("ix_community_reports_waiting", "community_reports", ["answered_at", "due_at"])


def _make_partners() -> None:
    op.create_table(
        "community_partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_community_partners_council_id_councils"
        ),
        _to_users("community_partners", "user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_partners"),
    )
    op.create_index("ix_community_partners_council_id", "community_partners", ["council_id"])
    op.create_index("ix_community_partners_user_id", "community_partners", ["user_id"])


def _to_groups(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["group_id"], ["community_groups.id"], name=f"fk_{table}_group_id_community_groups"
    )


def _to_listings(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["listing_id"], ["community_listings.id"], name=f"fk_{table}_listing_id_community_listings"
    )


def _to_users(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["access_users.id"], name=f"fk_{table}_{column}_access_users"
    )
