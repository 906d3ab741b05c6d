"""What the worker does for payments."""

from datetime import datetime

from marketplace.councils.queries import councils
from marketplace.database import reading, transaction
from marketplace.kernel import sort_codes
from marketplace.kernel.clock import LONDON, local_day
from marketplace.payments import commands, queries

AT_ONCE = 100
PROPOSES_FROM_HOUR = 6
"""Local time: officers find the day's run when they come to work."""


def post_bank_lines(at: datetime) -> int:
    """Book payments of statements that were taken in; each in a transaction of its own."""
    with reading() as session:
        line_ids = queries.lines_to_post(session, limit=AT_ONCE)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_line(session, line_id=line_id, at=at)
    return done + _settle(at)


def _settle(at: datetime) -> int:
    """Settle what the statements say of our own payments."""
    with reading() as session:
        line_ids = queries.out_lines_to_post(session, limit=AT_ONCE)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_out_line(session, line_id=line_id, at=at)
    return done


def propose_runs(at: datetime) -> int:
    """Propose, once a day for each council, what can be paid; officers decide about it."""
    if at.astimezone(LONDON).hour < PROPOSES_FROM_HOUR:
        return 0
    with reading() as session:
        done = queries.looked_at(session, on=local_day(at))
        waiting = [card.id for card in councils(session) if card.id not in done]
    made = 0
    for council_id in waiting:
        with transaction() as session:
            run_id = commands.propose_daily(
                session, council_id=council_id, at=at, tables=sort_codes.installed()
            )
        made += run_id is not None
    return made
