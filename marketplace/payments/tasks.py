"""What the worker does for payments."""

from datetime import datetime

from marketplace.database import reading, transaction
from marketplace.payments import commands, queries

AT_ONCE = 100


def post_bank_lines(at: datetime) -> int:
    """Book payments of statements that were taken in; each in a transaction of its own."""
    with reading() as session:
        line_ids = queries.lines_to_post(session, limit=AT_ONCE)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_line(session, line_id=line_id, at=at)
    return done
