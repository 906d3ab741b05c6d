"""Paying what is due, day by day. Run by ``flask worker``."""

from datetime import datetime

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
