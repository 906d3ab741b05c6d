"""The index of PostgreSQL as it is searched with counts over many entries.

The older form is dropped with what was in it: an index can always be filled again, and the
program notices that it has to be.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"

_TRIGRAMS = "CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops)"
_WRITTEN = sa.text("(pg_current_xact_id()::text)::bigint")


def upgrade() -> None:
    """Make both tables anew."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_table("search_words")
    op.drop_table("search_entries")
    _make_entries()
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
    )
    _index_words()


def downgrade() -> None:
    """Make the older form again, empty."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_table("search_words")
    op.drop_table("search_entries")
    _make_older_entries()
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(30), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
    )
    _index_words()


def _make_entries() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("written", sa.BigInteger(), server_default=_WRITTEN, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    for name, column, using, unique in (
        ("slot", "slot", "btree", True),
        ("written", "written", "btree", False),
        ("tokens", "tokens", "gin", False),
    ):
        op.create_index(
            f"ix_search_entries_{name}",
            "search_entries",
            [column],
            unique=unique,
            postgresql_using=using,
        )


def _make_older_entries() -> None:
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


def _index_words() -> None:
    op.create_index(
        "ix_search_words_prefix",
        "search_words",
        ["word"],
        postgresql_ops={"word": "text_pattern_ops"},
    )
    try:
        with op.get_bind().begin_nested():
            op.execute(_TRIGRAMS)
    except sa.exc.DBAPIError:
        # A hosted database may not let us add extensions. Then first letters have to do.
        return
