"""Paying what is due, day by day. Run by ``flask worker``."""

from datetime import datetime, timedelta

from marketplace.budgets import commands, queries
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day


def pay_instalments(at: datetime) -> int:
    """Pay one batch of instalments that are due and return how many lines it was.

    Each batch is a transaction of its own: stopped in between, what was paid stays paid, and the
    rest is paid the next time.
    """
    with reading() as session:
        if not queries.instalments_are_due(session, on=local_day(at)):
            return 0  # nobody who writes has to wait for a worker that has nothing to write
    with transaction() as session:
        return commands.pay_due_instalments(session, on=local_day(at), at=at)


COUNTS_EVERY_MINUTES = 5


def count_weeks(at: datetime) -> int:
    """Count what some people spent in the weeks that are over, for their forecast."""
    if at.minute % COUNTS_EVERY_MINUTES:
        return 0  # once a week there is something to count; looking for it costs a little
    week = queries.this_monday(at) - timedelta(days=7)
    with reading() as session:
        if not queries.people_to_count(session, week=week, limit=1):
            return 0
    with transaction() as session:
        return commands.count_weeks(session, at=at)


def tell_alerts(at: datetime) -> int:
    """Write to some people what they want to be told about money, and return how many wishes."""
    with reading() as session:
        if not queries.alerts_to_look_at(session, before_at=at - commands.LOOKED_EVERY):
            return 0
    with transaction() as session:
        return commands.tell_alerts(session, at=at)
