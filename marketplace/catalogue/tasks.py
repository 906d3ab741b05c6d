"""What is due in the catalogue: stores whose full days are over, evidence that runs out."""

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


def remind_of_evidence(at: datetime) -> int:
    """Write to providers whose evidence runs out soon or today; return how many letters."""
    with reading() as session:
        if not queries.reminders_are_due(session, at=at):
            return 0
    with transaction() as session:
        return commands.remind_of_evidence(session, at=at)
