"""Runs the numbered migrations inside the caller's transaction."""

import sys
from pathlib import Path

from alembic import context

from marketplace.kernel.model import Model

# The migrations share migrations.triggers, wherever the program was started from.
ROOT = str(Path(__file__).parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
