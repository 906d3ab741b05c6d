"""What is due in the catalogue: stores whose full days are over."""

from datetime import datetime

from marketplace.catalogue import commands, queries
from marketplace.database import reading, transaction


def end_full_times(at: datetime) -> int:
    """Let stores be found as having room again once their day has passed; return how many."""
    with reading() as session:
        if not queries.some_no_longer_full(session, at=at):
            return 0
    with transaction() as session:
        return commands.end_full_times(session, at=at)
