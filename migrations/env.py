"""Runs the numbered migrations inside the caller's transaction."""

import sys
from pathlib import Path

from alembic import context
from sqlalchemy import Constraint, MetaData, Table

# The migrations share migrations.triggers, wherever the program was started from.
ROOT = str(Path(__file__).parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


def full_constraint_name(constraint: Constraint, table: Table) -> str:
    """Put a check's kind and table before its name, unless it was written in full."""
    name = str(constraint.name)
    return name if name.startswith("ck_") else f"ck_{table.name}_{name}"


NAMES = MetaData(
    naming_convention={
        "full_constraint_name": full_constraint_name,
        "ck": "%(full_constraint_name)s",
    }
)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=NAMES,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
