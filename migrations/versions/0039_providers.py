"""Evidence with its papers, decisions and appeals, versions of offers, holidays and capacity."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked
from migrations.triggers import allow_changes, keep_columns, make_append_only

revision = "0039"
down_revision = "0038"

_EVIDENCE = {
    "issued_on": sa.Date(),
    "added_at": sa.DateTime(timezone=True),
    "taken_out_at": sa.DateTime(timezone=True),
    "reminded_days": sa.Integer(),
}
_NAMES = (
    ("catalogue_evidence", "added_by_name"),
    ("catalogue_evidence_checks", "checked_by_name"),
)
_SAID = {
    "provider_id": sa.Uuid(),
    "council_id": sa.Uuid(),
    "state": sa.String(),
    "reason": sa.String(),
    "since_at": sa.DateTime(timezone=True),
}
_KEPT = {
    "id": sa.Uuid(),
    "provider_id": sa.Uuid(),
    "council_id": sa.Uuid(),
    "number": sa.Integer(),
    "state": sa.String(),
    "reason": sa.String(),
    "by_name": sa.String(),
    "at": sa.DateTime(timezone=True),
}
_VERSION = ("offer_id", "number", "content", "changes", "by_user_id", "at")
_COUNTED = ("people_most", "hours_most", "people_now", "minutes_now")


def upgrade() -> None:
    """Make the tables; keep what councils said until now as their first decisions."""
    for name, kind in _EVIDENCE.items():
        op.add_column("catalogue_evidence", sa.Column(name, kind, nullable=True))
    for table, name in _NAMES:
        op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("catalogue_evidence_checks", sa.Column("taken_from_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE catalogue_evidence_checks SET checked_by_name = COALESCE((SELECT name FROM "
        "access_users WHERE access_users.id = catalogue_evidence_checks.checked_by_id), '')"
    )
    for name in _COUNTED:
        op.add_column("catalogue_providers", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column(
        "catalogue_providers", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True)
    )
    add_checked(
        "councils",
        "appeal_days",
        "INTEGER NOT NULL DEFAULT 28",
        check="appeal_days BETWEEN 7 AND 365",
        name="ck_councils_appeal_days",
    )
    _make_evidence_papers()
    _make_evidence_asks()
    _make_needed_evidence()
    _make_decisions()
    _make_appeals()
    _make_offer_versions()
    _make_breaks()
    _make_price_sheets()
    _keep_first_decisions()
    make_append_only("catalogue_decisions")
    # A name is taken away when whoever had it leaves; what an offer said is never changed.
    keep_columns("catalogue_offer_versions", _VERSION)


def downgrade() -> None:
    """Drop the tables and columns."""
    for table in ("catalogue_decisions", "catalogue_offer_versions"):
        allow_changes(table)
    for table in (
        "catalogue_price_sheets",
        "catalogue_breaks",
        "catalogue_offer_versions",
        "catalogue_appeals",
        "catalogue_decisions",
        "catalogue_needed_evidence",
        "catalogue_evidence_asks",
        "catalogue_evidence_papers",
    ):
        op.drop_table(table)
    op.drop_column("councils", "appeal_days")
    for name in (*_COUNTED, "counted_at"):
        op.drop_column("catalogue_providers", name)
    op.drop_column("catalogue_evidence_checks", "taken_from_id")
    for table, name in _NAMES:
        op.drop_column(table, name)
    for name in _EVIDENCE:
        op.drop_column("catalogue_evidence", name)


def _keep_first_decisions() -> None:
    standings, decisions = (
        sa.table(name, *(sa.column(each, kind) for each, kind in columns.items()))
        for name, columns in (
            ("catalogue_provider_councils", _SAID),
            ("catalogue_decisions", _KEPT),
        )
    )
    said = op.get_bind().execute(sa.select(standings).where(standings.c.state != "applied"))
    rows = [
        {
            "id": uuid4(),
            "provider_id": row.provider_id,
            "council_id": row.council_id,
            "number": 1,
            "state": row.state,
            "reason": row.reason,
            "by_name": "",
            "at": row.since_at,
        }
        for row in said
    ]
    if rows:
        op.bulk_insert(decisions, rows)


def _make_evidence_papers() -> None:
    op.create_table(
        "catalogue_evidence_papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["catalogue_evidence.id"],
            name="fk_catalogue_evidence_papers_evidence_id_catalogue_evidence",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_evidence_papers"),
        sa.UniqueConstraint("evidence_id", name="uq_catalogue_evidence_papers_evidence_id"),
    )


def _make_evidence_asks() -> None:
    op.create_table(
        "catalogue_evidence_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dbs",
                "insurance",
                "references",
                "training",
                "cqc",
                "other",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_evidence_asks_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_catalogue_evidence_asks_council_id_councils",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["access_users.id"],
            name="fk_catalogue_evidence_asks_asked_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_evidence_asks"),
    )
    op.create_index(
        "ix_catalogue_evidence_asks_provider_id",
        "catalogue_evidence_asks",
        ["provider_id", "council_id"],
        unique=False,
    )


def _make_needed_evidence() -> None:
    op.create_table(
        "catalogue_needed_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dbs",
                "insurance",
                "references",
                "training",
                "cqc",
                "other",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_catalogue_needed_evidence_council_id_councils",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_needed_evidence"),
        sa.UniqueConstraint(
            "council_id",
            "category",
            "kind",
            name="uq_catalogue_needed_evidence_council_id_category_kind",
        ),
    )


def _make_decisions() -> None:
    op.create_table(
        "catalogue_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "checked",
                "suspended",
                "rejected",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_catalogue_decisions_number_positive"),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_decisions_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_catalogue_decisions_council_id_councils",
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["access_users.id"],
            name="fk_catalogue_decisions_by_user_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_decisions"),
        sa.UniqueConstraint(
            "provider_id",
            "council_id",
            "number",
            name="uq_catalogue_decisions_provider_id_council_id_number",
        ),
    )


def _make_appeals() -> None:
    op.create_table(
        "catalogue_appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "upheld",
                "changed",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name="ck_catalogue_appeals_answered"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["catalogue_decisions.id"],
            name="fk_catalogue_appeals_decision_id_catalogue_decisions",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_appeals_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["councils.id"],
            name="fk_catalogue_appeals_council_id_councils",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["access_users.id"],
            name="fk_catalogue_appeals_asked_by_id_access_users",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["access_users.id"],
            name="fk_catalogue_appeals_answered_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_appeals"),
        sa.UniqueConstraint("decision_id", name="uq_catalogue_appeals_decision_id"),
    )
    op.create_index(
        "ix_catalogue_appeals_council_id_state",
        "catalogue_appeals",
        ["council_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_catalogue_appeals_provider_id", "catalogue_appeals", ["provider_id"], unique=False
    )


def _make_offer_versions() -> None:
    op.create_table(
        "catalogue_offer_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_catalogue_offer_versions_number_positive"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["catalogue_offers.id"],
            name="fk_catalogue_offer_versions_offer_id_catalogue_offers",
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["access_users.id"],
            name="fk_catalogue_offer_versions_by_user_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_offer_versions"),
        sa.UniqueConstraint(
            "offer_id", "number", name="uq_catalogue_offer_versions_offer_id_number"
        ),
    )


def _make_breaks() -> None:
    op.create_table(
        "catalogue_breaks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_before", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_before > starts_on", name="ck_catalogue_breaks_some_days"),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_breaks_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["access_users.id"],
            name="fk_catalogue_breaks_made_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_breaks"),
    )
    op.create_index(
        "ix_catalogue_breaks_provider_id",
        "catalogue_breaks",
        ["provider_id", "ends_before"],
        unique=False,
    )


def _make_price_sheets() -> None:
    op.create_table(
        "catalogue_price_sheets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=False),
        sa.Column("saved_by_name", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["catalogue_providers.id"],
            name="fk_catalogue_price_sheets_provider_id_catalogue_providers",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"],
            ["access_users.id"],
            name="fk_catalogue_price_sheets_saved_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_price_sheets"),
        sa.UniqueConstraint("provider_id", name="uq_catalogue_price_sheets_provider_id"),
    )
