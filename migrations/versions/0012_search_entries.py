"""The search index, on PostgreSQL; the embedded database has its index in files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_TRIGRAMS = "CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops)"


def upgrade() -> None:
    """Make the tables."""
    if op.get_bind().dialect.name != "postgresql":
        return
    _make_entries()
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(30), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
    )
    op.create_index(
        "ix_search_words_prefix",
        "search_words",
        ["word"],
        postgresql_ops={"word": "varchar_pattern_ops"},
    )
    _add_trigrams()


def downgrade() -> None:
    """Drop the tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("search_words")
        op.drop_table("search_entries")


def _make_entries() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("councils", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("reach_metres", sa.Integer(), nullable=True),
        sa.Column("price_pence", sa.Integer(), nullable=True),
        sa.Column("rating_tenths", sa.Integer(), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("comes_last", sa.Boolean(), nullable=False),
        sa.Column("tokens", postgresql.TSVECTOR(), nullable=False),
        sa.Column("spellings", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("recipe", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    for name, columns, using in (
        ("tokens", ["tokens"], "gin"),
        ("tags", ["tags"], "gin"),
        ("place", ["easting", "northing"], "btree"),
        ("recipe", ["recipe"], "btree"),
    ):
        op.create_index(
            f"ix_search_entries_{name}", "search_entries", columns, postgresql_using=using
        )


def _add_trigrams() -> None:
    """Find words that look alike by their pieces, where the database lets us."""
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute(_TRIGRAMS)
    except sa.exc.DBAPIError:
        # A hosted database may not let us add extensions. Then first letters have to do.
        return
