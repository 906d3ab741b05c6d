"""What is due in the catalogue: full days that are over, days on sale, evidence that runs out."""

from datetime import datetime

from marketplace.catalogue import commands, queries
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day


def end_full_times(at: datetime) -> int:
    """Let stores be found as having room again once their day has passed; return how many."""
    with reading() as session:
        if not queries.some_no_longer_full(session, at=at):
            return 0
    with transaction() as session:
        return commands.end_full_times(session, at=at)


def keep_sale_days(at: datetime) -> int:
    """Put offers on sale on their first day, take them off after their last; return how many."""
    with reading() as session:
        if not queries.offers_to_move(session, on=local_day(at)):
            return 0
    with transaction() as session:
        return commands.keep_sale_days(session, at=at)


def remind_of_evidence(at: datetime) -> int:
    """Write to providers whose evidence runs out soon or today; return how many letters."""
    with reading() as session:
        if not queries.reminders_are_due(session, at=at):
            return 0
    with transaction() as session:
        return commands.remind_of_evidence(session, at=at)
