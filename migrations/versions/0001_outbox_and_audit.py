"""The outbox, and the audit trail that only grows."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import make_append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("for_person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("sequence > 0", name="ck_audit_entries_sequence_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.UniqueConstraint("chain_id", "sequence", name="uq_audit_entries_chain_id_sequence"),
    )
    op.create_index("ix_audit_entries_by_user_id", "audit_entries", ["by_user_id"], unique=False)
    op.create_index("ix_audit_entries_subject_id", "audit_entries", ["subject_id"], unique=False)
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_heads"),
    )
    op.create_table(
        "outbox_index_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_index_changes"),
    )
    op.create_index(
        "ix_outbox_index_changes_asked_at", "outbox_index_changes", ["asked_at"], unique=False
    )
    op.create_table(
        "outbox_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_refusal", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_letters"),
        sa.UniqueConstraint("key", name="uq_outbox_letters_key"),
    )
    op.create_index("ix_outbox_letters_due", "outbox_letters", ["sent_at", "due_at"], unique=False)
    make_append_only("audit_entries")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("outbox_letters")
    op.drop_table("outbox_index_changes")
    op.drop_table("audit_heads")
    op.drop_table("audit_entries")
