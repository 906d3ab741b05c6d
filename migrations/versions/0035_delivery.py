"""When visits were, how long, who said so from a phone, and the pictures that came with notes."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import add_checked

revision = "0035"
down_revision = "0034"

_MOMENTS = ("began_at", "arrived_at", "arrived_said_at", "left_at", "left_said_at")
_DELIVERED = "('full', 'part')"


def upgrade() -> None:
    """Add the columns and tables; what was delivered before was when it was planned."""
    add_checked(
        "order_visits",
        "minutes",
        "INTEGER",
        check="minutes IS NULL OR minutes > 0",
        name="ck_order_visits_minutes_positive",
    )
    for column in _MOMENTS:
        op.add_column("order_visits", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE order_visits SET began_at = planned_at WHERE note_kind IN {_DELIVERED}")
    op.create_index("ix_order_visits_worker", "order_visits", ["worker", "began_at"])
    op.create_table(
        "order_visit_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["order_visits.id"], name="fk_order_visit_photos_visit_id_order_visits"
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["access_users.id"],
            name="fk_order_visit_photos_added_by_id_access_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_visit_photos"),
        sa.UniqueConstraint("visit_id", name="uq_order_visit_photos_visit_id"),
    )
    op.create_table(
        "order_phone_deeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["order_visits.id"], name="fk_order_phone_deeds_visit_id_order_visits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_phone_deeds"),
    )
    op.create_index("ix_order_phone_deeds_visit_id", "order_phone_deeds", ["visit_id"])


def downgrade() -> None:
    """Forget pictures, keys and times of notes; what became of each visit stays."""
    op.drop_table("order_phone_deeds")
    op.drop_table("order_visit_photos")
    op.drop_index("ix_order_visits_worker", table_name="order_visits")
    for column in reversed(_MOMENTS):
        op.drop_column("order_visits", column)
    op.drop_column("order_visits", "minutes")
