"""Own money back to cards, what banks of cards want back, regular payments, paying by transfer."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked
from migrations.triggers import allow_changes, keep_columns

revision = "0037"
down_revision = "0036"

_KEPT = ("id", "person_id", "council_id", "line_id", "amount_pence", "owed_at")


def upgrade() -> None:
    """Make the tables, and note which payment each card payment was."""
    _make_connect_accounts()
    _make_paying_ways()
    _make_regulars()
    _make_card_disputes()
    _make_card_refunds()
    _make_sendings()
    op.add_column(
        "budget_owed_refunds",
        sa.Column("by_card", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    add_checked(
        "budget_owed_refunds",
        "parted_pence",
        "BIGINT NOT NULL DEFAULT 0",
        check="parted_pence >= 0 AND parted_pence < amount_pence",
        name="ck_budget_owed_refunds_parted",
    )
    _change_top_ups()


def downgrade() -> None:
    """Drop the tables; what goes back to a card is owed like any other own money again."""
    for column in ("regular_id", "payment"):
        op.drop_index(f"ix_payment_top_ups_{column}", "payment_top_ups")
        op.drop_column("payment_top_ups", column)
    # A part that goes to a card stays owed under its own id, so the rest is what is left.
    allow_changes("budget_owed_refunds")
    op.execute("UPDATE budget_owed_refunds SET amount_pence = amount_pence - parted_pence")
    keep_columns("budget_owed_refunds", _KEPT)
    for column in ("parted_pence", "by_card"):
        op.drop_column("budget_owed_refunds", column)
    for table in (
        *("payment_sendings", "payment_card_refunds", "payment_card_disputes"),
        *("payment_regulars", "payment_paying_ways", "payment_connect_accounts"),
    ):
        op.drop_table(table)


def _change_top_ups() -> None:
    table = "payment_top_ups"
    op.add_column(table, sa.Column("payment", sa.String(), nullable=True))
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN regular_id {kind} CONSTRAINT "
        "fk_payment_top_ups_regular_id_payment_regulars REFERENCES payment_regulars (id)"
    )
    for column in ("payment", "regular_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    _note_payments()


def _note_payments() -> None:
    """Say of each payment that has come what the card company calls it, as its message said."""
    events = sa.table(
        "payment_card_events",
        sa.column("top_up_id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("facts", sa.JSON()),
        sa.column("came_at", sa.DateTime(timezone=True)),
    )
    top_ups = sa.table(
        "payment_top_ups", sa.column("id", sa.Uuid()), sa.column("payment", sa.String())
    )
    said = (
        sa.select(events.c.top_up_id, events.c.facts)
        .where(events.c.top_up_id.is_not(None), events.c.kind.like("checkout.session.%"))
        .order_by(events.c.came_at)
    )
    for top_up_id, facts in op.get_bind().execute(said).all():
        if facts.get("payment"):
            op.execute(
                top_ups.update().where(top_ups.c.id == top_up_id).values(payment=facts["payment"])
            )


def _make_connect_accounts() -> None:
    op.create_table(
        "payment_connect_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("began_by_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT ready OR account_id IS NOT NULL", name="ck_payment_connect_accounts_ready"
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["catalogue_providers.id"],
            name="fk_payment_connect_accounts_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["began_by_id"],
            ["access_users.id"],
            name="fk_payment_connect_accounts_began_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_connect_accounts"),
        sa.UniqueConstraint("account_id", name="uq_payment_connect_accounts_account_id"),
    )


def _make_paying_ways() -> None:
    op.create_table(
        "payment_paying_ways",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by_transfer", sa.Boolean(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_by_name", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["councils.id"], name="fk_payment_paying_ways_id_councils"),
        sa.ForeignKeyConstraint(
            ["said_by_id"],
            ["access_users.id"],
            name="fk_payment_paying_ways_said_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_paying_ways"),
    )


def _make_regulars() -> None:
    op.create_table(
        "payment_regulars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "every",
            sa.Enum(
                "four_weeks",
                "month",
                name="every",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "on",
                "stopped",
                name="regularstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("page_url", sa.String(), nullable=True),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'stopped') = (stopped_at IS NOT NULL)", name="ck_payment_regulars_stopped"
        ),
        sa.CheckConstraint(
            "state <> 'on' OR (method IS NOT NULL AND next_on IS NOT NULL)",
            name="ck_payment_regulars_on",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_regulars_amount_positive"),
        sa.CheckConstraint("failures >= 0", name="ck_payment_regulars_failures_not_negative"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_users.id"], name="fk_payment_regulars_person_id_access_users"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_regulars_council_id_councils"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["access_users.id"],
            name="fk_payment_regulars_asked_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_regulars"),
        sa.UniqueConstraint("session_id", name="uq_payment_regulars_session_id"),
    )
    op.create_index(
        "ix_payment_regulars_person_id", "payment_regulars", ["person_id"], unique=False
    )
    op.create_index(
        "ix_payment_regulars_state", "payment_regulars", ["state", "next_on"], unique=False
    )


def _make_card_disputes() -> None:
    op.create_table(
        "payment_card_disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=False),
        sa.Column("top_up_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asks",
                "open",
                "won",
                "lost",
                "ended",
                name="disputestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("times_held", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_name = '')", name="ck_payment_card_disputes_settled"
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_card_disputes_amount_positive"),
        sa.CheckConstraint(
            "held_pence >= 0 AND held_pence <= amount_pence", name="ck_payment_card_disputes_held"
        ),
        sa.ForeignKeyConstraint(
            ["top_up_id"],
            ["payment_top_ups.id"],
            name="fk_payment_card_disputes_top_up_id_payment_top_ups",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_card_disputes_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_card_disputes"),
        sa.UniqueConstraint("dispute_id", name="uq_payment_card_disputes_dispute_id"),
    )
    op.create_index(
        "ix_payment_card_disputes_council_id",
        "payment_card_disputes",
        ["council_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_payment_card_disputes_top_up_id", "payment_card_disputes", ["top_up_id"], unique=False
    )


def _make_card_refunds() -> None:
    op.create_table(
        "payment_card_refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("top_up_id", sa.Uuid(), nullable=False),
        sa.Column("owed_id", sa.Uuid(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "sent",
                "done",
                "refused",
                "failed",
                name="cardrefundstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("refund_id", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'asked' OR done_at IS NULL", name="ck_payment_card_refunds_done"
        ),
        sa.CheckConstraint(
            "state <> 'done' OR refund_id IS NOT NULL",
            name="ck_payment_card_refunds_known_when_done",
        ),
        sa.CheckConstraint("amount_pence > 0", name="ck_payment_card_refunds_amount_positive"),
        sa.ForeignKeyConstraint(
            ["top_up_id"],
            ["payment_top_ups.id"],
            name="fk_payment_card_refunds_top_up_id_payment_top_ups",
        ),
        sa.ForeignKeyConstraint(
            ["owed_id"],
            ["budget_owed_refunds.id"],
            name="fk_payment_card_refunds_owed_id_budget_owed_refunds",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_card_refunds"),
        sa.UniqueConstraint("owed_id", name="uq_payment_card_refunds_owed_id"),
        sa.UniqueConstraint("refund_id", name="uq_payment_card_refunds_refund_id"),
    )
    op.create_index(
        "ix_payment_card_refunds_state", "payment_card_refunds", ["state"], unique=False
    )
    op.create_index(
        "ix_payment_card_refunds_top_up_id", "payment_card_refunds", ["top_up_id"], unique=False
    )


def _make_sendings() -> None:
    op.create_table(
        "payment_sendings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "done",
                "refused",
                "reversed",
                name="sendingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("transfer_id", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'done' OR transfer_id IS NOT NULL", name="ck_payment_sendings_known_when_done"
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["payment_items.id"], name="fk_payment_sendings_id_payment_items"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["councils.id"], name="fk_payment_sendings_council_id_councils"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_sendings"),
        sa.UniqueConstraint("key", name="uq_payment_sendings_key"),
        sa.UniqueConstraint("transfer_id", name="uq_payment_sendings_transfer_id"),
    )
    op.create_index("ix_payment_sendings_state", "payment_sendings", ["state"], unique=False)
