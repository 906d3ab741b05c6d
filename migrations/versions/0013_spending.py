"""Limits that count and are narrowed, requests to pass them, and holds by the parts of an order."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked, change_check, one_of
from migrations.triggers import allow_changes, make_append_only

revision = "0013"
down_revision = "0012"

_KINDS = ("funder", "available", "held", "earned", "paid")
_MORE_KINDS = (*_KINDS, "outside", "elsewhere")
_REASONS = ("no_line", "money", "limit", "ask")
_MORE_REASONS = (*_REASONS, "rule", "authority")
_CALENDARS = ("four_weekly", "monthly", "one_off", "as_it_comes")
_NARROWINGS = ("nothing", "category", "provider", "outcome")
_STATES = ("asked", "agreed", "turned_down", "withdrawn")
_WORD = "VARCHAR(32) NOT NULL DEFAULT"


def upgrade() -> None:
    """Make the tables, and put what is there into their form."""
    change_check(
        "wallet_accounts",
        "ck_wallet_accounts_accountkind",
        before=one_of("kind", _KINDS),
        now=one_of("kind", _MORE_KINDS),
    )
    make_append_only("wallet_accounts")
    change_check(
        "budget_refusals",
        "ck_budget_refusals_refusalreason",
        before=one_of("why", _REASONS),
        now=one_of("why", _MORE_REASONS),
    )
    _change_lines()
    _change_limits()
    _change_holds()
    _change_shares()
    _change_takings()
    _add_requests()


def downgrade() -> None:
    """Put the older tables back; the parts of an order are added up again."""
    op.drop_table("budget_requests")
    allow_changes("wallet_accounts")
    _older_shares_and_takings()
    _older_holds()
    _older_limits()
    _older_lines()
    change_check(
        "budget_refusals",
        "ck_budget_refusals_refusalreason",
        before=one_of("why", _MORE_REASONS),
        now=one_of("why", _REASONS),
    )
    change_check(
        "wallet_accounts",
        "ck_wallet_accounts_accountkind",
        before=one_of("kind", _MORE_KINDS),
        now=one_of("kind", _KINDS),
    )


def _change_lines() -> None:
    change_check(
        "budget_lines",
        "ck_budget_lines_yearly_positive",
        before="yearly_pence > 0",
        now="yearly_pence >= 0",
        new_name="ck_budget_lines_yearly_not_negative",
    )
    add_checked(
        "budget_lines",
        "calendar",
        f"{_WORD} 'four_weekly'",
        check=one_of("calendar", _CALENDARS),
        name="ck_budget_lines_calendar",
    )
    add_checked(
        "budget_lines",
        "paid_in_pence",
        "BIGINT NOT NULL DEFAULT 0",
        check="paid_in_pence >= 0",
        name="ck_budget_lines_paid_in_not_negative",
    )
    op.execute(
        "UPDATE budget_lines SET paid_in_pence = (SELECT COALESCE(SUM(amount_pence), 0) "
        "FROM budget_instalments WHERE line_id = budget_lines.id)"
    )
    for column in ("pool_id", "part_of_line_id", "follows_line_id"):
        op.add_column("budget_lines", sa.Column(column, sa.Uuid(), nullable=True))
    for column in ("pool_id", "part_of_line_id"):
        op.create_index(f"ix_budget_lines_{column}", "budget_lines", [column])


def _older_lines() -> None:
    for column in ("pool_id", "part_of_line_id"):
        op.drop_index(f"ix_budget_lines_{column}", "budget_lines")
    for column in (
        "pool_id",
        "part_of_line_id",
        "follows_line_id",
        "paid_in_pence",
        "calendar",
    ):
        op.drop_column("budget_lines", column)
    change_check(
        "budget_lines",
        "ck_budget_lines_yearly_not_negative",
        before="yearly_pence >= 0",
        now="yearly_pence > 0",
        new_name="ck_budget_lines_yearly_positive",
    )


def _change_limits() -> None:
    change_check(
        "budget_limits",
        "ck_budget_limits_amount_positive",
        before="amount_pence > 0",
        now="amount_pence >= 0",
        new_name="ck_budget_limits_amount_not_negative",
    )
    add_checked(
        "budget_limits",
        "measure",
        f"{_WORD} 'amount'",
        check=one_of("measure", ("amount", "count")),
        name="ck_budget_limits_measure",
    )
    add_checked(
        "budget_limits",
        "count_max",
        "INTEGER NOT NULL DEFAULT 0",
        check="count_max >= 0",
        name="ck_budget_limits_count_not_negative",
    )
    add_checked(
        "budget_limits",
        "narrowed",
        f"{_WORD} 'nothing'",
        check=one_of("narrowed", _NARROWINGS),
        name="ck_budget_limits_narrowing",
    )
    op.add_column(
        "budget_limits",
        sa.Column("narrowed_to", sa.JSON(), nullable=False, server_default="[]"),
    )
    op.add_column(
        "budget_limits",
        sa.Column("others", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "budget_limits", sa.Column("about", sa.String(), nullable=False, server_default="")
    )
    op.add_column("budget_limits", sa.Column("asks_id", sa.Uuid(), nullable=True))
    op.add_column(
        "budget_limits", sa.Column("asks_name", sa.String(), nullable=False, server_default="")
    )
    op.add_column(
        "budget_limits",
        sa.Column("by_council", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    for column in ("second_look", "ended_by_name", "ended_reason"):
        op.add_column(
            "budget_limits", sa.Column(column, sa.String(), nullable=False, server_default="")
        )
    add_checked(
        "budget_limit_uses",
        "count",
        "INTEGER NOT NULL DEFAULT 0",
        check="count >= 0",
        name="ck_budget_limit_uses_count_not_negative",
    )
    op.execute(
        "UPDATE budget_limit_uses SET count = (SELECT COUNT(*) FROM budget_hold_takings t "
        "WHERE t.limit_id = budget_limit_uses.limit_id AND t.amount_pence > 0 "
        "AND t.window_starts_on = budget_limit_uses.window_starts_on)"
    )


def _older_limits() -> None:
    op.drop_column("budget_limit_uses", "count")
    for column in (
        "ended_reason",
        "ended_by_name",
        "second_look",
        "by_council",
        "asks_name",
        "asks_id",
        "about",
        "others",
        "narrowed_to",
        "narrowed",
        "count_max",
        "measure",
    ):
        op.drop_column("budget_limits", column)
    change_check(
        "budget_limits",
        "ck_budget_limits_amount_not_negative",
        before="amount_pence >= 0",
        now="amount_pence > 0",
        new_name="ck_budget_limits_amount_positive",
    )


def _change_holds() -> None:
    add_checked(
        "budget_holds",
        "kind",
        f"{_WORD} 'order'",
        check=one_of("kind", ("order", "elsewhere")),
        name="ck_budget_holds_holdkind",
    )
    op.add_column("budget_holds", sa.Column("provider_id", sa.Uuid(), nullable=True))
    for column in ("tolerance", "agreed"):
        add_checked(
            "budget_holds",
            f"{column}_pence",
            "BIGINT NOT NULL DEFAULT 0",
            check=f"{column}_pence >= 0",
            name=f"ck_budget_holds_{column}_not_negative",
        )
    op.add_column("budget_holds", sa.Column("covers_until", sa.Date(), nullable=True))
    op.add_column(
        "budget_holds", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index("ix_budget_holds_expires_at", "budget_holds", ["expires_at"])
    op.execute(
        "UPDATE budget_holds SET provider_id = "
        "(SELECT provider_id FROM orders WHERE orders.id = budget_holds.id)"
    )


def _older_holds() -> None:
    op.drop_index("ix_budget_holds_expires_at", "budget_holds")
    for column in (
        "expires_at",
        "covers_until",
        "agreed_pence",
        "tolerance_pence",
        "provider_id",
        "kind",
    ):
        op.drop_column("budget_holds", column)


def _money_columns() -> list[sa.Column[int]]:
    return [
        sa.Column(f"{name}_pence", sa.BigInteger(), nullable=False)
        for name in ("held", "captured", "released", "refunded")
    ]


def _share_checks() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "captured_pence >= 0 AND released_pence >= 0 "
            "AND captured_pence + released_pence <= held_pence",
            name="ck_budget_hold_shares_not_more_than_held",
        ),
        sa.CheckConstraint("held_pence > 0", name="ck_budget_hold_shares_held_positive"),
        sa.CheckConstraint(
            "refunded_pence >= 0 AND refunded_pence <= captured_pence",
            name="ck_budget_hold_shares_not_more_than_captured",
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_holds.id"], name="fk_budget_hold_shares_hold_id_budget_holds"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_hold_shares_line_id_budget_lines"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_hold_shares"),
    ]


def _change_shares() -> None:
    op.execute("CREATE TABLE shares_before AS SELECT * FROM budget_hold_shares")
    op.drop_table("budget_hold_shares")
    op.create_table(
        "budget_hold_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        *_money_columns(),
        *_share_checks(),
        sa.UniqueConstraint("hold_id", "position", name="uq_budget_hold_shares_hold_id_position"),
    )
    op.create_index("ix_budget_hold_shares_line_id", "budget_hold_shares", ["line_id"])
    first = (
        "(SELECT {} FROM order_lines l WHERE l.order_id = b.hold_id ORDER BY l.position LIMIT 1)"
    )
    op.execute(
        "INSERT INTO budget_hold_shares SELECT id, hold_id, line_id, position, "
        f"COALESCE({first.format('category')}, ''), {first.format('outcome_id')}, "
        "held_pence, captured_pence, released_pence, refunded_pence FROM shares_before b"
    )
    op.drop_table("shares_before")


def _taking_keys() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("amount_pence >= 0", name="ck_budget_hold_takings_amount_not_negative"),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["budget_holds.id"], name="fk_budget_hold_takings_hold_id_budget_holds"
        ),
        sa.ForeignKeyConstraint(
            ["limit_id"], ["budget_limits.id"], name="fk_budget_hold_takings_limit_id_budget_limits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_hold_takings"),
    ]


def _change_takings() -> None:
    op.execute(
        "CREATE TABLE takings_before AS SELECT t.*, s.id AS share_id FROM budget_hold_takings t "
        "JOIN budget_hold_shares s ON s.hold_id = t.hold_id AND s.line_id = t.line_id"
    )
    op.drop_table("budget_hold_takings")
    op.create_table(
        "budget_hold_takings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.Uuid(), nullable=False),
        sa.Column("window_starts_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *_taking_keys(),
        sa.CheckConstraint("count IN (0, 1)", name="ck_budget_hold_takings_count_once"),
        sa.ForeignKeyConstraint(
            ["share_id"],
            ["budget_hold_shares.id"],
            name="fk_budget_hold_takings_share_id_budget_hold_shares",
        ),
        sa.UniqueConstraint(
            "share_id", "limit_id", name="uq_budget_hold_takings_share_id_limit_id"
        ),
    )
    for column in ("hold_id", "limit_id"):
        op.create_index(f"ix_budget_hold_takings_{column}", "budget_hold_takings", [column])
    op.execute(
        "INSERT INTO budget_hold_takings SELECT id, hold_id, share_id, limit_id, window_starts_on, "
        "amount_pence, CASE WHEN amount_pence > 0 THEN 1 ELSE 0 END FROM takings_before"
    )
    op.drop_table("takings_before")


def _older_shares_and_takings() -> None:
    op.execute(
        "CREATE TABLE takings_after AS SELECT MIN(CAST(t.id AS VARCHAR(36))) AS id, t.hold_id, "
        "s.line_id, t.limit_id, t.window_starts_on, SUM(t.amount_pence) AS amount_pence "
        "FROM budget_hold_takings t JOIN budget_hold_shares s ON s.id = t.share_id "
        "GROUP BY t.hold_id, s.line_id, t.limit_id, t.window_starts_on"
    )
    op.execute(
        "CREATE TABLE shares_after AS SELECT MIN(CAST(id AS VARCHAR(36))) AS id, hold_id, line_id, "
        "MIN(position) AS position, SUM(held_pence) AS held_pence, "
        "SUM(captured_pence) AS captured_pence, SUM(released_pence) AS released_pence, "
        "SUM(refunded_pence) AS refunded_pence FROM budget_hold_shares GROUP BY hold_id, line_id"
    )
    op.drop_table("budget_hold_takings")
    op.drop_table("budget_hold_shares")
    op.create_table(
        "budget_hold_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_money_columns(),
        *_share_checks(),
        sa.UniqueConstraint("hold_id", "line_id", name="uq_budget_hold_shares_hold_id_line_id"),
    )
    op.create_index("ix_budget_hold_shares_line_id", "budget_hold_shares", ["line_id"])
    op.create_table(
        "budget_hold_takings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.Uuid(), nullable=False),
        sa.Column("window_starts_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        *_taking_keys(),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_hold_takings_line_id_budget_lines"
        ),
        sa.UniqueConstraint("hold_id", "limit_id", name="uq_budget_hold_takings_hold_id_limit_id"),
    )
    op.create_index("ix_budget_hold_takings_limit_id", "budget_hold_takings", ["limit_id"])
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "VARCHAR(32)"
    op.execute(
        f"INSERT INTO budget_hold_shares SELECT CAST(id AS {uuid}), hold_id, line_id, position, "
        "held_pence, captured_pence, released_pence, refunded_pence FROM shares_after"
    )
    op.execute(
        f"INSERT INTO budget_hold_takings SELECT CAST(id AS {uuid}), hold_id, line_id, limit_id, "
        "window_starts_on, amount_pence FROM takings_after"
    )
    op.drop_table("takings_after")
    op.drop_table("shares_after")


def _add_requests() -> None:
    op.create_table(
        "budget_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES, name="requeststate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answerer_id", sa.Uuid(), nullable=True),
        sa.Column("answerer_name", sa.String(), nullable=False),
        sa.Column("for_council", sa.Boolean(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by_order_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name="ck_budget_requests_amount_positive"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_budget_requests_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_budget_requests_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name="fk_budget_requests_line_id_budget_lines"
        ),
        sa.ForeignKeyConstraint(
            ["limit_id"], ["budget_limits.id"], name="fk_budget_requests_limit_id_budget_limits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_requests"),
    )
    for column in ("person_id", "council_id", "answerer_id"):
        op.create_index(f"ix_budget_requests_{column}", "budget_requests", [column, "state"])
    op.create_index("ix_budget_requests_limit_id", "budget_requests", ["limit_id"])
