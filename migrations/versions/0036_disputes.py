"""Something is wrong with a visit, and providers who stop: what is said, asked and decided."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked

revision = "0036"
down_revision = "0035"

_LONG_ENOUGH = timedelta(days=28)
"""Nobody was asked to answer by a day before."""


def upgrade() -> None:
    """Add the councils' days, make the tables, and take in what was queried before."""
    for column, days, check in (
        ("query_answer_days", 5, "query_answer_days BETWEEN 1 AND 30"),
        ("query_late_days", 14, "query_late_days BETWEEN 0 AND 90"),
    ):
        add_checked(
            "councils",
            column,
            f"INTEGER NOT NULL DEFAULT {days}",
            check=check,
            name=f"ck_councils_{column}",
        )
    _make_disputes()
    _make_steps()
    _make_files()
    _take_in_queries()
    _make_stops()
    _make_stop_items()


def downgrade() -> None:
    """Drop the tables and the days; a visit that is queried stays so, with the words on it."""
    op.drop_table("provider_stop_items")
    op.drop_table("provider_stops")
    op.drop_table("order_dispute_files")
    op.drop_table("order_dispute_steps")
    op.drop_table("order_disputes")
    for column in ("query_late_days", "query_answer_days"):
        op.drop_column("councils", column)


def _make_disputes() -> None:
    op.create_table(
        "order_disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("live_visit_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_all_came",
                "late",
                "wrong_work",
                "not_safe",
                "price_wrong",
                "other",
                name="querykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum(
                "nothing_due",
                "part_due",
                "again",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wanted_pence", sa.BigInteger(), nullable=True),
        sa.Column("stake_pence", sa.BigInteger(), nullable=False),
        sa.Column("claimed_pence", sa.BigInteger(), nullable=False),
        sa.Column("offered_pence", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "offered",
                "disagreed",
                "council",
                "settled",
                "withdrawn",
                name="disputestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "full",
                "part",
                "nothing",
                "again",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_pence", sa.BigInteger(), nullable=True),
        sa.Column("back_pence", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(live_visit_id IS NULL) = (state IN ('settled', 'withdrawn'))",
            name="ck_order_disputes_live",
        ),
        sa.CheckConstraint(
            "(remedy = 'again') = (wanted_pence IS NULL)", name="ck_order_disputes_wanted"
        ),
        sa.CheckConstraint(
            "(live_visit_id IS NULL) = (ended_at IS NOT NULL)", name="ck_order_disputes_ended"
        ),
        sa.CheckConstraint(
            "claimed_pence BETWEEN 0 AND stake_pence", name="ck_order_disputes_claimed_within_stake"
        ),
        sa.CheckConstraint(
            "offered_pence IS NULL OR offered_pence BETWEEN 0 AND claimed_pence",
            name="ck_order_disputes_offered_within_claimed",
        ),
        sa.CheckConstraint(
            "settled_pence IS NULL OR settled_pence + back_pence = stake_pence",
            name="ck_order_disputes_adds_up",
        ),
        sa.CheckConstraint(
            "wanted_pence IS NULL OR wanted_pence BETWEEN 0 AND claimed_pence",
            name="ck_order_disputes_wanted_within_claimed",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["access_users.id"], name="fk_order_disputes_asked_by_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_order_disputes_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["access_users.id"], name="fk_order_disputes_ended_by_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_order_disputes_invoice_id_invoices"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_disputes_order_id_orders"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_order_disputes_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_order_disputes_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["order_visits.id"], name="fk_order_disputes_visit_id_order_visits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_disputes"),
        sa.UniqueConstraint("live_visit_id", name="uq_order_disputes_live_visit_id"),
    )
    op.create_index(
        "ix_order_disputes_council_id", "order_disputes", ["council_id", "state"], unique=False
    )
    op.create_index("ix_order_disputes_due_on", "order_disputes", ["due_on"], unique=False)
    op.create_index("ix_order_disputes_ended_at", "order_disputes", ["ended_at"], unique=False)
    op.create_index("ix_order_disputes_invoice_id", "order_disputes", ["invoice_id"], unique=False)
    op.create_index("ix_order_disputes_order_id", "order_disputes", ["order_id"], unique=False)
    op.create_index("ix_order_disputes_person_id", "order_disputes", ["person_id"], unique=False)
    op.create_index(
        "ix_order_disputes_provider_id", "order_disputes", ["provider_id"], unique=False
    )
    op.create_index("ix_order_disputes_visit_id", "order_disputes", ["visit_id"], unique=False)


def _make_steps() -> None:
    op.create_table(
        "order_dispute_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "asked",
                "accepted",
                "offered",
                "disagreed",
                "took_offer",
                "to_council",
                "passed_on",
                "question",
                "wrote",
                "decided",
                "withdrew",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum(
                "person",
                "provider",
                "council",
                "market",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_side",
            sa.Enum(
                "person",
                "provider",
                "council",
                "market",
                name="side",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=True),
        sa.Column("new_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["access_users.id"],
            name="fk_order_dispute_steps_by_user_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id"],
            ["order_disputes.id"],
            name="fk_order_dispute_steps_dispute_id_order_disputes",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_dispute_steps"),
        sa.UniqueConstraint(
            "dispute_id", "number", name="uq_order_dispute_steps_dispute_id_number"
        ),
    )
    op.create_index(
        "ix_order_dispute_steps_by_user_id", "order_dispute_steps", ["by_user_id"], unique=False
    )


def _make_files() -> None:
    op.create_table(
        "order_dispute_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["order_dispute_steps.id"],
            name="fk_order_dispute_files_step_id_order_dispute_steps",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_dispute_files"),
        sa.UniqueConstraint("step_id", name="uq_order_dispute_files_step_id"),
    )


def _make_stops() -> None:
    op.create_table(
        "provider_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("live_key", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "said",
                "suspended",
                "closed",
                name="stopkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("said_by_name", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(live_key IS NULL) = (ended_at IS NOT NULL)", name="ck_provider_stops_live"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_provider_stops_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_provider_stops_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["access_users.id"], name="fk_provider_stops_said_by_id_access_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_provider_stops"),
        sa.UniqueConstraint("live_key", name="uq_provider_stops_live_key"),
    )
    op.create_index("ix_provider_stops_council_id", "provider_stops", ["council_id"], unique=False)
    op.create_index(
        "ix_provider_stops_provider_id", "provider_stops", ["provider_id"], unique=False
    )


def _make_stop_items() -> None:
    op.create_table(
        "provider_stop_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("standing_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "chosen",
                "ended",
                "nobody",
                name="stopitemstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("new_order_id", sa.Uuid(), nullable=True),
        sa.Column("new_provider_name", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(order_id IS NULL) = (line_id IS NULL)", name="ck_provider_stop_items_line_of_order"
        ),
        sa.CheckConstraint(
            "(standing_id IS NULL) = (line_id IS NOT NULL)",
            name="ck_provider_stop_items_one_of_both",
        ),
        sa.CheckConstraint("planned >= 0", name="ck_provider_stop_items_planned_not_negative"),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["access_users.id"],
            name="fk_provider_stop_items_answered_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_provider_stop_items_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name="fk_provider_stop_items_line_id_order_lines"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_provider_stop_items_order_id_orders"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["access_users.id"],
            name="fk_provider_stop_items_person_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["standing_orders.id"],
            name="fk_provider_stop_items_standing_id_standing_orders",
        ),
        sa.ForeignKeyConstraint(
            ["stop_id"], ["provider_stops.id"], name="fk_provider_stop_items_stop_id_provider_stops"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_provider_stop_items"),
        sa.UniqueConstraint("stop_id", "line_id", name="uq_provider_stop_items_stop_id_line_id"),
        sa.UniqueConstraint(
            "stop_id", "standing_id", name="uq_provider_stop_items_stop_id_standing_id"
        ),
    )
    op.create_index(
        "ix_provider_stop_items_council_id", "provider_stop_items", ["council_id"], unique=False
    )
    op.create_index(
        "ix_provider_stop_items_person_id", "provider_stop_items", ["person_id"], unique=False
    )


def _take_in_queries() -> None:
    """Make a query with its first step of every visit that somebody said something is wrong with.

    The market asks in the name of the person, from the day the visit was noted or the order placed.
    """
    connection = op.get_bind()
    uuid, text, money = sa.Uuid(), sa.String(), sa.BigInteger()
    moment = sa.DateTime(timezone=True)
    queried = sa.text(
        "SELECT v.id, v.order_id, v.query, v.amount_pence, v.due_pence, v.noted_at, o.person_id, "
        "o.provider_id, o.council_id, o.placed_at, u.name FROM order_visits v "
        "JOIN orders o ON o.id = v.order_id JOIN access_users u ON u.id = o.person_id "
        "WHERE v.state = 'queried' ORDER BY v.id"
    ).columns(
        *(sa.column("visit_id", uuid), sa.column("order_id", uuid), sa.column("words", text)),
        *(sa.column("amount", money), sa.column("due", money), sa.column("noted_at", moment)),
        *(sa.column("person_id", uuid), sa.column("provider_id", uuid)),
        *(sa.column("council_id", uuid), sa.column("placed_at", moment), sa.column("name", text)),
    )
    found = connection.execute(queried).mappings().all()
    ids = {row["visit_id"]: uuid4() for row in found}
    disputes = sa.table(
        "order_disputes",
        *(sa.column(name, uuid) for name in _IDS),
        *(sa.column(name, text) for name in ("kind", "words", "remedy", "state")),
        *(sa.column(name, text) for name in ("asked_by_name", "ended_by_name")),
        *(sa.column(name, money) for name in ("wanted_pence", "stake_pence", "claimed_pence")),
        sa.column("due_on", sa.Date()),
        sa.column("asked_at", moment),
        sa.column("last_number", sa.Integer()),
    )
    steps = sa.table(
        "order_dispute_steps",
        *(sa.column(name, uuid) for name in ("id", "dispute_id", "by_user_id")),
        *(sa.column(name, text) for name in ("kind", "side", "words", "by_name")),
        sa.column("amount_pence", money),
        sa.column("number", sa.Integer()),
        sa.column("at", moment),
    )
    if found:
        op.bulk_insert(disputes, [_dispute(row, ids[row["visit_id"]]) for row in found])
        op.bulk_insert(steps, [_first_step(row, ids[row["visit_id"]]) for row in found])


_IDS = (
    *("id", "order_id", "visit_id", "live_visit_id", "person_id", "provider_id", "council_id"),
    "asked_by_id",
)


def _dispute(row: Mapping[Any, Any], dispute_id: UUID) -> dict[str, object]:
    asked_at = row["noted_at"] or row["placed_at"]
    return {
        "id": dispute_id,
        "order_id": row["order_id"],
        "visit_id": row["visit_id"],
        "live_visit_id": row["visit_id"],
        "person_id": row["person_id"],
        "provider_id": row["provider_id"],
        "council_id": row["council_id"],
        "asked_by_id": row["person_id"],
        "kind": "other",
        "words": row["words"],
        "remedy": "nothing_due",
        "state": "asked",
        "asked_by_name": row["name"],
        "ended_by_name": "",
        "wanted_pence": 0,
        "stake_pence": row["amount"],
        "claimed_pence": row["amount"] if row["due"] is None else row["due"],
        "due_on": asked_at.date() + _LONG_ENOUGH,
        "asked_at": asked_at,
        "last_number": 1,
    }


def _first_step(row: Mapping[Any, Any], dispute_id: UUID) -> dict[str, object]:
    return {
        "id": uuid4(),
        "dispute_id": dispute_id,
        "by_user_id": row["person_id"],
        "kind": "asked",
        "side": "person",
        "words": row["words"],
        "by_name": row["name"],
        "amount_pence": 0,
        "number": 1,
        "at": row["noted_at"] or row["placed_at"],
    }
